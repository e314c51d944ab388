"""Is somebody there? Hours, days and rotas in the browser, what was left behind, what climbed."""

from datetime import datetime, timedelta

import pytest

from openprotect.places.models import Shift, SpecialDay, Team, WorkingHours
from openprotect.places.queries import next_on_duty
from openprotect.places.rules.hours import LOCAL
from openprotect.voices.models import Note
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


def team(function="locality"):
    return Team.objects.get(function=function)


def today():
    with given.acting(given.user("LEAD")) as viewer:
        return viewer.at.astimezone(LOCAL)


def boxes(prefix, on):
    return {f"{prefix}_day": on.day, f"{prefix}_month": on.month, f"{prefix}_year": on.year}


def test_new_hours_hold_from_their_day_on_and_route_work(lead):
    found = team()

    landed = lead.post(
        f"/programme/teams/{found.pk}/hours/",
        {
            "hours-weekdays": ["6", "7"],
            "hours-opens": "10",
            "hours-closes": "12:30",
            "hours-because": "A weekend team",
        },
        follow=True,
    )

    assert "Saturday to Sunday, 10:00 to 12:30" in text(landed)
    there = next_on_duty(found, datetime(2027, 6, 9, 9, tzinfo=LOCAL))
    assert there is not None
    assert (there.isoweekday(), there.hour) == (6, 10)


def test_hours_that_end_before_they_begin_are_refused(lead):
    found = team()

    page = lead.post(
        f"/programme/teams/{found.pk}/hours/",
        {"hours-weekdays": ["1"], "hours-opens": "18:00", "hours-closes": "9",
         "hours-because": "A slip"},
    )  # fmt: skip

    assert "opens before it closes" in text(page)
    assert not WorkingHours.objects.exists()


def test_one_day_away_sends_work_to_the_next_in_line(lead):
    found, at = team("surveillance"), today()
    on = (at + timedelta(days=1)).date()

    landed = lead.post(
        f"/programme/teams/{found.pk}/day/",
        {**boxes("day-on", on), "day-there": "no", "day-because": "Training"},
        follow=True,
    )

    assert "Away on" in text(landed)
    assert SpecialDay.objects.get().on == on
    assert "nobody on" in text(lead.get("/programme/teams/"))


def test_a_rota_with_a_hole_is_kept_and_the_hole_is_said(lead):
    found, at = team("surveillance"), today()
    nurse = given.user("SURVEILLANCE")
    days = [(at + timedelta(days=each)).date() for each in range(14)]
    hole = days[3]

    landed = lead.post(
        f"/programme/teams/{found.pk}/rota/",
        {"duty": [f"{on.isoformat()}:{nurse.pk}" for on in days if on != hole]},
        follow=True,
    )

    assert f"nobody is there on {hole:%A}" in text(landed)
    assert Shift.objects.filter(team=found, withdrawn_at=None).count() == 13
    assert "nobody on" in text(lead.get("/programme/teams/"))


def test_somebody_who_does_not_work_there_cannot_be_put_on_its_rota(lead):
    found, on = team("surveillance"), today().date()
    stranger = given.user("PRACTICE", given.area().practice)

    lead.post(f"/programme/teams/{found.pk}/rota/", {"duty": [f"{on.isoformat()}:{stranger.pk}"]})

    assert not Shift.objects.exists()


def test_a_practice_changes_its_own_team_and_no_other(worker, client):
    given.programme()
    desk = given.sign_in(client, given.user("PRACTICE", given.area().practice))

    assert "Pra" in text(desk.get("/programme/teams/"))
    assert desk.get(f"/programme/teams/{team('practice').pk}/").status_code == 200
    assert desk.get(f"/programme/teams/{team().pk}/").status_code == 404
    assert desk.post(f"/programme/teams/{team().pk}/rota/").status_code == 404


def test_what_a_closed_team_left_is_told(lead):
    given.alert(by=team("surveillance"), instead="CLOSED")

    page = text(lead.get("/programme/teams/"))

    assert "1 open alert</strong>, because that team has closed" in page


def late(**traits):
    since = NOON - timedelta(days=3)
    times = {"raised_at": since, "accept_by": since, "due_at": since}
    return given.alert(**(times | traits))


@pytest.mark.parametrize("role", ["LEAD", "CLINICAL"])
def test_leads_see_what_climbed_by_team_and_why_and_nobody_by_name(worker, client, role):
    alert = late()
    late(by=team("surveillance"), status="ACCEPTED", accepted_at=NOON,
         accepted_by=given.user("SURVEILLANCE"))  # fmt: skip

    page = text(given.sign_in(client, given.user(role)).get("/programme/climbed/"))

    assert "Offered, and nobody accepted it in time" in page
    assert "Accepted, and not settled in time" in page
    assert "The clinical lead" in page
    assert alert.person.family_name not in page


def test_the_one_action_reaches_the_team(worker, client):
    alert = late()
    desk = given.sign_in(client, given.user("CLINICAL"))
    here = f"/programme/climbed/{alert.team_id}/"

    assert "One of your alerts has climbed to me." in text(desk.get(here))
    landed = desk.post(here, {"words": "What do you need?"}, follow=True)

    assert "Sent, to them alone." in text(landed)
    assert (Note.objects.get().kind, Note.objects.get().team) == ("CALLED_ON", alert.team)
    theirs = given.sign_in(client, given.user("PRACTICE", alert.team.organisation))
    assert "What do you need?" in text(theirs.get("/alerts/"))


def test_a_locality_sees_its_own_areas_alone(worker, client):
    late()
    elsewhere = given.user("LOCALITY", given.locality("LOC2"))
    here = given.user("LOCALITY", given.area().locality)

    pages = [text(given.sign_in(client, each).get("/programme/climbed/"))
             for each in (here, elsewhere)]  # fmt: skip

    assert "nobody accepted it in time" in pages[0]
    assert "Nothing has climbed." in pages[1]


def test_nothing_is_written_to_a_team_with_nothing_late(lead):
    assert lead.get(f"/programme/climbed/{team().pk}/").status_code == 404
