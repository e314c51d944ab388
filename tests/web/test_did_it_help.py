"""Did this help? Asked at the next check-in, by link and by phone, and told to who closed it."""

from datetime import timedelta

import pytest

from openprotect.alerts.actions import close
from openprotect.alerts.models import Alert, FollowUp
from openprotect.calls.models import Call
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.pathway.following import follow_waiting
from tests import given
from tests.given import NOON
from tests.web.checkin.people import asked, ready, words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def nurse(worker):
    return given.user("SURVEILLANCE")


def closed(enrolment, by, **traits):
    """Something was done for somebody, yesterday, by this member of staff."""
    team = given.area().system.covered_by.get(function="surveillance")
    at = NOON - DAY
    times = {"raised_at": at, "accept_by": at + DAY, "due_at": at + DAY}
    alert = given.alert(by=team, of=enrolment, **(times | traits))
    with given.acting(by) as viewer:
        close(alert, "ADVICE", note="Rang", viewer=viewer, at=NOON - timedelta(hours=2))
    follow_waiting(at=NOON)
    return alert


def somebody():
    checkin = asked()
    return checkin, checkin.enrolment


def follow():
    follow_waiting(at=NOON + DAY)


def test_the_next_check_in_asks_whether_it_helped_after_sending(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse, kind="medication", need="medication")
    person = ready(checkin)

    sent = person.press_send()
    page = words(person.get(sent["Location"]))

    assert sent["Location"] == "/check-in/did-it-help"
    assert "your medicines" in page
    assert "Canary" not in page


def test_what_did_not_help_is_open_again_with_the_same_owner(nurse):
    checkin, enrolment = somebody()
    alert = closed(enrolment, nurse)
    person = ready(checkin)

    landed = person.send(person.press_send()["Location"], helped="NO")
    follow()

    again = Alert.objects.open().get()
    assert landed["Location"] == "/check-in/did-it-help"
    assert "What happens next" in words(person.get(landed["Location"]))
    assert (again.follows, again.team) == (alert, alert.team)
    assert Access.objects.filter(what="checkin.helped", person_id=enrolment.person_id).exists()


def test_each_thing_is_asked_about_once_and_may_be_skipped(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse, kind="medication", need="medication")
    closed(enrolment, nurse, kind="social", need="social")
    person = ready(checkin)
    person.press_send()

    for helped in ("YES", "UNSURE"):
        person.send("/check-in/did-it-help", helped=helped)

    assert person.client.get("/check-in/did-it-help")["Location"] == "/check-in/"
    assert FollowUp.objects.filter(answered_at=None).count() == 0


def test_nobody_is_asked_before_their_answers_are_in(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse)

    assert ready(checkin).client.get("/check-in/did-it-help")["Location"] == "/check-in/"


def test_whoever_is_to_ring_999_is_asked_nothing_more(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse)

    assert ready(checkin, chest_pain="yes").press_send()["Location"] == "/check-in/"


def test_a_form_about_one_thing_is_not_kept_as_an_answer_about_another(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse)
    person = ready(checkin)
    person.press_send()

    person.send("/check-in/did-it-help", helped="NO", about=str(checkin.pk))

    assert FollowUp.objects.get().helped == ""


@pytest.fixture
def ringing(client, nurse):
    """A call handler in a call with somebody for whom something was done."""
    call = given.call()
    alert = closed(call.enrolment, nurse, kind="social", need="social")
    desk = given.sign_in(client, given.user("CALLER"))
    here = desk.post("/calls/next/").url
    items = given.covid_protect().questionnaire.items
    number = next(place for place, each in enumerate(items, 1) if each.link_id == "feeling")
    desk.post(f"{here}questions/{number}/", {"answer": "same"})
    return desk, here, alert


def test_a_call_handler_asks_and_what_was_said_is_kept(ringing):
    desk, here, alert = ringing
    page = desk.get(f"{here}outcome/").content.decode()

    answer = desk.post(f"{here}did-it-help/", {"about": str(alert.pk), "helped": "NO"})
    follow()

    said = FollowUp.objects.get()
    assert "did what we did last time help?" in page
    assert "food and help at home" in page
    assert alert.reason not in page
    assert answer.url == f"{here}outcome/"
    assert (said.helped, said.asked_by) == ("NO", Call.objects.get().claimed_by)
    assert Alert.objects.open().get().follows == alert
    assert "last time help?" not in desk.get(f"{here}outcome/").content.decode()


def test_who_closed_it_reads_what_they_said(client, nurse):
    checkin, enrolment = somebody()
    alert = closed(enrolment, nurse)
    person = ready(checkin)
    person.send(person.press_send()["Location"], helped="NO")
    follow()
    desk = given.sign_in(client, nurse)

    page = desk.get("/alerts/did-it-help/").content.decode()

    assert "It did not help" in page
    assert "closed by you" in page
    assert "Open again" in page
    assert "1 answer this week" in desk.get("/alerts/").content.decode()
    assert "it did not help" in desk.get(f"/alerts/{alert.pk}/").content.decode()
    assert Access.objects.filter(what="alerts.helped", person_id=enrolment.person_id).exists()


def test_another_practices_answers_are_not_there(client, nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse)
    person = ready(checkin)
    person.send(person.press_send()["Location"], helped="YES")
    other = given.user("PRACTICE", given.practice("PRB"))

    page = given.sign_in(client, other).get("/alerts/did-it-help/").content.decode()

    assert "Nobody has said yet." in page


def test_the_event_says_nothing_of_what_it_was_about(nurse):
    checkin, enrolment = somebody()
    closed(enrolment, nurse)
    person = ready(checkin)
    person.send(person.press_send()["Location"], helped="PARTLY")

    assert Event.objects.get(name="alert.help_answered").detail == {"helped": "PARTLY"}
    assert not Alert.objects.open().exists()
