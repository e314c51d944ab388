"""Giving an alert to another team: with a reason, in reach, and never out of everybody's sight."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprotect.accounts.rules import Role
from openprotect.alerts.actions import accept, close
from openprotect.alerts.actions.passing import pass_on
from openprotect.alerts.models import Alert, Handover
from openprotect.alerts.queries import as_seen, teams_in_reach
from openprotect.alerts.rules import ChangedMeanwhile, NotYourAlert
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.places.models import Team
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


def team(function):
    given.area()
    return Team.objects.get(function=function)


def handed(viewer, alert, to, because="They are nearer"):
    return pass_on(alert, to, because=because, viewer=viewer, at=NOON + timedelta(hours=3))


def test_the_next_team_gets_the_alert_with_the_reason_and_time_to_accept_it(worker):
    alert = given.alert(by=team("surveillance"))
    nurse = given.user("SURVEILLANCE")

    with given.acting(nurse) as viewer:
        accept(alert, viewer=viewer, at=NOON)
        handed(viewer, alert, team("council"))

    alert.refresh_from_db()
    assert (alert.team, alert.status) == (team("council"), Alert.Status.RAISED)
    assert alert.accept_by > NOON + timedelta(hours=3)
    assert alert.due_at == NOON + timedelta(hours=4)
    assert Handover.objects.get().because == "They are nearer"


def test_the_reason_is_not_written_into_the_event(worker):
    alert = given.alert(by=team("surveillance"))

    with given.acting(given.user("SURVEILLANCE")) as viewer:
        handed(viewer, alert, team("locality"), because="Mrs Canary asked for it")

    assert "Canary" not in str(Event.objects.get(name="alert.handed_on").detail)


def test_a_reason_is_needed(worker):
    alert = given.alert(by=team("surveillance"))

    with (
        given.acting(given.user("SURVEILLANCE")) as viewer,
        pytest.raises(Refused, match="Write why"),
    ):
        handed(viewer, alert, team("locality"), because="  ")


def test_a_team_that_looks_after_others_is_refused(worker):
    alert = given.alert(by=team("surveillance"))
    elsewhere = given.practice("ELS").covered_by.get(function="practice")

    with (
        given.acting(given.user("SURVEILLANCE")) as viewer,
        pytest.raises(Refused, match="does not look after"),
    ):
        handed(viewer, alert, elsewhere)


def test_another_teams_alert_cannot_be_passed_on(worker):
    alert = given.alert(by=team("surveillance"))

    with (
        given.acting(given.user("LOCALITY", given.area().locality)) as viewer,
        pytest.raises(NotYourAlert),
    ):
        handed(viewer, alert, team("council"))


def test_a_partner_gives_back_what_it_cannot_do_and_sees_it_no_more(worker):
    alert = given.alert(by=team("council"), kind="social")
    officer = given.user("PARTNER", given.area().council)

    with given.acting(officer) as viewer:
        assert {each.function for each in teams_in_reach(viewer, alert, at=NOON)} == {
            "surveillance",
            "locality",
        }
        handed(viewer, alert, team("locality"), because="No driver today")
        assert not Alert.objects.exists()

    alert.refresh_from_db()
    assert alert.team == team("locality")
    assert Event.objects.get(name="alert.handed_on").by == officer


def test_the_database_gives_back_only_what_is_ones_own(worker):
    alert = given.alert(by=team("surveillance"))
    officer = given.user("PARTNER", given.area().council)

    with (
        given.acting(officer),
        pytest.raises(DatabaseError, match="not yours"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT give_back_alert(%s, %s, %s)", [alert.pk, team("locality").pk, NOON])


def test_after_the_basis_has_ended_the_practice_works_it_and_cannot_lose_it(worker):
    given.basis("covid-protect", ends_at=NOON - timedelta(days=2))
    alert = given.alert(by=team("practice"))
    doctor = given.user("PRACTICE", given.area().practice)

    with given.acting(doctor) as viewer:
        with pytest.raises(Refused, match="legal basis has ended"):
            handed(viewer, alert, team("locality"))
        accept(alert, viewer=viewer, at=NOON)
        close(alert, Alert.Outcome.SEEN, note="", viewer=viewer, at=NOON)

    alert.refresh_from_db()
    assert alert.status == Alert.Status.CLOSED
    assert viewer.role == Role.PRACTICE


def test_closing_is_refused_when_answers_came_in_since_the_page_was_opened(worker):
    enrolment = given.enrolment()
    alert = given.alert(of=enrolment, by=team("surveillance"))
    nurse = given.user("SURVEILLANCE")
    with given.acting(nurse):
        seen = as_seen(alert)
    given.response(of=given.checkin(of=enrolment, status="ANSWERED"))

    with given.acting(nurse) as viewer, pytest.raises(ChangedMeanwhile, match="New answers"):
        close(alert, Alert.Outcome.ADVICE, note="", viewer=viewer, at=NOON, seen=seen)


def test_closing_is_refused_when_somebody_else_accepted_since(worker):
    alert = given.alert(by=team("surveillance"))
    first, second = given.user("SURVEILLANCE"), given.user("SURVEILLANCE")
    with given.acting(first):
        seen = as_seen(alert)
    with given.acting(second) as viewer:
        accept(alert, viewer=viewer, at=NOON)

    with given.acting(first) as viewer, pytest.raises(ChangedMeanwhile, match=second.name):
        close(alert, Alert.Outcome.ADVICE, note="", viewer=viewer, at=NOON, seen=seen)


def test_what_needed_action_now_is_not_closed_without_a_word(worker):
    alert = given.alert(by=team("surveillance"), urgency=1)

    with given.acting(given.user("SURVEILLANCE")) as viewer, pytest.raises(Refused, match="now"):
        close(alert, Alert.Outcome.ADVICE, note=" ", viewer=viewer, at=NOON)


def test_a_closed_alert_cannot_be_accepted(worker):
    alert = given.alert(by=team("surveillance"))

    with given.acting(given.user("SURVEILLANCE")) as viewer:
        close(alert, Alert.Outcome.ADVICE, note="", viewer=viewer, at=NOON)
        with pytest.raises(ChangedMeanwhile):
            accept(alert, viewer=viewer, at=NOON)
