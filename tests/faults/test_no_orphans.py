"""P5: every open alert always has an active team, somebody active who can open it, and a due time.

`python3 run.py bench orphans` walks as far as wanted, and says how long it took.
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
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
SEED = int(os.environ.get("PROOF_SEED", "0")) or random.SystemRandom().randrange(10**6)
STEPS_TAKEN = int(os.environ.get("PROOF_STEPS", "0")) or size(600, 100_000)
ENOUGH_FOR_EVERYTHING = 600  # steps, after which each kind of step was taken


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

    found = list(walk(made, STEPS_TAKEN))

    took = time.monotonic() - began
    say(
        f"seed {SEED}: {made.steps:,} steps in {took:,.0f} s, violations {len(found)};"
        f" opened as somebody of the team {made.opened:,} times, refused acts {made.refused:,};"
        f" {(made.at - given.NOON).days:,} days passed"
    )
    assert found == []
    assert made.done.keys() == STEPS.keys() or STEPS_TAKEN < ENOUGH_FOR_EVERYTHING


def test_a_house_that_forgets_what_falls_to_surveillance_is_noticed(worker_committing, above):
    """The same walk, with what is worked out at reading taken away, must find what is lost."""
    made = house(above, 7)

    with replaced(fallen_to, lambda viewer: Q(pk__in=[])):
        found = list(walk(made, 400, open_every=2))

    assert found
