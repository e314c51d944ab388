"""What a call handler keeps while the line is open, and how a call ends."""

from datetime import timedelta

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next, put_back
from openprotect.calls.actions.talking import finish, hear, keep_note, show_address
from openprotect.calls.models import Attempt, Call, Draft
from openprotect.calls.queries import held, was_mine
from openprotect.calls.rules import LEASE, NotYourCall
from openprotect.checkins.models import Answer, Response
from openprotect.checkins.rules import NotFinished
from openprotect.governance.models import Access
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=20)


def claimed(by):
    """A call that someone holds; gives the call."""
    call = given.call()
    with given.acting(by) as viewer:
        claim_next(viewer=viewer, at=viewer.at)
    return Call.objects.get(pk=call.pk)


def test_an_answer_on_the_phone_is_kept_with_who_heard_it_and_renews_the_lease(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer:
        at = viewer.at + timedelta(minutes=20)
        hear(call, "feeling", "worse", viewer=viewer, at=at)

    answer = Answer.objects.get()
    assert (answer.value, answer.channel, answer.by) == ("worse", "PHONE", caller)
    call.refresh_from_db()
    assert call.leased_until == at + LEASE


def test_a_note_is_kept_and_found_again_by_the_one_who_holds_the_call(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer:
        keep_note(call, "Her neighbour", viewer=viewer, at=viewer.at)
        keep_note(call, "Her neighbour has the key", viewer=viewer, at=viewer.at)
        found = held(viewer, call.pk)

    assert found.note == "Her neighbour has the key"


def test_the_next_call_handler_reads_what_the_one_before_wrote(worker):
    first, second = given.user("CALLER"), given.user("CALLER")
    call = claimed(first)
    with given.acting(first) as viewer:
        keep_note(call, "Rang off, ring the mobile", viewer=viewer, at=viewer.at)
        put_back(call, viewer=viewer, at=viewer.at)

    with given.acting(second) as viewer:
        claim_next(viewer=viewer, at=viewer.at)
        found = held(viewer, call.pk)

    assert [(each.note, each.by) for each in found.tries] == [
        ("Rang off, ring the mobile", first.name)
    ]


def test_a_draft_is_out_of_sight_once_the_call_is_not_held(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer:
        keep_note(call, "Private words", viewer=viewer, at=viewer.at)
        put_back(call, viewer=viewer, at=viewer.at)
        assert not Draft.objects.exists()


def test_a_call_is_not_answered_before_every_question_is(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer, pytest.raises(NotFinished):
        finish(call, Attempt.Outcome.ANSWERED, note="", viewer=viewer, at=viewer.at)

    assert not Response.objects.exists()
    assert not Attempt.objects.exists()


def test_an_emergency_ends_the_call_when_it_says_who_took_over(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer:
        with pytest.raises(Refused, match="who took over"):
            finish(call, Attempt.Outcome.HANDED_OVER, note=" ", viewer=viewer, at=viewer.at)
        finish(call, Attempt.Outcome.HANDED_OVER, note="Ambulance", viewer=viewer, at=viewer.at)

    call.refresh_from_db()
    assert (call.status, call.outcome) == (Call.Status.DONE, "HANDED_OVER")


def test_the_address_for_an_ambulance_is_written_down_as_such(worker):
    caller = given.user("CALLER")
    call = claimed(caller)

    with given.acting(caller) as viewer:
        said = show_address(call, viewer=viewer, at=viewer.at)

    assert said == "1 Canary Row, Cromer, NR27 0AA"
    assert Access.objects.filter(what="calls.address", user=caller).count() == 1


def test_a_call_held_by_another_says_by_whom(worker):
    first, second = given.user("CALLER"), given.user("CALLER")
    call = claimed(first)
    with given.acting(second) as viewer:
        late = viewer.at + LEASE + timedelta(minutes=1)
        claim_next(viewer=viewer, at=late)

    with given.acting(first) as viewer, pytest.raises(NotYourCall, match=second.name):
        keep_note(call, "Too late", viewer=viewer, at=late)


def test_only_who_once_held_a_call_is_told_where_it_went(worker):
    first, second = given.user("CALLER"), given.user("CALLER")
    call = claimed(first)

    with acting_as(given.token_of(first)), given.acting(first) as viewer:
        assert was_mine(viewer, call.pk)
    with given.acting(second) as viewer:
        assert not was_mine(viewer, call.pk)
