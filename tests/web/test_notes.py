"""The pages of notes: what was said to us, thanks, who may need a hand, you said we did."""

from datetime import timedelta

import pytest

from openprotect.voices.models import Feedback, Note, Wording
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.fixture
def lead(worker, client):
    given.programme()
    given.area()
    return given.sign_in(client, given.user("LEAD"))


def late_alert():
    since = NOON - timedelta(days=3)
    return given.alert(raised_at=since, accept_by=since, due_at=since)


def test_a_lead_reminds_a_team_privately_and_it_reads_it_at_its_desk(lead, client):
    alert = late_alert()
    page = text(lead.get("/notes/waiting/"))

    landed = lead.post(f"/notes/waiting/{alert.team_id}/alerts/", follow=True)

    note = Note.objects.get()
    assert "Remind privately" in page
    assert "Sent, to them alone." in text(landed)
    assert "not again yet" in text(landed)
    desk = given.sign_in(client, given.user("PRACTICE", alert.team.organisation))
    assert "1 alert is waiting since" in text(desk.get("/alerts/"))
    assert "1 alert is waiting since" in text(desk.get("/practice/"))
    desk.post(f"/notes/{note.pk}/read/")
    assert "1 alert is waiting since" not in text(desk.get("/alerts/"))


def test_a_reminder_for_a_team_with_nothing_waiting_is_not_sent(lead):
    team = given.area().practice.covered_by.get(function="practice")

    landed = lead.post(f"/notes/waiting/{team.pk}/alerts/", follow=True)

    assert "Nothing waits there any more." in text(landed)
    assert not Note.objects.exists()


def test_a_lead_thanks_a_team(lead):
    team = given.area().practice.covered_by.get(function="practice")

    landed = lead.post(
        "/notes/thanks/", {"team": team.pk, "words": "For Sunday", "person": ""}, follow=True
    )

    assert "Sent. They see it when they next sign in." in text(landed)
    assert Note.objects.get().team == team


def test_thanks_to_somebody_unknown_are_asked_about(lead):
    team = given.area().practice.covered_by.get(function="practice")

    page = lead.post("/notes/thanks/", {"team": team.pk, "words": "Thanks", "person": "nobody"})

    assert "Nobody signs in by that name" in text(page)


def test_words_of_a_reminder_are_changed_and_checked(lead):
    bad = lead.post("/notes/wording/reminder/", {"words": "Hurry up", "over": "0"})
    good = lead.post("/notes/wording/reminder/", {"words": "{waiting} since {since}", "over": "0"})

    assert "Say {since} and {waiting} too" in text(bad)
    assert good.status_code == 302
    assert Wording.objects.get().words == "{waiting} since {since}"
    assert lead.get("/notes/wording/scolding/").status_code == 404


def test_every_staff_page_has_a_door_to_say_what_could_be_better(lead):
    assert "/notes/said/new/?page=notes:home" in lead.get("/notes/").text


def test_what_is_said_is_kept_with_the_name_of_the_page_never_an_address(lead):
    for page in ("triage:case", "/alerts/0a1b2c3d/"):
        lead.post("/notes/said/new/", {"words": f"About {len(page)}", "page": page})

    assert sorted(Feedback.objects.values_list("page", flat=True)) == ["", "triage:case"]


def test_the_lead_answers_and_everybody_reads_it(lead, client):
    lead.post("/notes/said/new/", {"words": "Too small", "page": ""})
    said = Feedback.objects.get()

    lead.post(f"/notes/said/{said.pk}/answer/", {"state": "DONE", "words": "Larger now"})
    page = text(given.sign_in(client, given.user("CALLER")).get("/notes/said/"))

    assert "Too small" in page
    assert "Larger now" in page
    assert "Answer anew" not in page
