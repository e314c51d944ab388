"""`openprotect cohort run|runs|diff|try|explain`: whom a pack's rules find, and why."""

import argparse
import getpass
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from openprotect.base import clock
from openprotect.cli.cohorts import differing, explaining, listing, trying
from openprotect.cli.cohorts.choosing import LATEST, pack_called, rules_of, run_called
from openprotect.cli.cohorts.repeating import repeat
from openprotect.cohorts import engine
from openprotect.cohorts.actions import keep_difference, keep_run
from openprotect.cohorts.engine import ENGINES, Findings
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.packs import Pack, Register
from openprotect.pathway.door import enrol_run, is_behind
from openprotect.programmes.queries import programme
from openprotect.records.history import store_at
from openprotect.records.queries import present_store
from openprotect.records.store import Store

MOST_PRACTICES = 20
REPEATED = "on the records of an earlier day: nothing was kept, and nobody enrolled"


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    again = what.add_parser("run", help="find people, keep the run, and enrol them")
    again.add_argument("pack", nargs="?")
    again.add_argument("--engine", choices=ENGINES, help="OPENPROTECT_ENGINE if not said")
    again.add_argument("--repeat", metavar="RUN", help="ask a run's rules of its records again")
    again.add_argument(
        "--records-of",
        type=_day,
        metavar="DAY",
        help="ask the records as they were at the end of that day, and keep nothing",
    )
    runs = what.add_parser("runs", help="the runs that were made, the newest first")
    runs.add_argument("pack", nargs="?")
    runs.add_argument("--most", type=int, default=20)
    attempt = what.add_parser("try", help="whom changed rules would find; nothing is saved")
    attempt.add_argument("pack", nargs="?", help="the only live programme if not said")
    attempt.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="GROUP.NAME=VALUE",
        help="such as copd.within=24m; without any, what can be set is listed",
    )
    differ = what.add_parser("diff", help="what a run changed since the one before it, and why")
    differ.add_argument(
        "run", nargs="?", default=LATEST, metavar="PACK or RUN", help="the latest run if not said"
    )
    differ.add_argument("--file", type=Path, help="write everybody concerned to this CSV file")
    explain = what.add_parser("explain", help="why one person is found, or is not")
    explain.add_argument(
        "words", nargs="+", metavar="NHS_NUMBER [PACK]", help="the only live programme if not said"
    )
    for each in (again, attempt, explain):
        each.add_argument("--as-of", type=_day, default=None, help="yyyy-mm-dd; today if not said")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written yyyy-mm-dd") from None


def run(options: argparse.Namespace) -> int:
    at = clock.now()
    match options.what:
        case "runs":
            lines: Iterable[str] = listing.listed(options.pack, options.most)
        case "try":
            lines = trying.attempt(options.pack, options.set, options.as_of)
        case "diff":
            lines = differing.differ(run_called(options.run), options.file)
        case "explain":
            lines = explaining.explain(options.words, options.as_of or at.date())
        case _:
            return _run(options, at=at)
    for line in lines:
        print(line)
    return 0


def _run(options: argparse.Namespace, *, at: datetime) -> int:
    engine_name = options.engine or settings.OPENPROTECT.engine
    if options.repeat:
        is_same, lines = repeat(run_called(options.repeat, options.pack), engine_name)
        print("\n".join(lines))
        return 0 if is_same else 1
    pack, as_of = pack_called(options.pack), options.as_of or at.date()
    if options.records_of:
        return _look_back(pack, options.records_of, as_of, engine_name)
    return _find(pack, present_store(settings.OPENPROTECT.lake), as_of, engine_name, at=at)


def _look_back(pack: Pack | Register, day: date, as_of: date, engine_name: str) -> int:
    """Whom the rules find in the records as they were at the end of an earlier day."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))
    store, rules = store_at(settings.OPENPROTECT.lake, midnight), rules_of(pack)
    queries = settings.OPENPROTECT.home / "queries"
    findings = engine.find(rules, store, as_of, engine=engine_name, queries=queries)
    print("\n".join([*_counted(rules, findings), REPEATED]))
    return 0


def _find(
    pack: Pack | Register, store: Store, as_of: date, engine_name: str, *, at: datetime
) -> int:
    rules = rules_of(pack)
    findings = engine.find(
        rules,
        store,
        as_of,
        engine=engine_name,
        queries=settings.OPENPROTECT.home / "queries",
        keep=True,
    )
    with transaction.atomic():
        kept = keep_run(
            findings,
            pack=pack.key,
            version=pack.version,
            content_hash=pack.content_hash,
            generation=store.generation_id,
            by=getpass.getuser(),
            at=at,
            made_by=engine_name,
        )
        keep_difference(kept, rules, store, settings.OPENPROTECT.lake)
        enrolled = _enrol(kept, at=at)
    print("\n".join([*_counted(rules, findings), *differing.counted(kept), *enrolled]))
    return 0


def _enrol(kept: Run, *, at: datetime) -> list[str]:
    """Bring the people found into the programme that runs on this pack, if one does."""
    live = programme(kept.pack)
    if live is None:
        return ["no programme runs on this pack yet: nobody was enrolled"]
    if is_behind(kept, live):
        return ["as of an earlier day than the last run: nobody was enrolled, and nobody missed"]
    done = enrol_run(kept, live, at=at)
    left_out = "".join(f" + {count:,} {reason}" for reason, count in done.left_out)
    missing = "".join(f"; {count:,} {reason}" for reason, count in done.missing)
    return [
        f"enrolled: {done.total:,} = {done.new:,} new + {done.known:,} known{left_out}",
        f"no longer found: {sum(count for _, count in done.missing):,}{missing}",
    ]


def _counted(rules: CohortRules, findings: Findings) -> list[str]:
    out = " + ".join(f"{count:,} {reason}" for reason, count in sorted(findings.excluded.items()))
    found_count = findings.found_count
    lines = [
        f"as of {findings.as_of}: {found_count:,} found of {findings.eligible:,} asked about",
        f"people {findings.people:,} = {findings.eligible:,} asked about + {out or '0 not'}",
    ]
    for group in rules.groups:
        if count := findings.by_group.get(group.name):
            lines.append(f"  {count:>7,}  {group.title}")
    practices = sorted(findings.by_practice.items(), key=lambda each: (-each[1], each[0]))
    shown = ", ".join(f"{code} {count:,}" for code, count in practices[:MOST_PRACTICES])
    more = len(practices) - MOST_PRACTICES
    lines.append(
        f"practices {len(practices):,}: {shown}{f', and {more:,} more' if more > 0 else ''}"
    )
    return [*lines, f"digest {findings.digest}"]
