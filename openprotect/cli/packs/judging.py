"""`pack check|test|rules FOLDER…`: what is wrong, what the cards prove, whom the rules find."""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from openprotect.packs import rule_table
from openprotect.packs.checking import Verdict, check_folder
from openprotect.packs.loading import MANIFEST, load_rules
from openprotect.packs.problems import PackRefused
from openprotect.packs.proving import Proof, total, try_folder

MEANINGS: Final = {
    "check": "problems, each with its file, row and column; 1 when the pack is refused",
    "test": "play all cards and journeys, and make every slip; 1 when one is wrong or not tried",
    "rules": "whom it looks for, as a table in plain words",
}


def arguments(words: Any) -> None:
    for word, meaning in MEANINGS.items():
        parser = words.add_parser(word, help=meaning, description=meaning)
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
        parser.set_defaults(run=run)
        if word == "rules":
            parser.add_argument("--markdown", action="store_true", help="as a Markdown document")


def run(options: argparse.Namespace) -> int:
    markdown = getattr(options, "markdown", False)
    packs = [each for each in options.folders if not _only_lends(each)]
    for each in options.folders:
        if each not in packs:
            print(f"{each.name}: lists that packs borrow; there is no pack in it")
    verdicts = [verdict_of(options.what, each, markdown=markdown) for each in packs]
    for verdict in verdicts:
        print("\n".join(_lines(verdict)))
    if options.what == "test" and len(verdicts) > 1:
        print(total([each for each in verdicts if isinstance(each, Proof)]))
    return max((0 if each.is_well else 1 for each in verdicts), default=0)


def verdict_of(what: str, folder: Path, *, markdown: bool = False) -> Verdict | Proof:
    supplied = settings.OPENPROTECT.codelists
    if what == "rules":
        return _rules(folder, supplied, markdown=markdown)
    return try_folder(folder, supplied) if what == "test" else check_folder(folder, supplied)


def _only_lends(folder: Path) -> bool:
    """`packs/*` also names the folder of lists that packs borrow."""
    return folder.name == "shared" and folder.is_dir() and not (folder / MANIFEST).exists()


def _lines(verdict: Verdict | Proof) -> Sequence[str]:
    return tuple(verdict.lines()) if isinstance(verdict, Proof) else verdict.lines


def _rules(folder: Path, supplied: Path, *, markdown: bool) -> Verdict:
    try:
        rules = load_rules(folder, supplied)
    except PackRefused as refusal:
        return Verdict(tuple(str(problem) for problem in refusal.problems), False)
    width = shutil.get_terminal_size((120, 40)).columns
    lines = rule_table.as_markdown(rules) if markdown else rule_table.as_text(rules, width)
    return Verdict(tuple(lines), True)
