"""A practice is reminded once before its deadline, and what happens at it is a setting."""

from datetime import timedelta

import pytest

from openprotect.enrolments.chores import activate_due, remind_due
from openprotect.enrolments.models import Enrolment, Reminder
from openprotect.events.models import Event
from openprotect.programmes.actions import adapt
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def in_review(*, days=2, at=None):
    return given.enrolment(of=given.person(at=at), active=False, preview_ends_at=NOON + days * DAY)


def chosen(key, value):
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        adapt(given.programme(), key, value, reason="why", viewer=viewer, at=NOON)


def test_a_practice_is_reminded_a_day_before_its_deadline_and_not_sooner(worker):
    in_review(), in_review()

    assert remind_due(at=NOON + DAY - HOUR) == 0
    assert remind_due(at=NOON + DAY) == 1

    made = Reminder.objects.get()
    assert (made.people, made.ends_on) == (2, (NOON + 2 * DAY).date())
    assert Event.objects.get(name="preview.reminded").detail["people"] == 2


def test_reminded_again_and_again_it_is_said_once(worker):
    in_review()

    assert [remind_due(at=NOON + DAY + hours * HOUR) for hours in range(3)] == [1, 0, 0]


def test_a_worker_that_slept_reminds_late_rather_than_never(worker):
    in_review()

    assert remind_due(at=NOON + 2 * DAY - HOUR) == 1


def test_people_found_later_have_a_deadline_and_a_reminder_of_their_own(worker):
    in_review()
    remind_due(at=NOON + DAY)
    Enrolment.objects.update(status="VETOED")
    in_review(days=5)

    assert remind_due(at=NOON + 4 * DAY) == 1
    assert Reminder.objects.count() == 2


def test_each_practice_is_reminded_by_its_localitys_choice(worker):
    far = given.practice("FAR", locality=given.locality("LOC2"))
    in_review(days=5), in_review(days=5, at=far)
    chosen("reminder_days", 4)

    assert remind_due(at=NOON + DAY) == 1
    assert Reminder.objects.get().practice.code == "PRA"


def test_whoever_has_decided_is_not_reminded(worker):
    given.enrolment()
    given.enrolment(active=False, status="VETOED", preview_ends_at=NOON + DAY)

    assert remind_due(at=NOON + DAY) == 0


def test_in_a_paused_programme_nobody_is_reminded(worker):
    in_review()
    Programme.objects.update(status="PAUSED")

    assert remind_due(at=NOON + DAY) == 0


def test_a_practice_is_reminded_once_a_deadline_by_the_database(worker):
    in_review()
    remind_due(at=NOON + DAY)
    first = Reminder.objects.get()

    with the_database_refuses("a_practice_is_reminded_once_a_deadline"):
        Reminder.objects.create(
            programme=first.programme, practice=first.practice, ends_on=first.ends_on,
            people=1, at=NOON,
        )  # fmt: skip


def test_at_the_deadline_whom_nobody_kept_out_is_asked(worker):
    in_review()

    assert activate_due(at=NOON + 2 * DAY) == 1


def test_where_the_default_is_to_hold_nobody_is_asked_before_the_practice_has_looked(worker):
    far = given.practice("FAR", locality=given.locality("LOC2"))
    ours, theirs = in_review(), in_review(at=far)
    chosen("preview_default", "hold")

    assert activate_due(at=NOON + 9 * DAY) == 1

    status = dict(Enrolment.objects.values_list("pk", "status"))
    assert status == {ours.pk: "PREVIEW", theirs.pk: "ACTIVE"}


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_remind_once(worker_committing):
    in_review()

    done = at_once(*[lambda: remind_due(at=NOON + DAY)] * 4)

    assert sorted(done) == [0, 0, 0, 1]
    assert Event.objects.filter(name="preview.reminded").count() == 1
