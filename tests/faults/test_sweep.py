"""Killed at any statement, commit or request: nothing acknowledged is lost, nothing is twice."""

import random

import pytest

from tests.faults.planted import BUGS
from tests.faults.sweep import SCENARIOS, Report
from tests.sizes import size

pytestmark = [pytest.mark.fault, pytest.mark.slow]
# The other planted mistake writes to somebody who said stop: tests/messages/test_ways.py sees it.
LOSING = [each for each in BUGS if each != "look_once"]
IN_SHORT = ("several alerts", "a rule that cannot be computed", "sent again with other answers")


def test_nothing_is_lost_or_doubled_wherever_a_worker_dies(sweep, say):
    """In short, at every second edge, the first or the second of them by chance.

    A gap is at least two edges wide, as the last test here shows.
    """
    every = size(2, 1)
    killer, report = sweep(), Report()
    for scenario in IN_SHORT:
        first = random.randint(1, every)  # noqa: S311 - no secret
        report += killer.run(scenario, edges_only=True, every=every, first=first)

    say(report)
    assert report.is_clean, report.faults
    assert report.kill_points > size(40, 80)


def test_two_workers_of_which_one_dies_do_everything_once(sweep, say):
    every = size(4, 2)
    first = random.randint(1, every)  # noqa: S311 - no secret
    report = sweep().run("sent again", workers=2, edges_only=True, every=every, first=first)

    say(f"two workers: {report}")
    assert report.is_clean, report.faults


def test_the_sweep_finds_three_well_known_mistakes(sweep, say):
    """Each leaves a gap of two edges at least, so every second one is enough to fall into it."""
    caught = []
    for bug in LOSING:
        report = sweep(bug).run("one alert", edges_only=True, every=2)
        say(f"planted {bug}: {report}")
        caught += [bug] if report.missing else []

    say(f"bugs planted {len(LOSING)}, caught {len(caught)}")
    assert caught == LOSING


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_boundary_of_every_scenario(sweep, say, scenario, workers):
    """Minutes long, so only when asked for: `python3 run.py test --full tests/faults`."""
    report = sweep().run(scenario, workers=workers)

    say(f"{scenario}, {workers} at work: {report}")
    assert report.is_clean, report.faults
