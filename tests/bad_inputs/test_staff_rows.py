"""What staff do wrong at the desk, row by row of the catalogue's part S."""

from datetime import timedelta

import pytest

from openprotect.accounts.models import Membership
from openprotect.alerts.actions import accept, close
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import as_seen
from openprotect.alerts.rules import ChangedMeanwhile
from openprotect.base.refusals import Refused
from openprotect.places.models import Team
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(worker):
    return given.user("SURVEILLANCE")


@pytest.fixture
def desk(client, nurse):
    return given.sign_in(client, nurse)


def an_alert(**traits):
    given.area()
    return given.alert(by=Team.objects.get(function="surveillance"), **traits)


def closing(desk, alert, **form):
    return desk.post(f"/alerts/{alert.pk}/closure/", form).content.decode()


def test_s01_two_save_the_second_is_told_and_keeps_the_words(desk):
    alert, other = an_alert(), given.user("SURVEILLANCE")
    with given.acting(other) as viewer:
        seen = as_seen(alert)
        close(alert, "ADVICE", note="Rang", viewer=viewer, at=NOON)

    text = closing(desk, alert, outcome="SEEN", note="I went there", seen=seen)

    assert "closed meanwhile" in text
    assert "I went there" in text


def test_s02_what_another_holds_is_refused_with_the_name(nurse):
    alert, other = an_alert(), given.user("SURVEILLANCE")
    with given.acting(other) as viewer:
        accept(alert, viewer=viewer, at=NOON)

    with given.acting(nurse) as viewer, pytest.raises(ChangedMeanwhile, match=other.name):
        accept(alert, viewer=viewer, at=NOON)


def test_s03_after_the_role_was_taken_nothing_is_saved(desk, nurse):
    alert = an_alert()
    Membership.objects.filter(user=nurse).update(ends_at=NOON - timedelta(days=1))

    answer = desk.post(f"/alerts/{alert.pk}/closure/", {"outcome": "SEEN", "note": "x"})

    alert.refresh_from_db()
    assert answer.status_code == 302
    assert alert.status == Alert.Status.RAISED


def test_s04_an_id_of_another_organisation_is_not_there(client, worker):
    alert = an_alert()
    stranger = given.sign_in(client, given.user("PRACTICE", given.practice("STR")))

    assert stranger.post(f"/alerts/{alert.pk}/closure/", {"outcome": "SEEN"}).status_code == 404


def test_s05_fields_that_no_form_has_change_nothing(desk, nurse):
    alert, other = an_alert(urgency=2), given.user("SURVEILLANCE")
    more = {"urgency": "3", "team": str(alert.pk), "closed_by": str(other.pk), "status": "RAISED"}

    closing(desk, alert, outcome="SEEN", note="Went", **more)

    alert.refresh_from_db()
    assert (alert.urgency, alert.closed_by, alert.status) == (2, nurse, Alert.Status.CLOSED)


@pytest.mark.parametrize("note", ["", "Rang her"])
def test_s06_a_red_alert_takes_a_reason_and_a_second_step(desk, note):
    alert = an_alert(urgency=1)

    closing(desk, alert, outcome="ADVICE", note=note)

    alert.refresh_from_db()
    assert alert.status == Alert.Status.RAISED


def test_s07_closed_while_a_new_answer_is_there_is_refused(desk, nurse):
    alert = an_alert()
    with given.acting(nurse):
        seen = as_seen(alert)
    given.response(of=given.checkin(of=alert.enrolment, status="ANSWERED"))

    assert "New answers came in" in closing(desk, alert, outcome="SEEN", note="x", seen=seen)


def test_s08_nothing_closes_many_and_fifty_at_most_are_taken_on(desk):
    ids = [str(an_alert().pk) for _ in range(51)]

    desk.post("/alerts/accepted/", {"alert": ids})

    assert not Alert.objects.exclude(status=Alert.Status.RAISED).exists()


def test_s09_an_outcome_before_the_alert_is_refused(nurse):
    alert = an_alert()

    with given.acting(nurse) as viewer, pytest.raises(Refused, match="before"):
        close(alert, "SEEN", note="x", viewer=viewer, at=NOON - timedelta(hours=1))


def test_s10_another_persons_nhs_number_in_a_note_is_asked_about(desk):
    alert, other = an_alert(), given.person()

    text = closing(desk, alert, outcome="SEEN", note=f"As for {other.nhs_number}")

    alert.refresh_from_db()
    assert "another person" in text
    assert alert.status == Alert.Status.RAISED


def test_s11_a_key_safe_code_in_a_note_is_asked_about(desk):
    alert = an_alert()

    text = closing(desk, alert, outcome="SEEN", note="Key safe 4711")

    alert.refresh_from_db()
    assert "key safe" in text
    assert alert.status == Alert.Status.RAISED
