"""What is asked once is asked once, and what is asked in a season only then."""

from datetime import datetime, timedelta

import pytest

from openprotect.checkins.actions import cancel
from openprotect.checkins.chores import plan_due
from openprotect.checkins.models import Checkin
from openprotect.checkins.rules import LOCAL
from openprotect.enrolments.models import Enrolment
from openprotect.programmes.models import PackVersion, Programme
from tests import given
from tests.given import NOON

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def asked(cadence):
    """The programme, asking in another rhythm than every day."""
    programme = given.programme()
    files = {name: each.decode() for name, each in given.covid_protect().files.items()}
    files["pack.toml"] = files["pack.toml"].replace("every_days = 1", cadence)
    version = PackVersion.objects.create(
        key="other", version="1.0.0", title="Other", content_hash=cadence[:64], files=files,
        published_at=NOON,
    )  # fmt: skip
    Programme.objects.filter(pk=programme.pk).update(pack=version)


def test_what_is_asked_once_is_planned_once_however_many_days_go_by(worker):
    asked("once = true")
    given.enrolment(active_from=NOON)

    for days in range(0, 800, 40):
        plan_due(at=NOON + days * DAY)

    assert Checkin.objects.count() == 1


@pytest.mark.parametrize("status", ["ANSWERED", "MISSED"])
def test_who_was_asked_once_is_not_asked_again_after_a_pause(worker, status):
    asked("once = true")
    given.enrolment(active_from=NOON)
    plan_due(at=NOON)
    Checkin.objects.update(status=status, answered_at=NOON if status == "ANSWERED" else None)
    Enrolment.objects.update(active_from=NOON + 30 * DAY)

    plan_due(at=NOON + 30 * DAY)

    assert Checkin.objects.count() == 1


def test_who_was_paused_before_answering_is_asked_after_the_pause(worker):
    asked("once = true")
    given.enrolment(active_from=NOON)
    plan_due(at=NOON)
    cancel(Checkin.objects.get(), because="paused", at=NOON)
    Enrolment.objects.update(active_from=NOON + 30 * DAY)

    plan_due(at=NOON + 30 * DAY)

    assert Checkin.objects.filter(status="DUE").count() == 1


def test_outside_its_season_nobody_is_planned_and_within_it_everybody_weekly(worker):
    asked('every_days = 7\nseason = { from = "11-01", to = "03-31" }')
    joined = datetime(2027, 9, 1, 12, tzinfo=LOCAL)
    given.enrolment(active_from=joined)

    days = [joined + each * DAY for each in range(120)]
    for day in days:
        plan_due(at=day)

    due = list(Checkin.objects.order_by("due_on").values_list("due_on", flat=True))
    assert due[0].isoformat() == "2027-11-03"
    assert {(later - due[0]).days % 7 for later in due} == {0}
    assert len(due) == len([day for day in days if day.date() >= due[0]]) // 7 + 1
