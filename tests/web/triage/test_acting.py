"""Accepting, closing and handing over; what is kept when two act at once."""

from datetime import timedelta

import pytest

from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from tests import given
from tests.given import NOON
from tests.web.triage.at_the_desk import alert, page, seen_on, team

pytestmark = pytest.mark.django_db


def test_an_alert_is_accepted_in_one_click(desk, nurse):
    made = alert()

    landed = desk.post(f"/alerts/{made.pk}/acceptance/", follow=True)

    made.refresh_from_db()
    assert (made.status, made.accepted_by) == (Alert.Status.ACCEPTED, nurse)
    assert "Accepted. It is yours now." in landed.content.decode()


def test_what_somebody_else_accepted_first_is_said(desk):
    made, other = alert(), given.user("SURVEILLANCE")
    with given.acting(other) as viewer:
        alerts.accept(made, viewer=viewer, at=NOON)

    landed = desk.post(f"/alerts/{made.pk}/acceptance/", follow=True)

    assert f"{other.name} has already accepted this." in landed.content.decode()


def test_an_alert_is_closed_with_an_outcome(desk, nurse):
    made = alert()
    here = f"/alerts/{made.pk}/"

    landed = desk.post(
        f"{here}closure/", {"outcome": "ADVICE", "note": "Rang her", "seen": seen_on(desk, here)}
    )

    made.refresh_from_db()
    assert landed.url == "/alerts/"
    assert (made.outcome, made.note, made.closed_by) == ("ADVICE", "Rang her", nurse)
    assert "Rang her" in page(desk, here)


def test_closing_without_an_outcome_is_refused_and_the_note_kept(desk):
    made = alert()

    text = page(desk, f"/alerts/{made.pk}/closure/", note="Rang her")

    assert "choose what came of it" in text
    assert "Rang her" in text


def test_a_red_alert_takes_a_note_and_a_second_step(desk):
    made = alert(urgency=1)
    here = f"/alerts/{made.pk}/closure/"

    assert "write what was done" in page(desk, here, outcome="ADVICE", note="")
    assert "Is this what you mean?" in page(desk, here, outcome="ADVICE", note="Ambulance went")
    made.refresh_from_db()
    assert made.status == Alert.Status.RAISED

    desk.post(here, {"outcome": "ADVICE", "note": "Ambulance went", "confirmed": "yes"})

    made.refresh_from_db()
    assert made.status == Alert.Status.CLOSED


def test_a_note_with_another_persons_number_is_asked_about(desk):
    made, other = alert(), given.person()
    here = f"/alerts/{made.pk}/closure/"

    asked = page(desk, here, outcome="ADVICE", note=f"see {other.nhs_number}")
    own = page(desk, here, outcome="ADVICE", note=f"see {made.person.nhs_number}")

    assert "another person&#39;s NHS number" in asked
    assert "Is this what you mean?" not in own


def test_closed_by_another_meanwhile_is_told_and_the_text_kept(desk):
    made = alert()
    here = f"/alerts/{made.pk}/"
    seen = seen_on(desk, here)
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        alerts.close(made, "SEEN", note="Visited", viewer=viewer, at=NOON)

    text = page(desk, f"{here}closure/", outcome="ADVICE", note="My own note", seen=seen)

    assert "closed meanwhile" in text
    assert "My own note" in text
    made.refresh_from_db()
    assert made.note == "Visited"


def test_new_answers_meanwhile_are_read_before_it_is_closed(desk):
    enrolment = given.enrolment()
    made = alert(of=enrolment)
    here = f"/alerts/{made.pk}/"
    seen = seen_on(desk, here)
    given.response(of=given.checkin(of=enrolment, status="ANSWERED"))

    text = page(desk, f"{here}closure/", outcome="ADVICE", note="My own note", seen=seen)

    assert "New answers came in while this page was open." in text
    assert "My own note" in text
    made.refresh_from_db()
    assert made.status == Alert.Status.RAISED


def test_fields_nobody_asked_for_change_nothing(desk, nurse):
    made, other = alert(urgency=2), given.user("SURVEILLANCE")

    desk.post(
        f"/alerts/{made.pk}/closure/",
        {
            "outcome": "SEEN",
            "closed_by": str(other.pk),
            "urgency": "3",
            "organisation": "x",
            "closed_at": "2050-01-01",
        },
    )

    made.refresh_from_db()
    assert (made.closed_by, made.urgency) == (nurse, 2)
    assert made.closed_at < NOON + timedelta(days=2)


def test_an_alert_is_handed_to_another_team_with_the_reason(desk):
    made = alert()
    here = f"/alerts/{made.pk}/handover/"
    council = team("council")

    assert council.name in page(desk, here)
    landed = desk.post(here, {"team": str(council.pk), "because": "They deliver food"})

    made.refresh_from_db()
    assert (landed.url, made.team) == ("/alerts/", council)
    assert "They deliver food" in page(desk, f"/alerts/{made.pk}/")


def test_handing_over_without_a_reason_is_refused(desk):
    made = alert()

    text = page(desk, f"/alerts/{made.pk}/handover/", team=str(team("council").pk))

    assert "write why" in text


def test_a_team_out_of_reach_cannot_be_chosen(desk):
    made = alert()
    elsewhere = given.practice("ELS").covered_by.get(function="practice")

    desk.post(f"/alerts/{made.pk}/handover/", {"team": str(elsewhere.pk), "because": "Why not"})

    made.refresh_from_db()
    assert made.team == team("surveillance")


def test_a_partner_whose_alert_went_back_keeps_what_was_typed(client, worker):
    made = alert(by=team("council"), kind="social")
    officer = given.user("PARTNER", given.area().council)
    given.sign_in(client, officer)
    client.post(f"/alerts/{made.pk}/acceptance/")
    alerts.hand_on(made, team("surveillance"), because="not accepted in time", at=NOON)

    gone = client.post(f"/alerts/{made.pk}/closure/", {"outcome": "SEEN", "note": "Brought bread"})

    assert gone.status_code == 409
    assert "Brought bread" in gone.content.decode()
