"""Ending a call: one choice, what it asks for, and what is typed is never lost on the way."""

from datetime import datetime, time, timedelta

import pytest

from openprotect.accounts.actions.staffing import note_abilities, pause
from openprotect.calls.actions import likes_to_be_rung
from openprotect.calls.models import Attempt, BestTime, Call, Draft
from openprotect.checkins.models import Excuse
from openprotect.checkins.rules import LOCAL
from openprotect.contacts.actions.reaching import set_precaution
from openprotect.people.actions.choosing import record_need
from openprotect.people.models import Need, Via
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


@pytest.fixture
def desk(client, caller):
    return given.sign_in(client, caller)


def take(client, **given_):
    given.call(due_at=NOON - DAY, **given_)
    return client.post("/calls/next/").url


def sent(client, address, **posted):
    return client.post(address, posted, follow=True).content.decode()


def tomorrow_at(clock):
    day = (datetime.now(LOCAL) + DAY).date()
    return {"more": "yes", "day": day.isoformat(), "time": clock}


def test_ringing_another_time_asks_when_and_keeps_the_note_on_the_way(desk):
    end = f"{take(desk)}outcome/"
    said = {"outcome": "RESCHEDULED", "note": "At her sister's"}

    asked = sent(desk, end, **said)
    assert "When shall we ring again?" in asked
    assert 'name="note" value="At her sister&#39;s"' in asked
    assert Draft.objects.get().note == "At her sister's"
    done = sent(desk, end, **said, **tomorrow_at("15:00"))

    assert "comes back as you agreed" in done
    due = Call.objects.get().due_at.astimezone(LOCAL)
    assert (due.hour, due.date()) == (15, (datetime.now(LOCAL) + DAY).date())


def test_a_time_that_has_passed_is_refused_where_it_was_chosen(desk):
    end = f"{take(desk)}outcome/"
    today = datetime.now(LOCAL).date().isoformat()

    asked = sent(desk, end, outcome="RESCHEDULED", more="yes", day=today, time="08:00")

    if datetime.now(LOCAL).hour >= 8:
        assert "This time has passed" in asked
        assert not Attempt.objects.exists()


def test_how_it_ended_can_be_changed_from_the_page_after_it(desk):
    end = f"{take(desk)}outcome/"

    changed = sent(desk, end, outcome="LANGUAGE", note="Speaks to me in Polish", change="yes")

    assert "How did it end?" in changed
    assert "Speaks to me in Polish" in changed
    assert not Attempt.objects.exists()


def test_a_language_is_asked_for_and_kept(desk):
    end = f"{take(desk)}outcome/"

    assert "Which language do they want to speak?" in sent(desk, end, outcome="LANGUAGE")
    sent(desk, end, outcome="LANGUAGE", more="yes", language="pl")

    assert Attempt.objects.get().language == Need.objects.get().language == "pl"


def test_hospital_may_be_recorded_without_knowing_for_how_long(desk):
    end = f"{take(desk)}outcome/"
    nothing = {"home_day": "", "home_month": "", "home_year": ""}

    assert "When do they come home?" in sent(desk, end, outcome="HOSPITAL")
    sent(desk, end, outcome="HOSPITAL", more="yes", **nothing)

    assert Attempt.objects.get().outcome == "HOSPITAL"
    assert Excuse.objects.get().why == "HOSPITAL"


def test_without_consent_answers_for_somebody_are_not_sent_in(desk):
    end = f"{take(desk)}outcome/"

    text = sent(
        desk, end, outcome="ON_BEHALF", more="yes", by_whom="FAMILY", relationship="", consent="NO"
    )

    assert "cannot be sent in" in text
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"did_speak": "yes", "why_not": ""}, ("999 ambulance service", True, "")),
        (
            {"did_speak": "no", "why_not": "Line dead"},
            ("999 ambulance service", False, "Line dead"),
        ),
    ],
)
def test_an_emergency_asks_who_has_them_and_whether_you_spoke(desk, said, kept):
    end = f"{take(desk)}outcome/"

    asked = sent(desk, end, outcome="HANDED_OVER")
    assert "Did you speak to them?" in asked
    assert "tel:01632960199" in asked
    sent(desk, end, outcome="HANDED_OVER", more="yes", handed_to="999", **said)

    attempt = Attempt.objects.get()
    assert (attempt.handed_to, attempt.did_speak, attempt.why_not) == kept


def test_a_handover_that_failed_needs_its_reason(desk):
    end = f"{take(desk)}outcome/"

    text = sent(
        desk, end, outcome="HANDED_OVER", more="yes", handed_to="999", did_speak="no", why_not=" "
    )

    assert "Write why you could not speak to them" in text
    assert not Attempt.objects.exists()


def test_a_worry_about_harm_is_asked_twice_and_told_at_once(desk):
    end = f"{take(desk)}outcome/"
    said = {"outcome": "SAFEGUARDING", "note": "He takes her bank card"}

    assert "Is this what you mean?" in sent(desk, end, **said)
    done = sent(desk, end, **said, confirmed="yes")

    assert "Take a break before the next one" in done
    assert Attempt.objects.get().note == "He takes her bank card"


def test_when_they_like_to_be_rung_is_kept_and_shown_next_time(desk):
    call = take(desk)
    sent(desk, f"{call}outcome/", outcome="NO_ANSWER", likes="morning")

    kept = BestTime.objects.get()
    assert (kept.rings_from.hour, kept.rings_until.hour) == (8, 12)
    BestTime.objects.update(ended_at=NOON)
    Call.objects.update(due_at=NOON - DAY, rings_from=None, rings_until=None)
    call = desk.post("/calls/next/").url
    with given.as_worker():
        likes_to_be_rung(kept.person_id, time(0), time(23, 59, 59), by=None, at=NOON)
    assert "They like to be rung from 00:00 to 23:59" in desk.get(call).content.decode()


def test_grief_is_kept_for_whoever_rings_next(desk):
    sent(desk, f"{take(desk)}outcome/", outcome="REFUSED", grief="yes")

    assert Attempt.objects.get().is_bereaved


def test_what_to_mind_stands_before_the_number(desk):
    call = given.call(due_at=NOON - DAY)
    set_precaution(call.person, "DISCREET", at=NOON)
    record_need(call.person_id, Need.Kind.LARGE_PRINT, via=Via.LINK, at=NOON)

    text = sent(desk, "/calls/next/")

    assert text.index("may not be able to speak freely") < text.index('class="op-dial"')
    assert "Large print" in text


@pytest.mark.parametrize(("speaks", "reads"), [("LANGUAGE:pl", "pl"), ("INTERPRETER", "en")])
def test_who_speaks_their_language_reads_what_to_say_in_it(desk, caller, speaks, reads):
    someone = given.person(language="pl")
    given.call(of=given.checkin(of=given.enrolment(of=someone), status="MISSED"))
    with given.acting(given.user("SUPERVISOR")) as viewer:
        note_abilities(caller.pk, [speaks], viewer=viewer, at=viewer.at)

    text = sent(desk, "/calls/next/")

    script = given.covid_protect().call_script_in(reads)
    said = [each.text for part in script.sections for each in part.passages if each.kind == "say"]
    assert said[0].split(",")[0] in text


def test_a_note_is_kept_while_it_is_written(desk):
    call = take(desk)

    answer = desk.post(f"{call}note/", {"note": "She tells me of her husband"})

    assert answer.status_code == 204
    assert "She tells me of her husband" in desk.get(f"{call}outcome/").content.decode()


def test_after_a_dropped_session_the_call_and_its_note_are_found_again(desk, client, caller):
    call = take(desk)
    desk.post(f"{call}note/", {"note": "Left her at the door"})
    client.cookies.clear()
    assert client.get(call).status_code == 302

    again = given.sign_in(client, caller)

    assert "Go on with your call" in again.get("/calls/").content.decode()
    assert "Left her at the door" in again.get(f"{call}outcome/").content.decode()


def test_the_day_is_counted_on_the_first_page(desk):
    sent(desk, f"{take(desk)}outcome/", outcome="REFUSED")
    given.call(due_at=NOON - DAY)

    text = " ".join(desk.get("/calls/").content.decode().split())

    for name, number in (("made by you today", 1), ("reached", 1), ("left that you can make", 1)):
        assert f"<dt>{name}</dt><dd>{number}</dd>" in text


def test_a_call_for_another_language_is_said_not_hidden(desk):
    someone = given.person(language="pl")
    given.call(of=given.checkin(of=given.enrolment(of=someone), status="MISSED"), language="pl")

    text = desk.get("/calls/").content.decode()

    assert "No call for you at this moment." in text
    assert "1 person waits for another hour, a language or a skill" in text


def test_a_queue_that_rests_says_until_when(desk, caller):
    given.call(due_at=NOON - DAY)
    with given.acting(given.user("SUPERVISOR")) as viewer:
        until = viewer.at + timedelta(hours=1)
        pause(caller.pk, because="Lunch", until=until, viewer=viewer, at=viewer.at)

    assert "Your queue rests." in desk.get("/calls/").content.decode()
    assert "Your queue rests at this moment" in sent(desk, "/calls/next/")
    assert not Call.objects.filter(status="CLAIMED").exists()
