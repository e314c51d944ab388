"""`openprotect pack check|test|rules FOLDER…`: is a pack sound, right, and what does it say?"""

import argparse
import shutil
from pathlib import Path

from django.conf import settings

from openprotect.packs import rule_table
from openprotect.packs.checking import Verdict, check_folder, try_folder
from openprotect.packs.loading import load_rules
from openprotect.packs.problems import PackRefused

WHAT = {"check": check_folder, "test": try_folder}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=sorted([*WHAT, "rules"]),
        help="check: problems; test: play the cards; rules: whom it looks for, in plain words",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--markdown", action="store_true", help="rules: as a Markdown document")


def run(options: argparse.Namespace) -> int:
    verdicts = [
        verdict_of(options.what, folder, markdown=options.markdown) for folder in options.folders
    ]
    for verdict in verdicts:
        print("\n".join(verdict.lines))
    return max(verdict.exit_code for verdict in verdicts)


def verdict_of(what: str, folder: Path, *, markdown: bool = False) -> Verdict:
    if what == "rules":
        return _rules(folder, markdown=markdown)
    return WHAT[what](folder, settings.OPENPROTECT.codelists)


def _rules(folder: Path, *, markdown: bool) -> Verdict:
    try:
        rules = load_rules(folder, settings.OPENPROTECT.codelists)
    except PackRefused as refusal:
        return Verdict(tuple(str(problem) for problem in refusal.problems), False)
    width = shutil.get_terminal_size((120, 40)).columns
    lines = rule_table.as_markdown(rules) if markdown else rule_table.as_text(rules, width)
    return Verdict(tuple(lines), True)
