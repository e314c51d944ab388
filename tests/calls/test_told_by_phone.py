"""A call that ends before the last question: what was said until then is not lost."""

import pytest

from openprotect.alerts.models import Alert
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish, hear
from openprotect.calls.models import Attempt, Call
from openprotect.pathway.rounds import go_round
from tests import given

pytestmark = pytest.mark.django_db


def test_a_need_told_before_they_rang_off_becomes_an_alert(worker):
    call = given.call()
    caller = given.user("CALLER")
    with given.acting(caller) as viewer:
        claim_next(viewer=viewer, at=viewer.at)
        call = Call.objects.get(pk=call.pk)
        hear(call, "food", "none", viewer=viewer, at=viewer.at)
        finish(call, Attempt.Outcome.REFUSED, note="Tired", viewer=viewer, at=viewer.at)

    go_round(at=viewer.at, postbox=given.Outbox())

    assert Alert.objects.get(rule="food-none").kind == "social"


def test_nothing_said_raises_nothing(worker):
    given.call()
    caller = given.user("CALLER")
    with given.acting(caller) as viewer:
        call = claim_next(viewer=viewer, at=viewer.at)
        finish(call, Attempt.Outcome.NO_ANSWER, note="", viewer=viewer, at=viewer.at)

    go_round(at=viewer.at, postbox=given.Outbox())

    assert not Alert.objects.exists()


def test_who_asks_on_the_phone_to_be_left_alone_is_left_alone(worker):
    call = given.call()
    caller = given.user("CALLER")
    with given.acting(caller) as viewer:
        held = claim_next(viewer=viewer, at=viewer.at)
        finish(held, Attempt.Outcome.OPTED_OUT, note="", viewer=viewer, at=viewer.at)

    go_round(at=viewer.at, postbox=given.Outbox())

    call.person.refresh_from_db()
    assert call.person.has_stopped_contact


def test_an_emergency_that_was_only_heard_is_followed_up(worker):
    call = given.call()
    caller = given.user("CALLER")
    with given.acting(caller) as viewer:
        held = claim_next(viewer=viewer, at=viewer.at)
        finish(held, Attempt.Outcome.HANDED_OVER, note="Ambulance", viewer=viewer, at=viewer.at)

    go_round(at=viewer.at, postbox=given.Outbox())

    alert = Alert.objects.get()
    assert (alert.rule, alert.urgency, alert.person) == ("emergency-call", 1, call.person)
