"""When a team is at work: weekdays, hours, holidays, clock changes, and the rota it keeps."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.places import queries as places
from openprotect.places.actions.staffing import Duty, set_rota, undertake
from openprotect.places.models import Shift
from openprotect.places.rules.bank_holidays import ENGLAND, KNOWN_UNTIL
from openprotect.places.rules.hours import LOCAL, Hours, next_at_work
from tests import given
from tests.refusing import row_security_refuses

OFFICE = Hours((1, 2, 3, 4, 5), time(9), time(17))
ALWAYS = Hours((1, 2, 3, 4, 5, 6, 7), time(8), time(20))


def here(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("hours", "at", "there"),
    [
        (OFFICE, "2026-11-25T10:00", "2026-11-25T10:00"),
        (OFFICE, "2026-11-25T07:00", "2026-11-25T09:00"),
        (OFFICE, "2026-11-25T17:00", "2026-11-26T09:00"),
        (OFFICE, "2026-11-27T18:00", "2026-11-30T09:00"),
        (OFFICE, "2026-12-24T18:00", "2026-12-29T09:00"),
        (OFFICE, "2026-04-02T18:00", "2026-04-07T09:00"),
        (ALWAYS, "2026-12-25T07:00", "2026-12-25T08:00"),
        (ALWAYS, "2026-11-29T21:00", "2026-11-30T08:00"),
    ],
    ids=["now", "early", "closing", "weekend", "christmas", "easter", "always", "night"],
)
def test_a_team_is_next_at_work(hours, at, there):
    assert next_at_work(hours, here(at)) == here(there)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_hours_follow_the_wall_clock_over_a_change_of_clocks(day):
    evening = here(f"{day}T21:00")

    assert next_at_work(ALWAYS, evening).astimezone(LOCAL).time() == time(8)


def test_every_year_has_eight_holidays_and_those_that_were_proclaimed():
    by_year = [sum(on.year == year for on in ENGLAND) for year in range(2020, 2029)]

    assert by_year == [8, 8, 10, 9, 8, 8, 8, 8, 8]
    assert all(on.isoweekday() <= 5 for on in ENGLAND)


def test_the_holidays_reach_beyond_the_coming_year():
    """Fails a year before the list ends, which is when somebody must carry it on."""
    assert KNOWN_UNTIL - datetime.now(UTC).date() > timedelta(days=365)


def test_a_team_without_holidays_in_its_list_is_taken_to_be_there():
    christmas = datetime(2031, 12, 25, 12, tzinfo=LOCAL)

    assert next_at_work(OFFICE, christmas) == christmas
    assert christmas.date() > KNOWN_UNTIL > date(2028, 1, 1)


@pytest.mark.django_db
class TestRotas:
    SUNDAY = here("2026-11-29T10:00")

    def on(self, team, starts, ends, user=None):
        duty = Duty((user or given.colleague("SURVEILLANCE", team.organisation)).pk, starts, ends)
        week = {"starts_at": here("2026-11-23T00:00"), "ends_at": here("2026-11-30T00:00")}
        return set_rota(team, [duty], at=given.NOON, **week)

    def test_a_rota_goes_before_hours_and_may_leave_a_sunday_empty(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")
        self.on(team, here("2026-11-27T08:00"), here("2026-11-27T20:00"))

        assert places.next_on_duty(team, self.SUNDAY) is None
        assert places.next_on_duty(team, here("2026-11-27T07:00")) == here("2026-11-27T08:00")
        assert places.next_on_duty(team, here("2026-11-27T09:00")) == here("2026-11-27T09:00")

    def test_who_has_left_does_not_staff_a_rota(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")
        nurse = given.colleague("SURVEILLANCE", team.organisation)
        self.on(team, here("2026-11-29T08:00"), here("2026-11-29T20:00"), nurse)
        nurse.is_active = False
        nurse.save(update_fields=["is_active"])

        assert places.next_on_duty(team, self.SUNDAY) is None

    def test_a_new_rota_replaces_the_old_one_for_those_days(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")
        for hour in (8, 9):
            self.on(team, here(f"2026-11-29T{hour:02d}:00"), here("2026-11-29T20:00"))

        assert Shift.objects.filter(withdrawn_at=None).count() == 1
        assert Event.objects.filter(name="rota.set").count() == 2

    def test_a_shift_outside_the_rotas_days_is_refused(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")

        with pytest.raises(Refused, match="outside"):
            self.on(team, here("2026-12-05T08:00"), here("2026-12-05T20:00"))

    def test_a_rota_of_long_ago_is_no_rota(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")
        self.on(team, here("2026-11-27T08:00"), here("2026-11-27T20:00"))
        later = here("2027-01-10T10:00")

        assert places.next_on_duty(team, later) == later

    def test_nobody_writes_the_rota_of_another_organisation(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")

        with given.acting(given.user("PRACTICE", given.area().practice)), row_security_refuses():
            self.on(team, here("2026-11-27T08:00"), here("2026-11-27T20:00"))


@pytest.mark.django_db
class TestUndertakings:
    def test_the_latest_word_of_a_team_holds(self, worker):
        team = given.area().practice.covered_by.get(function="practice")
        doctor = given.user("PRACTICE", given.area().practice)
        for minutes, takes in enumerate((False, True, False)):
            at = given.NOON + timedelta(minutes=minutes)
            undertake(team, "medication", takes=takes, because="Staff", by=doctor.pk, at=at)

        assert places.refuses(team, "medication")
        assert not places.refuses(team, "clinical")

    def test_not_taking_something_needs_a_reason(self, worker):
        team = given.area().practice.covered_by.get(function="practice")

        with pytest.raises(Refused, match="Say why"):
            undertake(team, "clinical", takes=False, because=" ", by=None, at=given.NOON)

    def test_surveillance_cannot_say_no(self, worker):
        team = given.area().system.covered_by.get(function="surveillance")

        with pytest.raises(Refused, match="nobody else"):
            undertake(team, "clinical", takes=False, because="Busy", by=None, at=given.NOON)
