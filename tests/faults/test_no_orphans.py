"""P5: every open alert always has an active team, somebody active who can open it, and a due time.

    OPENPROTECT_STEPS=100000 python3 run.py test tests/faults/test_no_orphans.py -m fault -k walk

walks further; `python3 run.py bench orphans` does so and says how long it took.
"""

import os
import random
import time

import psycopg
import pytest
from django.db.models import Q

from openprotect.alerts.queries.climbing import fallen_to
from tests import given
from tests.faults.ownership import STEPS, House, walk
from tests.isolation.guards import replaced

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.slow]
SEED = int(os.environ.get("OPENPROTECT_SEED", "0")) or random.SystemRandom().randrange(10**6)
CI_STEPS = 600


@pytest.fixture
def above(own_database, db):
    """The account above all roles; the clock of this database may be moved."""
    server = own_database.here
    with psycopg.connect(**{**server.admin, "dbname": server.name}, autocommit=True) as connection:
        connection.execute("UPDATE governance_installation SET is_demonstration = true")
        yield connection


def house(above, seed):
    return House(random.Random(seed), above)  # noqa: S311 - repeatable on purpose


def test_a_walk_through_leaving_closing_and_silence_finds_no_orphan(worker_committing, above, say):
    made, began = house(above, SEED), time.monotonic()
    steps = int(os.environ.get("OPENPROTECT_STEPS", CI_STEPS))

    found = list(walk(made, steps))

    took = time.monotonic() - began
    say(
        f"seed {SEED}: {made.steps:,} steps in {took:,.0f} s, violations {len(found)};"
        f" opened as somebody of the team {made.opened:,} times, refused acts {made.refused:,};"
        f" {(made.at - given.NOON).days:,} days passed"
    )
    assert found == []
    assert made.done.keys() == STEPS.keys() or steps < CI_STEPS


def test_a_house_that_forgets_what_falls_to_surveillance_is_noticed(worker_committing, above):
    """The same walk, with what is worked out at reading taken away, must find what is lost."""
    made = house(above, 7)

    with replaced(fallen_to, lambda viewer: Q(pk__in=[])):
        found = list(walk(made, 400, open_every=2))

    assert found
