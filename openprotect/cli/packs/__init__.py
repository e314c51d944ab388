"""`openprotect pack WORD …`: is a pack sound, proven, what does it say, what would change?"""

import argparse
from collections.abc import Callable
from typing import Final

from openprotect.cli.packs import differing, judging, moving, replaying

Run = Callable[[argparse.Namespace], int]
PARTS: Final = (judging, differing, replaying, moving)


def arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="what", required=True, metavar="WORD")
    for part in PARTS:
        part.arguments(words)


def run(options: argparse.Namespace) -> int:
    chosen: Run = options.run
    return chosen(options)
