"""`openprotect lake show|build|check|sweep|deprivation`: what the records hold, and its upkeep."""

import argparse
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from openprotect.base import clock
from openprotect.cohorts.models import Run
from openprotect.records import lake, queries, reference, store
from openprotect.records.actions.retiring import retire
from openprotect.records.lake import Generation
from openprotect.records.readers import deprivation
from openprotect.records.stock import Stock, size, stock
from openprotect.records.store import StoreDamaged

AREAS = Path(__file__).parents[2] / "demo" / "places" / "lsoa-2011-imd-2019-norfolk-waveney.csv"


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("show", help="sources with their rows, bytes and age, and the store")
    what.add_parser("build", help="sort the present records for cohort runs, as every night")
    what.add_parser("check", help="read every file whole and hold it against its digest")
    sweep = what.add_parser("sweep", help="let go of past states that nothing asks for")
    sweep.add_argument("--dry-run", action="store_true", help="only say what would go")
    table = what.add_parser("deprivation", help="take in how deprived each small area is")
    table.add_argument("file", nargs="?", type=Path, default=AREAS)


def run(options: argparse.Namespace) -> int:
    folder = settings.OPENPROTECT.lake
    match options.what:
        case "build":
            lines = _build(folder)
        case "check":
            lines = _check(folder)
        case "sweep":
            lines = _sweep(folder, dry_run=options.dry_run)
        case "deprivation":
            lines = iter([take_areas(folder, options.file, at=clock.now())])
        case _:
            lines = _show(folder)
    for line in lines:
        print(line)
    return 0


def _show(folder: Path) -> Iterator[str]:
    present = queries.present_lake(folder)
    yield f"generation {present.id}: {_people(present):,} people, {size(present):,} bytes"
    ages = {source: (extract, newest) for source, extract, newest in queries.ages()}
    for each in stock(present, spill=folder):
        extract, newest = ages.get(each.source, (None, None))
        yield f"  {_counted(each)}; {_age('extract of', extract)}, {_age('newest event', newest)}"
    table = reference.deprivation(folder)
    yield f"deprivation: {f'{table.rows:,} areas, {table.name}' if table else 'no table'}"
    yield f"store: {_store(folder, present)}"


def _people(generation: Generation) -> int:
    return sum(rows for name, rows in generation.rows.items() if name.startswith("people"))


def _counted(each: Stock) -> str:
    return (
        f"{each.source or 'several sources'}: {each.rows:,} events count, of {each.delivered:,} in"
        f" {each.parts:,} part{'s' if each.parts != 1 else ''}, {each.bytes:,} bytes"
    )


def _age(what: str, day: date | None) -> str:
    return f"{what} {day.isoformat()}" if day else f"{what} not said"


def _store(folder: Path, present: Generation) -> str:
    try:
        found = store.open_store(folder, present.id)
    except StoreDamaged as why:
        return str(why)
    return f"{found.rows['coded']:,} events of {found.rows['codes']:,} codes, {found.bytes:,} bytes"


def _build(folder: Path) -> Iterator[str]:
    built = queries.present_store(folder)
    yield f"store of {built.generation_id}: {built.rows['coded']:,} events, {built.bytes:,} bytes"


def _check(folder: Path) -> Iterator[str]:
    present = queries.present_lake(folder)
    lake.check(present)
    yield f"generation {present.id}: every file is as it was written, {size(present):,} bytes"
    try:
        found = store.open_store(folder, present.id)
    except StoreDamaged as why:
        yield f"store: {why}"
        return
    store.check(found)
    yield f"store: as it was built, {found.bytes:,} bytes"


def _sweep(folder: Path, *, dry_run: bool) -> Iterator[str]:
    cited = frozenset(Run.objects.values_list("generation", flat=True))
    retired = retire(folder, cited, at=clock.now(), dry_run=dry_run)
    does = "would be removed" if dry_run else "removed"
    for each in retired:
        what = "store alone" if each.is_store_only else "generation"
        yield f"{each.generation}: {what} {does}, {each.bytes:,} bytes"
    yield f"{len(retired):,} {does}, {sum(each.bytes for each in retired):,} bytes"


def take_areas(folder: Path, file: Path, *, at: datetime) -> str:
    """Use this table of deprivation from now on; says what it is."""
    areas = deprivation.read(file)
    table = reference.keep_deprivation(folder, areas, name=file.name, at=at)
    return f"areas {table.rows:,}, in use from {table.used_from:%d %B %Y}: {table.name}"
