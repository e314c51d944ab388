"""`openprotect simulate`: a whole season with made-up people, counted, then reconciled."""

import argparse
import os
import time
from datetime import timedelta

from django.conf import settings

from openprotect.cli import reconcile
from openprotect.cli.demo import run_command
from openprotect.config import environment
from openprotect.packs import load
from openprotect.pathway.work import as_worker
from openprotect.simulation import season, telling
from openprotect.simulation.beside import documents_sent_beside
from openprotect.simulation.chance import seeded_ids

PACK = "covid-protect"
OFF = 1
LARGE = 5000  # people
PAGE = """# A season, proven

Written by `python3 run.py openprotect {command} --publish`; never by hand.

{people} made-up people are asked every day for {days} days, through the same actions, rounds,
steps, gateways and row security as in the service, on a moved clock, across the change to summer
time. Who is reached, answers, asks for help, cannot be rung, dies or moves follows published
shares (`openprotect/simulation/behaviour.py` names the source of each). The same seed gives the
same counts.

**{speed}**, on {cores} processors whose load in the last quarter of an hour was {load}: where
that is more than the processors, others had a part of them. **reconcile: {balance}.**

The whole of the real service is 42,000 people for 84 days, 3.5 million person-days with some
250,000 interactions. Where the season above is smaller, the whole one has not been run here, and
these minutes do not prove what it takes.

## What stood where at its end

{counts}

## Every equation

{equations}
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=2000, help="how many are enrolled")
    parser.add_argument("--days", type=int, default=14, help="how long the season is")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same counts")
    parser.add_argument("--hands", type=int, default=0, help="how many do things at once")
    parser.add_argument("--floor", action="store_true", help="calls and alerts in detail, orphans")
    parser.add_argument("--publish", action="store_true", help="keep the figures as a page of docs")
    parser.add_argument("--keep", action="store_true", help="leave the database where it is")


def run(options: argparse.Namespace) -> int:
    """Live the season, print what stands where, then every equation; 1 when one is off."""
    began = time.monotonic()
    plan = season.Plan(options.people, options.days, options.seed)
    with as_worker():
        season.begin_clock(season.start_of(plan) - timedelta(days=1))
    run_command("places", "places", "import")
    pack = load(settings.OPENPROTECT.packs / PACK, settings.OPENPROTECT.codelists)
    with documents_sent_beside(), seeded_ids(plan.seed), as_worker():
        under_way = season.begin(plan, pack, say=_say)
        under_way.has_documents_beside = True
        under_way.hands = options.hands or _hands(plan)
        season.live(under_way, say=_say)
    took = time.monotonic() - began
    with as_worker():
        counts = telling.count_everything(with_floor=options.floor)
        lost = telling.orphans()
    print("\n".join(telling.in_lines(counts)))
    speed = f"{plan.person_days:,} person-days in {took / 60:.1f} minutes"
    print(f"orphans: {lost}\n{speed}: {plan.person_days / took:,.0f} a second")
    equations = reconcile.equations()
    off = reconcile.tell(equations)
    if options.publish:
        _publish(plan, speed, counts, [str(each) for each in equations], off)
    return OFF if off or lost else 0


def _hands(plan: season.Plan) -> int:
    """A large season is shared by two; a small one comes the same each time."""
    return 2 if plan.people >= LARGE and (os.cpu_count() or 1) > 1 else 1


def _publish(
    plan: season.Plan, speed: str, counts: telling.Counts, equations: list[str], off: int
) -> None:
    """The page that says what a season was, and what it took here."""
    told = {
        "people": f"{plan.people:,}",
        "days": str(plan.days),
        "command": f"simulate --people {plan.people} --days {plan.days} --seed {plan.seed}",
        "speed": speed,
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[2]:.1f}",
        "counts": "\n".join(f"    {line}" for line in telling.in_lines(counts)),
        "equations": "\n".join(f"    {line}" for line in equations),
        "balance": f"{len(equations)} equations, {off} off",
    }
    page = environment.CHECKOUT / "docs" / "proof" / "season.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(PAGE.format(**told))
    print(f"published: {page}")


def _say(words: str) -> None:
    print(words, flush=True)
