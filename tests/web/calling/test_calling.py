"""The call floor: whom to ring, what is asked, what is kept, and who is let in."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.calls import actions as calls
from openprotect.calls.models import Attempt, Call
from openprotect.calls.rules import LEASE
from openprotect.checkins.models import Answer, Response
from openprotect.governance.models import Access
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


@pytest.fixture
def desk(client, caller):
    return given.sign_in(client, caller)


def take(client):
    """Press the big button; gives the address of the call."""
    return client.post("/calls/next/").url


def page(client, address, **posted):
    found = client.post(address, posted) if posted else client.get(address)
    return found.content.decode()


def question_of(link_id):
    items = given.covid_protect().questionnaire.items
    return next(place for place, each in enumerate(items, 1) if each.link_id == link_id)


def test_the_floor_is_counts_and_no_names(desk):
    call = given.call()

    text = page(desk, "/calls/")

    assert "1 person waits for a call" in text
    assert "Take the next call" in text
    assert call.person.family_name not in text


def test_an_empty_floor_says_when_the_next_call_is_due(desk, caller):
    with given.acting(caller) as viewer:
        soon = viewer.at + timedelta(hours=2, minutes=5)
    given.call(due_at=soon)

    text = page(desk, "/calls/")

    assert "Nobody is waiting." in text
    assert "due in 2 h" in text
    assert "Take the next call" not in text


def test_nobody_waits_when_the_button_is_pressed(desk):
    answer = desk.post("/calls/next/", follow=True)

    assert "Nobody waits for a call at this moment." in answer.content.decode()


def test_a_call_shows_whom_to_ring_and_why_and_is_noted(desk, caller):
    call = given.call()

    text = page(desk, take(desk))

    assert "Ring Ada" in text
    assert f'href="tel:{call.person.mobile}"' in text
    assert "4 March 1941" in text
    assert "has not answered" in text
    assert Access.objects.filter(user=caller, person_id=call.person_id, what="calls.page").exists()


def test_earlier_tries_are_shown_with_their_notes(desk):
    call = given.call()
    with given.acting(given.user("CALLER")) as viewer:
        held = calls.claim_next(viewer=viewer, at=viewer.at)
        calls.record_outcome(held, "NO_ANSWER", note="Rang twice", viewer=viewer, at=viewer.at)
    Call.objects.filter(pk=call.pk).update(due_at=given.NOON - timedelta(days=1))

    text = page(desk, take(desk))

    assert "No answer" in text
    assert "Rang twice" in text


def test_an_answer_is_kept_at_once_by_phone_and_the_next_question_asked(desk, caller):
    given.call()
    call = take(desk)

    answer = desk.post(f"{call}questions/{question_of('feeling')}/", {"answer": "same"})

    kept = Answer.objects.get()
    assert (kept.link_id, kept.value, kept.channel, kept.by) == ("feeling", "same", "PHONE", caller)
    assert answer.url.startswith(f"{call}questions/")


def test_what_is_asked_is_the_caller_wording(desk):
    given.call()
    item = given.covid_protect().questionnaire.item("feeling")

    text = page(desk, f"{take(desk)}questions/{question_of('feeling')}/")

    assert item.caller_wording in text


def test_a_question_that_depends_on_another_is_there_only_when_it_applies(desk):
    given.call()
    call = take(desk)
    follow_up = f"{call}questions/{question_of('worse-how')}/"

    assert desk.get(follow_up).status_code == 404
    answer = desk.post(f"{call}questions/{question_of('feeling')}/", {"answer": "worse"})

    assert answer.url == follow_up


def test_no_answer_is_asked_again_and_the_note_is_kept(desk):
    given.call()
    here = f"{take(desk)}questions/{question_of('feeling')}/"

    text = page(desk, here, note="Her sister answered")

    assert "There is a problem" in text
    assert "Her sister answered" in text
    assert "Her sister answered" in page(desk, here)


def test_a_red_flag_stops_the_script_and_is_saved(desk):
    given.call()
    call = take(desk)

    stopped = desk.post(f"{call}questions/{question_of('chest-pain')}/", {"answer": "yes"})

    assert stopped.url == f"{call}emergency/"
    text = page(desk, stopped.url)
    assert "Stop the questions" in text
    assert "Tell them you have chest pain" in text
    assert "Sys surveillance" in text
    assert Answer.objects.get().value == "yes"
    assert "Ring 999" in page(desk, f"{call}questions/{question_of('hot')}/")


def test_the_address_appears_only_when_asked_for_in_an_emergency(desk):
    given.call()
    call = take(desk)

    assert "Canary Row" not in page(desk, f"{call}emergency/")
    assert "Canary Row" in desk.post(f"{call}emergency/address/").content.decode()
    assert Access.objects.filter(what="calls.address").count() == 1


def test_all_answered_is_sent_in_and_the_call_is_done(desk):
    given.call()
    call = take(desk)
    here = answer_the_rest(desk, call)
    assert here == f"{call}outcome/"

    ended = desk.post(here, {"outcome": "ANSWERED", "note": "Well"}, follow=True)

    assert Response.objects.get().channel == "PHONE"
    assert Call.objects.get().status == Call.Status.DONE
    assert "Done. The call is recorded." in ended.content.decode()


def answer_the_rest(client, call):
    """Give the calm answer to each question that comes; gives where that leads."""
    items = given.covid_protect().questionnaire.items
    here = client.get(f"{call}questions/").url
    while "/questions/" in here:
        item = items[int(here.split("/")[-2]) - 1]
        calm = item.options[0].code if item.options else ""
        here = client.post(here, {"answer": calm}).url
    return here


def test_answered_is_refused_while_questions_are_open_and_the_text_is_kept(desk):
    given.call()
    call = take(desk)

    text = page(desk, f"{call}outcome/", outcome="ANSWERED", note="Half done")

    assert "Some questions have no answer yet" in text
    assert "Half done" in text
    assert Call.objects.get().status == Call.Status.CLAIMED


def test_no_answer_brings_the_call_back_later(desk):
    given.call()

    ended = desk.post(f"{take(desk)}outcome/", {"outcome": "NO_ANSWER"}, follow=True)

    assert "comes back in about 3 hours" in ended.content.decode()
    assert Call.objects.get().status == Call.Status.WAITING


def test_a_death_is_asked_twice_before_it_is_kept(desk):
    given.call()
    call = take(desk)
    said = {"outcome": "DIED", "note": "His daughter told me"}

    asked = page(desk, f"{call}outcome/", **said)
    assert "Is this what you mean?" in asked
    assert not Attempt.objects.exists()

    changed = page(desk, f"{call}outcome/", **said, change="yes")
    assert "His daughter told me" in changed
    assert not Attempt.objects.exists()

    desk.post(f"{call}outcome/", {**said, "confirmed": "yes"})
    assert Attempt.objects.get().outcome == "DIED"


def test_a_note_with_an_nhs_number_is_asked_about_first(desk):
    other = given.person().nhs_number
    given.call()
    call = take(desk)

    text = page(desk, f"{call}outcome/", outcome="NO_ANSWER", note=f"also ring {other}")

    assert "The note holds an NHS number." in text
    assert not Attempt.objects.exists()


def test_a_call_put_back_waits_again(desk):
    given.call()

    desk.post(f"{take(desk)}back/")

    assert Call.objects.get().status == Call.Status.WAITING


def test_when_the_time_is_over_it_is_said_kindly_and_what_was_typed_is_shown(desk, caller):
    call = given.call()
    here = take(desk)
    end_the_lease(call)

    gone = desk.post(f"{here}outcome/", {"outcome": "NO_ANSWER", "note": "Left with neighbour"})

    text = gone.content.decode()
    assert gone.status_code == 409
    assert "You do not hold this call any more" in text
    assert "Left with neighbour" in text
    assert call.person.family_name not in text


def end_the_lease(call):
    Call.objects.filter(pk=call.pk).update(leased_until=given.NOON - LEASE - timedelta(days=1))


def test_saving_over_somebody_else_names_who_holds_it_now(desk):
    call = given.call()
    here = take(desk)
    other = given.user("CALLER")
    with given.acting(other) as viewer:
        until = viewer.at + LEASE
    Call.objects.filter(pk=call.pk).update(claimed_by=other, leased_until=until)

    gone = desk.post(f"{here}outcome/", {"outcome": "NO_ANSWER"})

    assert gone.status_code == 409
    assert f"{other.name} holds it now." in gone.content.decode()


def test_recording_twice_keeps_one(desk):
    given.call()
    call = take(desk)
    refusal = {"outcome": "REFUSED", "note": "Busy"}
    desk.post(f"{call}outcome/", refusal)

    again = desk.post(f"{call}outcome/", refusal)

    assert again.status_code == 409
    assert "recorded this call already" in again.content.decode()
    assert Attempt.objects.count() == 1


def addresses(call_id):
    here = f"/calls/{call_id}/"
    return [
        here,
        f"{here}questions/",
        f"{here}questions/2/",
        f"{here}emergency/",
        f"{here}outcome/",
    ]


def test_a_call_of_somebody_else_is_not_there(desk):
    call = given.call()
    with given.acting(given.user("CALLER")) as viewer:
        Call.objects.filter(pk=call.pk).update(
            status="CLAIMED", claimed_by=viewer.user_id, leased_until=viewer.at + LEASE
        )

    found = {desk.get(each).status_code for each in addresses(call.pk)}
    posted = {desk.post(f"/calls/{call.pk}/{end}").status_code for end in ("back/", "outcome/")}

    assert found == posted == {404}


def test_a_waiting_call_cannot_be_opened_by_its_address(desk):
    call = given.call()

    assert desk.get(f"/calls/{call.pk}/").status_code == 404
    assert desk.get(f"/calls/{uuid4()}/").status_code == 404


def test_nobody_signed_in_is_sent_to_the_start(client, worker):
    assert client.get("/calls/").status_code == 302
    assert client.post("/calls/next/").status_code == 302


@pytest.mark.parametrize("role", ["PRACTICE", "SURVEILLANCE", "PARTNER", "LEAD"])
def test_other_roles_may_not_ring(client, worker, role):
    given.sign_in(client, given.user(role, given.area().practice))

    assert client.get("/calls/").status_code == 403
    assert client.post("/calls/next/").status_code == 403


def test_the_pages_ask_the_database_a_fixed_number_of_questions(
    desk, django_assert_max_num_queries
):
    for _ in range(3):
        given.call()
    call = take(desk)

    with django_assert_max_num_queries(28):
        desk.get(call)
    with django_assert_max_num_queries(18):
        desk.get("/calls/")


def test_fields_nobody_asked_for_change_nothing(desk, caller):
    call = given.call()
    other = given.user("CALLER")

    desk.post(
        f"{take(desk)}outcome/",
        {"outcome": "REFUSED", "by": str(other.pk), "status": "HANDED_ON", "attempts": "9"},
    )

    call.refresh_from_db()
    assert (call.status, call.attempts) == (Call.Status.DONE, 1)
    assert Attempt.objects.get().by == caller


def test_addresses_hold_ids_and_numbers_alone(desk):
    given.call()
    text = page(desk, take(desk))

    links = re.findall(r'href="(/calls[^"]*)"', text)

    words = {part for each in links for part in re.split("[/?=]", each) if part}
    unknown = {each for each in words if not re.fullmatch(r"[0-9a-f-]{36}|[0-9]+", each)}
    assert unknown <= {"calls", "questions", "outcome", "emergency"}


@pytest.mark.parametrize("go", ["outcome", "emergency"])
def test_leaving_a_question_keeps_what_was_chosen_and_typed(desk, go):
    given.call()
    call = take(desk)

    left = desk.post(
        f"{call}questions/{question_of('feeling')}/",
        {"answer": "same", "note": "Tired now", "go": go},
    )

    assert left.url == f"{call}{go}/"
    assert Answer.objects.get().value == "same"
    assert "Tired now" in page(desk, f"{call}outcome/")


def test_an_emergency_needs_no_answer_to_be_acted_on(desk):
    given.call()
    call = take(desk)

    left = desk.post(f"{call}questions/{question_of('feeling')}/", {"go": "emergency"})

    assert left.url == f"{call}emergency/"
    assert "End the call: handed over" in page(desk, left.url)
