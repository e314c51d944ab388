"""`openprotect cohort run|explain`: find the people whom a pack's rules name, or explain one."""

import argparse
import getpass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from openprotect.base import clock, nhs_number
from openprotect.base.refusals import Refused
from openprotect.cohorts import engine, explaining
from openprotect.cohorts.actions import keep_run
from openprotect.cohorts.engine import ENGINES, Findings
from openprotect.cohorts.engine.keeping import kept_facts
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.packs import Pack, Register, load_cohort
from openprotect.packs.borrowed import refuse_blind
from openprotect.pathway.door import enrol_run
from openprotect.programmes.queries import pack_of, programme
from openprotect.records.queries import present_store
from openprotect.records.store import Store

USUAL_PACK = "covid-protect"
MOST_PRACTICES = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    run_parser = what.add_parser("run", help="find people, keep the run, and enrol them")
    run_parser.add_argument("pack")
    run_parser.add_argument("--engine", choices=ENGINES, help="OPENPROTECT_ENGINE if not said")
    explain_parser = what.add_parser("explain", help="why one person is found, or is not")
    explain_parser.add_argument("nhs_number", nargs="+")
    explain_parser.add_argument("--pack", default=USUAL_PACK)
    for each in (run_parser, explain_parser):
        each.add_argument("--as-of", type=_day, default=None, help="yyyy-mm-dd; today if not said")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written yyyy-mm-dd") from None


def run(options: argparse.Namespace) -> int:
    at = clock.now()
    as_of = options.as_of or at.date()
    store = present_store(settings.OPENPROTECT.lake)
    pack = _pack(options.pack)
    if options.what == "explain":
        return _explain(" ".join(options.nhs_number), _rules(pack), store, as_of)
    return _find(pack, store, as_of, options.engine, at=at)


def _pack(key: str) -> Pack | Register:
    """The version that is live, or the one in the folder while none is."""
    live = programme(key)
    if live:
        return pack_of(live)
    if not (settings.OPENPROTECT.packs / key / "pack.toml").is_file():
        raise Refused(f"There is no pack called {key[:40]!r}.")
    return load_cohort(settings.OPENPROTECT.packs / key, settings.OPENPROTECT.codelists)


def _rules(pack: Pack | Register) -> CohortRules:
    refuse_blind(pack.cohort)
    return pack.cohort


def _find(
    pack: Pack | Register, store: Store, as_of: date, engine_name: str | None, *, at: datetime
) -> int:
    findings = engine.find(
        _rules(pack),
        store,
        as_of,
        engine=engine_name or settings.OPENPROTECT.engine,
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
        )
        enrolled = _enrol(kept, at=at)
    print("\n".join([*_counted(_rules(pack), findings), *enrolled]))
    return 0


def _enrol(kept: Run, *, at: datetime) -> list[str]:
    """Bring the people found into the programme that runs on this pack, if one does."""
    live = programme(kept.pack)
    if live is None:
        return ["no programme runs on this pack yet: nobody was enrolled"]
    done = enrol_run(kept, live, at=at)
    left_out = "".join(f" + {count:,} {reason}" for reason, count in done.left_out)
    return [f"enrolled: {done.total:,} = {done.new:,} new + {done.known:,} known{left_out}"]


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


def _explain(written: str, rules: CohortRules, store: Store, as_of: date) -> int:
    """0 when the person is in the records, found or not; 1 when they are not."""
    try:
        number = nhs_number.parse(written, synthetic=settings.OPENPROTECT.synthetic)
    except nhs_number.NotAnNhsNumber as why:
        raise Refused(f"That is not an NHS number: {why.reason}.") from None
    facts = kept_facts(rules, store, as_of)
    known = engine.know(rules, store, number, as_of, facts)
    if known is None:
        raise Refused("Nobody with this NHS number is in the records.")
    print("\n".join(explaining.told(rules, known, as_of)))
    return 0
