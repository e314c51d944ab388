"""`pack diff OLD NEW`: what is different between two versions, in plain words."""

import argparse
from typing import Any

from openprotect.cli.packs.naming import MEANT, named_pack
from openprotect.packs.differences import differences


def arguments(words: Any) -> None:
    meaning = "what is different between two versions, in plain words"
    parser = words.add_parser("diff", help=meaning, description=meaning)
    parser.add_argument("old", metavar="OLD", help=MEANT)
    parser.add_argument("new", metavar="NEW", help=MEANT)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    old, new = named_pack(options.old), named_pack(options.new)
    found = differences(old, new)
    for each in found:
        print(each)
    grave = sum(each.is_grave for each in found)
    print(
        f"{old.key} {old.version} to {new.key} {new.version}: {len(found)} differences"
        f"{f', {grave} of them grave (!): whoever signs must give the reason' if grave else ''}"
    )
    return 0
