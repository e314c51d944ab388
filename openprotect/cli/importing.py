"""`openprotect import FILE…`: take in an extract, and say what became of every row."""

import argparse
import getpass
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli import elsewhere, reviewing
from openprotect.cli.lake import AREAS, take_areas
from openprotect.cli.places import SHIPPED
from openprotect.cli.reviewing import WAITS
from openprotect.cli.telling import told
from openprotect.places import queries as places
from openprotect.places.actions import import_places
from openprotect.records import actions, reference
from openprotect.records.actions import Options
from openprotect.records.readers.csv_text import ENCODINGS, Declared
from openprotect.records.readers.sorting import OTHER, Pile
from openprotect.records.rules import identity
from openprotect.records.rules.dates import ORDERS
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.reasons import FileRefused

REFUSED = 1
IN_EACH = 2  # practices of each locality that made-up people are with, so that each has several


class DemoOnly(Refused):
    """Made-up identities are for demonstrations, never beside real people."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        help="files or folders of any kind that docs/imports.md names",
    )
    parser.add_argument("--source", default="", help="a short name of the sender")
    parser.add_argument("--extract-on", default="", help="the day of the extract, yyyy-mm-dd")
    parser.add_argument("--dates", choices=ORDERS, default=ORDERS[0], help="how dates are written")
    parser.add_argument("--encoding", choices=sorted(ENCODINGS), default="utf-8")
    parser.add_argument("--whole", action="store_true", help="everybody whom the sender knows")
    reviewing.arguments(parser)
    parser.add_argument(
        "--synthetic-identities",
        action="store_true",
        help="give made-up people numbers of the 999 range and a practice (demonstration only)",
    )


def run(options: argparse.Namespace) -> int:
    """0 when all was taken, 3 when some must be looked at first, 1 when some was refused."""
    by = options.by or getpass.getuser()
    if reviewing.is_asked(options):
        return reviewing.run(options, by=by, at=clock.now())
    if not options.files:
        raise Refused("Name the files or the folder to import.")
    at = clock.now()
    piles, passed_over = actions.sort(
        options.files, _declared(options), folder=settings.OPENPROTECT.lake, today=at.date()
    )
    ends = [_take(pile, len(piles), options, by=by, at=at) for pile in piles]
    if passed_over:
        print(f"passed over, not of a kind that is read: {', '.join(passed_over[:20])}")
    actions.sweep(settings.OPENPROTECT.lake, at=at)
    return max(ends)


def _take(pile: Pile, piles: int, options: argparse.Namespace, *, by: str, at: datetime) -> int:
    """Take in the files of one kind, say what became of them, and how that ended."""
    if pile.kind == OTHER:
        here = settings.OPENPROTECT
        others = elsewhere.take_in(pile.paths, options.files, home=here.home, at=at, demo=here.demo)
        print("\n".join(others.said))
        return REFUSED if others.refused else 0
    # Named alone, a folder keeps its name for what was passed over in it.
    paths = options.files if piles == 1 else pile.paths
    try:
        taken = actions.take_in(
            paths,
            Options(
                source=options.source,
                declared=_declared(options),
                synthetic=settings.OPENPROTECT.synthetic,
                practices=_practices(options.synthetic_identities),
                permitted=_permitted(),
                review=options.review,
                stops=reviewing.limits(),
            ),
            folder=settings.OPENPROTECT.lake,
            today=at.date(),
            by=by,
            at=at,
        )
    except FileRefused as why:
        if piles == 1:
            raise
        print(f"refused {why}")
        return REFUSED
    print("\n".join(told(taken.changeset, taken.refused)))
    return WAITS if taken.changeset.is_open else 0


def _permitted() -> frozenset[str]:
    """Kinds of records that need a legal basis of their own, and have one here."""
    return frozenset({"social"} if settings.OPENPROTECT.social_care_basis else ())


def _declared(options: argparse.Namespace) -> Declared:
    declared = Declared(dates=options.dates, encoding=options.encoding, whole=options.whole)
    if options.extract_on:
        declared.learn(f"#openprotect extract-on={options.extract_on}", "--extract-on")
    return declared


def _practices(wanted: bool) -> Sequence[Practice]:
    """Where made-up people are registered; nobody is made up when that is not wanted."""
    if not wanted:
        return ()
    if not settings.OPENPROTECT.synthetic:
        raise DemoOnly(
            "--synthetic-identities is for demonstrations and refused here, because this "
            "installation is live. On a machine that holds no real records, set "
            "OPENPROTECT_MODE=demo and run the same command again."
        )
    at = clock.now()
    if reference.deprivation(settings.OPENPROTECT.lake) is None:
        take_areas(settings.OPENPROTECT.lake, AREAS, at=at)
    practices = _a_few_everywhere(at.date())
    if not practices:
        import_places(SHIPPED, at=at, demo=True)
        print("places: none were known, so those of the demonstration were brought in")
        practices = _a_few_everywhere(at.date())
    return practices


def _a_few_everywhere(on: date) -> list[Practice]:
    """Some practices of every locality, always the same ones."""
    where = places.locality_by_practice(on)
    chosen: Counter[object] = Counter()
    few = []
    for each in sorted(places.open_practices(on), key=lambda practice: practice.code):
        locality = where.get(each.pk)
        if locality and chosen[locality] < IN_EACH:
            chosen[locality] += 1
            few.append(Practice(each.code, each.postcode, _areas_near(each.postcode)))
    return few


def _areas_near(postcode: str) -> list[str]:
    """Where its people live, of the areas whose deprivation is known."""
    table = reference.deprivation(settings.OPENPROTECT.lake)
    near = identity.districts(postcode)
    areas = reference.areas(table) if table else ()
    return sorted(area.lsoa for area in areas if area.district in near)
