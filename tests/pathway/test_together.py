"""Many events followed at once leave what they leave when each is followed by itself."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.alerts.models import Evaluation
from openprotect.calls.models import Call
from openprotect.events.actions import Happened, record, record_many
from openprotect.events.models import Done, Event
from openprotect.messages.models import Message
from openprotect.pathway.following import carry_out, follow, follow_waiting
from openprotect.pathway.table import PATHWAY
from openprotect.pathway.together import TOGETHER
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# What became of the last askings of somebody, the latest last; and how a call to them stands.
HISTORIES = [
    ("", None), ("M", None), ("MM", None), ("AMM", None), ("MAM", None), ("MMM", "WAITING"),
    ("MMM", "DONE"), ("MMA", "WAITING"), ("A", "WAITING"), ("AMMMM", None), ("MM", "CLAIMED"),
]  # fmt: skip
STATES = {"M": "MISSED", "A": "ANSWERED"}


def somebody(history, call):
    """A person with so many askings behind them, and one that has opened today."""
    enrolment = given.enrolment()
    for ago, each in enumerate(reversed(history), start=1):
        past = given.checkin(of=enrolment, status=STATES[each], due_on=(NOON - ago * DAY).date())
    today = given.checkin(of=enrolment, status="MISSED" if history[-1:] == "M" else "OPEN")
    if call:
        held = {"claimed_by": given.user("CALLER"), "leased_until": NOON + DAY}
        ended = {"ended_at": NOON, "outcome": "ANSWERED"}
        more = {"CLAIMED": held, "DONE": ended}.get(call, {})
        given.call(of=past, status=call, **more)
    return today


def everybody():
    return [somebody(*each) for each in HISTORIES]


def happens(name, checkins):
    """The event befalls all of them; its subjects are as that event has them."""
    subjects = [
        given.response(of=each).pk if name == "response.given" else each.pk for each in checkins
    ]
    happened = [
        Happened(subject, each.person_id, each.programme_id)
        for subject, each in zip(subjects, checkins, strict=True)
    ]
    record_many(name, happened, at=NOON)
    return list(Event.objects.filter(name=name, subject_id__in=subjects).order_by("id"))


def left_behind(events):
    """What there is afterwards, by the place of the person in the list."""
    place = {each.person_id: number for number, each in enumerate(events)}
    numbers = {each.pk: number for number, each in enumerate(events)}
    fields = ("person_id", "status", "why", "outcome", "attempts")
    calls = Call.objects.filter(person_id__in=place).values_list(*fields)
    texts = Message.objects.filter(person_id__in=place).values_list(
        "person_id", "kind", "status", "due_at", "made_at", "wording", "attempts"
    )
    evaluated = Evaluation.objects.filter(person_id__in=place).values_list(
        "person_id", "findings", "failures", "at"
    )
    done = list(Done.objects.filter(event__in=numbers).values_list("event", "step", "at"))
    done += [
        (each.pk, step.__name__, each.followed_up_at)
        for each in Event.objects.filter(pk__in=numbers, at_once__gt=0)
        for step in PATHWAY[each.name]
    ]
    return Counter(
        [("call", place[who], *rest) for who, *rest in calls]
        + [("text", place[who], *rest) for who, *rest in texts]
        + [("evaluated", place[who], *rest) for who, *rest in evaluated]
        + [("done", numbers[event], *rest) for event, *rest in done]
    )


@pytest.mark.parametrize("name", ["checkin.opened", "checkin.missed", "response.given"])
def test_followed_together_as_followed_alone(worker, name):
    alone, together = happens(name, everybody()), happens(name, everybody())

    for each in alone:
        follow(each.pk, at=NOON)
    follow_waiting(at=NOON)

    assert left_behind(alone) == left_behind(together)
    assert not Event.objects.filter(name=name, followed_up_at=None).exists()
    if name == "checkin.missed":
        assert Call.objects.filter(why="SILENT", status="WAITING").count() > 4


def test_every_step_that_is_done_together_follows_something():
    assert set(TOGETHER) <= {step for steps in PATHWAY.values() for step in steps}


def test_followed_again_nothing_is_done_twice(worker):
    happens("checkin.opened", everybody())

    follow_waiting(at=NOON)
    Event.objects.update(followed_up_at=None)
    follow_waiting(at=NOON)

    assert Message.objects.count() == len(HISTORIES)
    assert Done.objects.count() == 0


def test_what_was_done_together_is_not_done_by_whoever_waited_for_it(worker):
    event, *_ = happens("checkin.opened", everybody())
    follow_waiting(at=NOON)
    done = []

    def step(event, at):
        done.append(event)

    carry_out(step, event, at=NOON)

    assert done == []


def test_one_that_fails_waits_alone(worker):
    made = happens("checkin.opened", everybody())
    stray = record("checkin.opened", uuid4(), at=NOON)
    record_many("checkin.opened", [Happened(given.checkin().pk)], at=NOON)

    follow_waiting(at=NOON)

    waiting = Event.objects.filter(followed_up_at=None)
    assert list(waiting.values_list("pk", flat=True)) == [stray.pk]
    assert Message.objects.count() == len(made) + 1


def test_when_all_cannot_be_done_together_each_is_done_alone(worker, monkeypatch):
    def fails(events, at):
        raise ValueError

    step = PATHWAY["checkin.opened"][0]
    monkeypatch.setitem(TOGETHER, step, fails)
    happens("checkin.opened", everybody())

    assert follow_waiting(at=NOON) == len(HISTORIES)
    assert Message.objects.count() == len(HISTORIES)


def test_events_that_nothing_follows_are_ticked_off_in_one_go(
    worker, django_assert_max_num_queries
):
    record_many("call.claimed", [Happened(uuid4()) for _ in range(50)], at=NOON)

    with django_assert_max_num_queries(6):
        assert follow_waiting(at=NOON) == 50
