"""`openprotect places import [FOLDER]`: bring in organisations, networks, localities and teams."""

import argparse
from collections import Counter
from pathlib import Path

from django.conf import settings

from openprotect.base.clock import now
from openprotect.places.actions import Imported, import_places
from openprotect.places.rules import Rejected

SHIPPED = Path(__file__).parents[2] / "demo" / "places"
DOES_NOT_BALANCE = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["import"])
    parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED)
    parser.add_argument("--rejected", action="store_true", help="list every row left out")


def run(options: argparse.Namespace) -> int:
    imported = import_places(options.folder, at=now(), demo=settings.OPENPROTECT.demo)
    print("\n".join(report(imported, every_row=options.rejected)))
    return 0 if imported.balances else DOES_NOT_BALANCE


def report(imported: Imported, *, every_row: bool) -> list[str]:
    """An equation for each file, why rows were left out, and what does not fit together."""
    why = list(map(str, imported.rejected)) if every_row else _reasons(imported.rejected)
    return [
        *map(str, imported.tallies),
        *(f"  rejected: {line}" for line in why),
        *(f"  note: {line}" for line in imported.notes),
    ]


def _reasons(rejected: tuple[Rejected, ...]) -> list[str]:
    counts = Counter((each.source, each.reason) for each in rejected)
    return [f"{count} of {source}: {reason}" for (source, reason), count in counts.items()]
