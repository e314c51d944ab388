"""Whom the rules found comes into the programme once, or is left out for a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openprotect.enrolments.actions import enrol_found, hear_of
from openprotect.enrolments.models import Enrolment, Reason
from openprotect.enrolments.rules import Enrolled
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from openprotect.programmes.actions import adapt
from tests import given
from tests.enrolments.finding import WHY, details
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def found(*people, why=(WHY,), practice=None, at=NOON):
    practice = practice or given.area().practice
    return enrol_found(given.programme(), [(each, practice, why) for each in people], at=at)


def test_someone_found_waits_for_the_practices_review(worker):
    found(details())

    enrolment = Enrolment.objects.get()
    assert enrolment.status == Enrolment.Status.PREVIEW
    assert enrolment.found_at == NOON
    assert Event.objects.filter(name="enrolment.found").count() == 1


def test_the_review_takes_as_long_as_the_pack_says(worker):
    found(details())

    assert Enrolment.objects.get().preview_ends_at == NOON + 3 * DAY


def test_the_review_takes_as_long_as_the_locality_chose(worker):
    elsewhere = given.practice("FAR", locality=given.locality("LO2"))
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        adapt(given.programme(), "preview_days", 10, reason="why", viewer=viewer, at=NOON)

    found(details())
    found(details(), practice=elsewhere)

    ends = dict(Enrolment.objects.values_list("practice__code", "preview_ends_at"))
    assert ends == {"PRA": NOON + 10 * DAY, "FAR": NOON + 3 * DAY}


def test_found_again_nothing_changes_but_who_is_counted_as_known(worker):
    someone = details()

    assert found(someone) == Enrolled(new=1)
    assert found(someone, at=NOON + DAY) == Enrolled(known=1)
    assert Enrolment.objects.get().preview_ends_at == NOON + 3 * DAY
    assert Event.objects.filter(name="enrolment.found").count() == 1


def test_everyone_found_is_counted_once(worker):
    known, here = details(), given.area().practice
    found(known)

    done = enrol_found(
        given.programme(),
        [
            (known, here, [WHY]),
            (details(), here, [WHY]),
            (details(), here, [WHY]),
            (details(died_on=date(2026, 1, 1)), here, [WHY]),
            (details(), None, [WHY]),
        ],
        at=NOON,
    )

    assert done == Enrolled(2, 1, (("has died", 1), ("practice not known here", 1)))
    assert done.total == 5


def test_who_is_left_out_is_not_in_the_service_at_all(worker):
    enrol_found(given.programme(), [(details(), None, [WHY])], at=NOON)
    found(details(died_on=date(2026, 1, 1)))

    assert not Person.objects.exists()
    assert not Enrolment.objects.exists()


def test_a_reason_is_kept_once_with_its_evidence(worker):
    someone = details()
    found(someone)
    found(someone)

    reason = Reason.objects.get()
    assert (reason.group, reason.code, reason.on, reason.source) == (
        WHY.group,
        WHY.code,
        WHY.on,
        WHY.source,
    )


def test_a_later_run_adds_reasons_and_removes_none(worker):
    someone = details()
    found(someone)

    found(someone, why=[replace(WHY, group="diabetes", code="73211009")])

    assert set(Reason.objects.values_list("group", flat=True)) == {"asthma", "diabetes"}


def test_the_same_fact_told_by_two_sources_is_kept_from_both(worker):
    found(details(), why=[WHY, replace(WHY, source="hospital")])

    assert Reason.objects.count() == 2


def test_who_moved_is_now_the_new_practices(worker):
    someone, elsewhere = details(), given.practice("ELS")
    found(someone)

    found(someone, practice=elsewhere)

    assert Enrolment.objects.get().practice == elsewhere


def test_a_veto_stands_when_the_rules_find_them_again(worker):
    someone = details()
    found(someone)
    Enrolment.objects.update(status="VETOED")

    found(someone)

    assert Enrolment.objects.get().status == Enrolment.Status.VETOED


def taken_in():
    """Someone in the programme, with a check-in open."""
    someone = details()
    found(someone)
    Enrolment.objects.update(status="ACTIVE", active_from=NOON)
    enrolment = Enrolment.objects.get()
    return someone, given.checkin(of=enrolment)


def test_a_death_in_the_records_ends_everything_planned(worker):
    someone, checkin = taken_in()

    found(replace(someone, died_on=NOON.date()))
    follow_waiting(at=NOON)

    checkin.refresh_from_db()
    enrolment = Enrolment.objects.get()
    assert checkin.status == "CANCELLED"
    assert (enrolment.status, enrolment.left_because) == ("LEFT", "has died")
    assert Person.objects.get().died_on == NOON.date()


def test_a_death_is_heard_of_whether_or_not_they_are_found_again(worker):
    someone, _ = taken_in()

    for _ in range(2):
        hear_of(replace(someone, died_on=NOON.date()), given.area().practice, at=NOON)

    assert Enrolment.objects.get().status == Enrolment.Status.LEFT
    assert Event.objects.filter(name="enrolment.left").count() == 1


def test_news_of_a_stranger_brings_nobody_in(worker):
    hear_of(details(), given.area().practice, at=NOON)

    assert not Person.objects.exists()


def test_a_move_to_a_practice_unknown_here_keeps_the_one_we_know(worker):
    someone, _ = taken_in()

    hear_of(someone, None, at=NOON)

    assert Person.objects.get().practice == given.area().practice
