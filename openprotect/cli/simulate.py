"""`openprotect simulate`: a whole season with made-up people, counted, then reconciled."""

import argparse
import time
from datetime import timedelta

from django.conf import settings

from openprotect.cli import reconcile
from openprotect.cli.demo import run_command
from openprotect.packs import load
from openprotect.pathway.work import as_worker
from openprotect.simulation import season, telling
from openprotect.simulation.chance import seeded_ids

PACK = "covid-protect"
OFF = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=2000, help="how many are enrolled")
    parser.add_argument("--days", type=int, default=14, help="how long the season is")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same counts")
    parser.add_argument("--floor", action="store_true", help="calls and alerts in detail, orphans")
    parser.add_argument("--keep", action="store_true", help="leave the database where it is")


def run(options: argparse.Namespace) -> int:
    """Live the season, print what stands where, then every equation; 1 when one is off."""
    began = time.monotonic()
    plan = season.Plan(options.people, options.days, options.seed)
    with as_worker():
        season.begin_clock(season.start_of(plan) - timedelta(days=1))
    run_command("places", "places", "import")
    pack = load(settings.OPENPROTECT.packs / PACK, settings.OPENPROTECT.codelists)
    with seeded_ids(plan.seed), as_worker():
        under_way = season.begin(plan, pack, say=_say)
        season.live(under_way, say=_say)
    took = time.monotonic() - began
    with as_worker():
        lost = _tell(plan, took, with_floor=options.floor)
    return max(reconcile.run(argparse.Namespace(quiet=False)), OFF if lost else 0)


def _tell(plan: season.Plan, took: float, *, with_floor: bool) -> int:
    """Print the counts; how many alerts are nobody's."""
    print("\n".join(telling.in_lines(telling.count_everything(with_floor=with_floor))))
    lost = telling.orphans()
    print(f"orphans: {lost}")
    askings = plan.people * plan.days
    print(f"{askings:,} person-days in {took / 60:.1f} minutes: {askings / took:,.0f} a second")
    return lost


def _say(words: str) -> None:
    print(words, flush=True)
