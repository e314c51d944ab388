"""Whose an alert is: open, willing, staffed, at work; else the next; in the end surveillance."""

from datetime import datetime, timedelta

import pytest

from openprotect.accounts.models import Membership
from openprotect.alerts.actions import Concern, accept, raise_alert
from openprotect.alerts.actions.passing import decline
from openprotect.alerts.chores import (
    climb_overdue,
    offer_anew_what_leavers_held,
    rehome_orphans,
    take_back_unaccepted,
)
from openprotect.alerts.models import Alert, Handover
from openprotect.alerts.queries import stands_with
from openprotect.alerts.rules import ChangedMeanwhile, NotYourAlert, Timing, rung
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.places.actions.staffing import undertake
from openprotect.places.models import Team
from openprotect.places.rules.hours import LOCAL
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=LOCAL)


def team(function):
    given.area()
    return Team.objects.get(function=function)


def raised(kind="clinical", urgency="today", *, at=NOON, of=None):
    of = of or given.enrolment()
    concern = Concern("R1", kind, urgency, "Why")
    pack = of.programme.pack_id
    return raise_alert(of, concern, source_id=of.pk, pack_id=pack, at=at)


def office_hours(*functions):
    Team.objects.filter(function__in=functions).update(weekdays=[1, 2, 3, 4, 5])


def leaves(user):
    user.is_active = False
    user.save(update_fields=["is_active"])


def everybody_leaves(organisation):
    for held in Membership.objects.filter(organisation=organisation).select_related("user"):
        leaves(held.user)


class TestRaised:
    def test_at_the_weekend_today_goes_to_who_is_there(self, worker):
        enrolment = given.enrolment()
        office_hours("locality", "practice")

        alert = raised(of=enrolment, at=SATURDAY)

        assert (alert.team.function, alert.instead) == ("surveillance", "NOT_THERE")

    def test_what_can_wait_a_week_waits_for_its_team_over_the_weekend(self, worker):
        enrolment = given.enrolment()
        office_hours("practice")

        alert = raised(urgency="week", of=enrolment, at=SATURDAY)

        assert (alert.team.function, alert.instead) == ("practice", "")
        assert alert.accept_by == datetime(2026, 12, 1, 0, tzinfo=LOCAL)

    def test_a_team_in_which_nobody_works_gets_nothing(self, worker):
        enrolment = given.enrolment()
        everybody_leaves(given.area().locality)

        alert = raised(of=enrolment)

        assert (alert.team.function, alert.instead) == ("surveillance", "NOBODY")

    def test_a_team_that_does_not_take_a_kind_is_passed_over(self, worker):
        enrolment = given.enrolment()
        someone = given.user("LOCALITY", given.area().locality)
        undertake(team("locality"), "clinical", takes=False, because="x", by=someone.pk, at=NOON)

        alert = raised(of=enrolment)

        assert (alert.team.function, alert.instead) == ("surveillance", "NOT_TAKEN")

    def test_a_practice_that_opted_in_gets_what_would_go_elsewhere(self, worker):
        enrolment = given.enrolment()
        doctor = given.user("PRACTICE", given.area().practice)
        undertake(team("practice"), "clinical", takes=True, because="", by=doctor.pk, at=NOON)

        assert raised(of=enrolment).team.function == "practice"

    def test_what_is_urgent_now_goes_as_the_programme_says_whoever_opted_in(self, worker):
        enrolment = given.enrolment()
        doctor = given.user("PRACTICE", given.area().practice)
        undertake(team("practice"), "clinical", takes=True, because="", by=doctor.pk, at=NOON)

        assert raised(urgency="now", of=enrolment).team.function == "surveillance"

    def test_what_nobody_planned_goes_to_surveillance_and_says_so(self, worker):
        alert = raised(kind="welfare", urgency="week")

        assert (alert.team.function, alert.instead) == ("surveillance", "NO_ROUTE")

    def test_surveillance_owns_it_even_when_nobody_is_there_and_it_says_so(self, worker):
        enrolment = given.enrolment()
        everybody_leaves(given.area().system)
        everybody_leaves(given.area().locality)

        alert = raised(of=enrolment)

        assert (alert.team.function, alert.instead) == ("surveillance", "NOBODY")


class TestDeclined:
    def declined(self, alert, nurse, because="We are full"):
        with given.acting(nurse) as viewer:
            return decline(alert, because=because, viewer=viewer, at=NOON + HOUR)

    def test_the_next_team_in_line_gets_it_with_the_reason(self, worker):
        alert = raised()

        self.declined(alert, given.user("LOCALITY", given.area().locality))

        alert.refresh_from_db()
        assert (alert.team.function, alert.instead) == ("surveillance", "DECLINED")
        assert Handover.objects.get().how == Handover.How.DECLINED
        assert Event.objects.filter(name="alert.declined").count() == 1

    def test_a_partner_that_declines_gives_it_to_who_sees_everybody(self, worker):
        alert = raised("social", "today")
        assert alert.team.function == "council"

        self.declined(alert, given.user("PARTNER", given.area().council))

        alert.refresh_from_db()
        assert (alert.team.function, alert.instead) == ("locality", "DECLINED")

    def test_no_reason_no_declining(self, worker):
        with pytest.raises(Refused, match="Write why"):
            self.declined(raised(), given.user("LOCALITY", given.area().locality), because=" ")

    def test_surveillance_is_the_last_in_line(self, worker):
        with pytest.raises(Refused, match="last in line"):
            self.declined(raised(urgency="now"), given.user("SURVEILLANCE"))

    def test_only_who_was_offered_it_declines(self, worker):
        with pytest.raises(NotYourAlert):
            self.declined(raised(), given.user("SURVEILLANCE"))

    def test_what_was_accepted_is_handed_on_and_not_declined(self, worker):
        alert, nurse = raised(), given.user("LOCALITY", given.area().locality)
        with given.acting(nurse) as viewer:
            accept(alert, viewer=viewer, at=NOON)

        with pytest.raises(ChangedMeanwhile):
            self.declined(alert, nurse)

    def test_lapsed_it_goes_down_the_line_and_never_back(self, worker):
        alert = raised("clinical", "week")
        seen = [alert.team.function]
        for days in range(1, 9):
            take_back_unaccepted(at=NOON + days * DAY)
            alert.refresh_from_db()
            seen.append(alert.team.function)

        assert list(dict.fromkeys(seen)) == ["practice", "locality", "surveillance"]
        assert seen == sorted(seen, key=["practice", "locality", "surveillance"].index)
        assert alert.instead == "NOT_ACCEPTED"


class TestGone:
    def test_when_an_organisation_closes_its_alerts_find_another_home(self, worker):
        alert = raised()
        place = given.area().locality
        place.closed_on = NOON.date() - DAY
        place.save(update_fields=["closed_on"])

        assert rehome_orphans(at=NOON + HOUR) == 1

        alert.refresh_from_db()
        assert (alert.team.function, alert.instead) == ("surveillance", "CLOSED")

    def test_when_the_last_of_a_team_leaves_its_alerts_find_another_home(self, worker):
        alert = raised()
        everybody_leaves(given.area().locality)

        assert rehome_orphans(at=NOON + HOUR) == 1

        alert.refresh_from_db()
        assert (alert.team.function, alert.instead) == ("surveillance", "NOBODY")

    def test_what_a_leaver_held_must_be_accepted_anew(self, worker):
        alert, nurse = raised(), given.user("LOCALITY", given.area().locality)
        with given.acting(nurse) as viewer:
            accept(alert, viewer=viewer, at=NOON)
        leaves(nurse)

        assert offer_anew_what_leavers_held(at=NOON + HOUR) == 1
        assert offer_anew_what_leavers_held(at=NOON + HOUR) == 0

        alert.refresh_from_db()
        assert (alert.status, alert.accepted_by) == (Alert.Status.RAISED, None)
        assert alert.team.function == "locality"
        assert alert.accept_by > NOON + HOUR


class TestClimbing:
    @pytest.mark.parametrize(
        ("urgency", "late", "stands"),
        [
            (1, timedelta(0), 0),
            (1, timedelta(minutes=1), 1),
            (1, timedelta(minutes=30), 2),
            (1, timedelta(minutes=60), 3),
            (2, timedelta(hours=3, minutes=59), 1),
            (2, timedelta(hours=4), 2),
            (2, timedelta(hours=8), 3),
            (3, timedelta(hours=23), 1),
            (3, timedelta(days=300), 3),
        ],
    )
    def test_overdue_climbs_rung_by_rung(self, urgency, late, stands):
        timing = Timing(urgency, NOON - HOUR, NOON, is_accepted=True, is_with_surveillance=False)

        assert rung(timing, at=NOON + late) == stands

    def test_what_even_surveillance_does_not_accept_climbs_before_it_is_due(self):
        timing = Timing(1, NOON, NOON + 4 * HOUR, is_accepted=False, is_with_surveillance=True)

        assert rung(timing, at=NOON + timedelta(minutes=1)) == 1

    def test_where_it_stands_is_worked_out_when_read_whatever_the_scheduler_does(self, worker):
        alert = raised()

        assert stands_with(alert, at=alert.due_at) == ""
        assert stands_with(alert, at=alert.due_at + 9 * HOUR) == "the clinical lead"
        assert alert.rung == 0

    def test_the_chore_notes_each_rung_once(self, worker):
        alert = raised()
        for hours in (1, 1, 5, 5, 9, 50):
            climb_overdue(at=alert.due_at + hours * HOUR)

        rungs = Event.objects.filter(name="alert.climbed").order_by("id")
        assert [each.detail["rung"] for each in rungs] == ["1", "2", "3"]

    def test_those_that_wait_on_a_rung_do_not_hold_up_others(self, worker):
        for _ in range(3):
            raised()
        climb_overdue(at=NOON + 25 * HOUR)
        late = given.alert(due_at=NOON + 25 * HOUR)

        assert climb_overdue(at=NOON + 26 * HOUR, limit=1) == 1
        late.refresh_from_db()
        assert late.rung == 1
