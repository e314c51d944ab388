"""Never dialled twice: call handlers who all press at once, again and again, until nobody waits."""

from collections import Counter
from datetime import timedelta
from itertools import combinations

import pytest

from openprotect.calls.actions import claim_next, record_outcome
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import Consequence
from openprotect.events.models import Event
from tests import given
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FULL = pytest.mark.fault  # the full count, where a run asks for it


@pytest.mark.parametrize(
    ("handlers", "people"), [(2, 12), (8, 16), *(pytest.param(n, 500, marks=FULL) for n in (2, 8))]
)
def test_every_person_is_rung_once_however_many_press_at_once(worker_committing, handlers, people):
    for number in range(people):
        given.call(due_at=NOON - timedelta(hours=1 + number % 48), rank=number % 7)
    team = [given.user("CALLER") for _ in range(handlers)]

    took = at_once(*[lambda who=who: rings_until_nobody_waits(who) for who in team])

    dialled = Counter(call_id for calls in took for call_id in calls)
    assert len(dialled) == people
    assert set(dialled.values()) == {1}
    assert all(not set(one) & set(other) for one, other in combinations(took, 2))
    assert Attempt.objects.count() == Event.objects.filter(name="call.claimed").count() == people
    assert not Call.objects.exclude(status="DONE").exists()


def rings_until_nobody_waits(who):
    """Each call is pressed for twice, as a double click does, and then ended."""
    rung = []
    with given.acting(who) as viewer:
        while call := claim_next(viewer=viewer, at=viewer.at):
            assert claim_next(viewer=viewer, at=viewer.at) == call
            rung.append(call.pk)
            after = record_outcome(call, "REFUSED", note="", viewer=viewer, at=viewer.at)
            assert after is Consequence.DONE
    return rung


def test_the_highest_ranks_are_taken_first_by_those_who_press_at_once(worker_committing):
    for rank in range(6):
        given.call(due_at=NOON - timedelta(days=1), rank=rank * 100)
    team = [given.user("CALLER") for _ in range(3)]

    took = at_once(*[lambda who=who: one_call(who) for who in team])

    assert sorted(Call.objects.filter(pk__in=took).values_list("rank", flat=True)) == [
        300,
        400,
        500,
    ]


def one_call(who):
    with given.acting(who) as viewer:
        return claim_next(viewer=viewer, at=viewer.at).pk
