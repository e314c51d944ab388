"""`openprotect pack check|test FOLDER…`: is a pack sound, and do its scenario cards come out?"""

import argparse
from pathlib import Path

from django.conf import settings

from openprotect.packs.checking import Verdict, check_folder, try_folder

WHAT = {"check": check_folder, "test": try_folder}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=sorted(WHAT), help="check: problems; test: play the cards")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")


def run(options: argparse.Namespace) -> int:
    verdicts = [verdict_of(options.what, folder) for folder in options.folders]
    for verdict in verdicts:
        print("\n".join(verdict.lines))
    return max(verdict.exit_code for verdict in verdicts)


def verdict_of(what: str, folder: Path) -> Verdict:
    return WHAT[what](folder, settings.OPENPROTECT.codelists)
