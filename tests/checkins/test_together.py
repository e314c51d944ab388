"""What is done for many check-ins at once leaves the same rows as done for one after the other."""

from collections import Counter
from datetime import timedelta

import pytest

from openprotect.checkins import actions
from openprotect.checkins.actions.together import Planned, miss_many, open_many, plan_many
from openprotect.checkins.models import Checkin
from openprotect.checkins.rules import Slot
from openprotect.events.models import Event
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
STATES = ["DUE", "OPEN", "ANSWERED", "MISSED", "CANCELLED"]


def checkins():
    """Two of each state, of people of their own."""
    return [given.checkin(of=given.enrolment(), status=each) for each in STATES * 2]


def told(made):
    """What was recorded, by the state that the check-in had before."""
    before = {each.pk: each.status for each in made}
    kept = Event.objects.filter(subject_id__in=before).order_by("id")
    return Counter(
        (before[e.subject_id], e.name, e.at, e.try_at, str(e.detail), e.by_id, e.followed_up_at)
        for e in kept
        if e.person_id and e.programme_id
    )


def states(made):
    now = dict(Checkin.objects.filter(pk__in=[e.pk for e in made]).values_list("pk", "status"))
    return [now[each.pk] for each in made]


@pytest.mark.parametrize(
    ("one", "many", "moved"), [(actions.open_now, open_many, 2), (actions.miss, miss_many, 2)]
)
def test_moved_together_as_moved_alone(worker, one, many, moved):
    alone, together = checkins(), checkins()

    for each in alone:
        one(each, at=NOON)
    count = many([each.pk for each in together], at=NOON)

    assert states(alone) == states(together)
    assert told(alone) == told(together)
    assert count == moved == sum(told(together).values())


def test_events_come_in_the_order_in_which_they_were_asked_for(worker):
    made = [given.checkin(of=given.enrolment(), status="DUE") for _ in range(5)]
    asked = [made[n].pk for n in (3, 0, 4, 1, 2)]

    open_many(asked, at=NOON)

    kept = Event.objects.filter(name="checkin.opened").order_by("id")
    assert list(kept.values_list("subject_id", flat=True)) == asked


def test_planned_together_as_planned_alone(worker):
    alone, together = given.enrolment(), given.enrolment()
    slots = [
        Slot(day.date(), day, day + timedelta(hours=24))
        for day in (NOON, NOON + timedelta(days=1), NOON)
    ]

    for each in slots:
        actions.plan(alone, each)
    some = [Planned(together.pk, together.person_id, each) for each in slots]
    count = plan_many(some, programme_id=together.programme_id, pack_id=together.programme.pack_id)

    fields = ("programme", "pack", "due_on", "opens_at", "closes_at", "status", "ended_because")
    rows = [
        list(Checkin.objects.filter(enrolment=each).order_by("due_on").values_list(*fields))
        for each in (alone, together)
    ]
    assert rows[0] == rows[1]
    assert count == len(rows[1]) == 2


def test_nothing_asked_for_is_nothing_done(worker):
    assert open_many([], at=NOON) == 0
    assert plan_many([], programme_id=given.programme().pk, pack_id=given.programme().pack_id) == 0
    assert not Event.objects.exists()
