"""The queue when it is long, and when two press at once."""

from datetime import timedelta

import pytest

from openprotect.calls.rules.ranking import Unmet
from openprotect.pathway.ranking import unmet_needs
from tests import given
from tests.calls.test_queue import claimed, ranked
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_unmet_needs_are_read_for_many_at_once(worker, django_assert_num_queries):
    calls = [given.call() for _ in range(3)]
    given.alert(of=calls[0].enrolment, urgency=2)
    given.alert(of=calls[0].enrolment, urgency=1)

    with django_assert_num_queries(1):
        found = unmet_needs({each.person_id for each in calls})

    assert found == {calls[0].person_id: Unmet(1, 2)}


def test_ranking_asks_as_much_for_many_as_for_few(worker, django_assert_max_num_queries):
    for _ in range(12):
        given.call(due_at=NOON - DAY)
    ranked(NOON)

    with django_assert_max_num_queries(14):
        assert ranked(NOON + 2 * DAY) == 12


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_never_get_one_call(worker_committing):
    for _ in range(12):
        given.call(due_at=NOON - DAY)
    people = [given.user("CALLER") for _ in range(2)]

    def five(who):
        return lambda: [claimed(who).pk for _ in range(5)]

    got = at_once(*[five(who) for who in people])

    assert not set(got[0]) & set(got[1])
