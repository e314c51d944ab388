"""Nobody leaves by omission: whom a run no longer finds waits for a person to decide."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.base.refusals import Refused
from openprotect.enrolments.actions import (
    add_reasons,
    enrol_found,
    keep,
    leave,
    stay,
    take_out,
    veto,
)
from openprotect.enrolments.actions.absences import note_found, note_missing
from openprotect.enrolments.chores import activate_due
from openprotect.enrolments.models import Absence, Decision, Enrolment
from openprotect.enrolments.rules import BY_CLINICIAN, Missing, comes_back
from openprotect.events.models import Event
from tests import given
from tests.enrolments.finding import WHY, details
from tests.given import NOON
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_RULE = Missing("RULE", "no rule holds any longer")
EXCLUDED = Missing("EXCLUDED", "excluded: objected")
TO_REVIEW = {"active": False, "preview_ends_at": NOON + DAY}


def missed(enrolment, why=NO_RULE, at=NOON):
    return note_missing(given.programme(), {enrolment.pk: why}, run=uuid4(), at=at)


def found_again(enrolment, at=NOON + DAY):
    number = enrolment.person.nhs_number
    return note_found(given.programme(), [number], run=uuid4(), at=at)


def said(name):
    return Event.objects.filter(name=name).count()


def status(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


def standing():
    """How each absence there ever was stands, oldest first."""
    return list(Absence.objects.order_by("noticed_at", "id").values_list("settled_as", flat=True))


@pytest.fixture
def here(worker):
    return given.enrolment()


@pytest.fixture
def doctor(worker):
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        yield viewer


def test_whom_a_run_misses_stays_and_waits_with_the_reason(here):
    assert missed(here) == (("no rule holds any longer", 1),)

    absence = Absence.objects.get()
    assert status(here) == "ACTIVE"
    assert (absence.because, absence.words, absence.settled_at) == (
        *NO_RULE.__dict__.values(),
        None,
    )
    assert Event.objects.get(name="enrolment.no_longer_found").detail == {"because": "RULE"}


def test_missed_run_after_run_it_is_said_once(here):
    for days in range(3):
        missed(here, at=NOON + days * DAY)

    assert (standing(), said("enrolment.no_longer_found")) == ([""], 1)


def test_another_reason_takes_the_place_of_the_first_and_both_stay_on_record(here):
    missed(here)
    missed(here, EXCLUDED, at=NOON + DAY)

    assert standing() == ["CHANGED", ""]


def test_found_again_nothing_waits_and_the_absence_stays_on_record(here):
    missed(here)
    found_again(here)

    assert (standing(), status(here)) == (["FOUND"], "ACTIVE")
    assert said("enrolment.found_again") == 1


def test_somebody_found_all_along_is_not_said_to_be_found_again(here):
    assert found_again(here) == 1

    assert said("enrolment.found_again") == 0


def test_whom_the_practice_keeps_is_not_asked_about_again(here, doctor):
    with given.as_worker():
        missed(here)

    stay(here, reason="Her asthma is real", viewer=doctor, at=NOON + DAY)

    with given.as_worker():
        missed(here, at=NOON + 2 * DAY)
        assert (standing(), status(here)) == (["KEPT"], "ACTIVE")
        assert Decision.objects.get().reason == "Her asthma is real"
        assert said("enrolment.kept") == 1


def test_kept_they_are_asked_about_when_missed_for_another_reason(here, doctor):
    with given.as_worker():
        missed(here)
    stay(here, reason="Still breathless", viewer=doctor, at=NOON + DAY)

    with given.as_worker():
        missed(here, EXCLUDED, at=NOON + 2 * DAY)
        assert standing() == ["KEPT", ""]


def test_kept_and_found_again_and_missed_again_they_are_asked_about_anew(here, doctor):
    with given.as_worker():
        missed(here)
    stay(here, reason="Still breathless", viewer=doctor, at=NOON + DAY)

    with given.as_worker():
        missed(here, EXCLUDED, at=NOON + 2 * DAY)
        found_again(here, at=NOON + 3 * DAY)
        missed(here, at=NOON + 4 * DAY)
        assert standing() == ["KEPT", "FOUND", ""]


def test_keeping_needs_a_reason(here, doctor):
    with pytest.raises(Refused, match="Say why"):
        stay(here, reason=" ", viewer=doctor, at=NOON)


def test_whom_the_practice_lets_go_leaves_and_nothing_waits(here, doctor):
    with given.as_worker():
        missed(here)

    take_out(here, "no-longer", note="", viewer=doctor, at=NOON + DAY)

    with given.as_worker():
        assert (standing(), status(here)) == (["OUT"], "LEFT")


def test_a_death_settles_what_waits(here):
    missed(here)
    leave(here, because="has died", at=NOON + DAY)

    assert standing() == ["OUT"]


def test_whom_a_clinician_added_stays_without_a_rule(here):
    by_clinician = [WHY.__class__(BY_CLINICIAN, "Added", "", "Frail", NOON.date(), "practice")]
    add_reasons(here, by_clinician, at=NOON)

    missed(here)

    assert standing() == []


def test_whom_a_clinician_added_is_asked_about_when_the_rules_exclude_them(here):
    by_clinician = [WHY.__class__(BY_CLINICIAN, "Added", "", "Frail", NOON.date(), "practice")]
    add_reasons(here, by_clinician, at=NOON)

    missed(here, EXCLUDED)

    assert standing() == [""]


def test_a_veto_stays_whether_found_or_not(doctor):
    with given.as_worker():
        someone = given.enrolment(**TO_REVIEW)
    veto(someone, "in-hand", note="", viewer=doctor, at=NOON)

    with given.as_worker():
        missed(someone)
        found_again(someone)
        assert (standing(), status(someone)) == ([], "VETOED")


def test_in_review_and_no_longer_found_nobody_is_invited_by_default(worker):
    someone = given.enrolment(**TO_REVIEW)
    missed(someone)

    assert activate_due(at=NOON + 2 * DAY) == 0
    assert status(someone) == "PREVIEW"


def test_in_review_and_found_again_the_default_holds_again(worker):
    someone = given.enrolment(**TO_REVIEW)
    missed(someone)
    found_again(someone)

    assert activate_due(at=NOON + 2 * DAY) == 1


@pytest.mark.parametrize("how", ["stay", "keep"])
def test_in_review_and_no_longer_found_the_practice_may_invite_all_the_same(doctor, how):
    with given.as_worker():
        someone = given.enrolment(**TO_REVIEW)
        missed(someone)

    if how == "stay":
        stay(someone, reason="Known to us", viewer=doctor, at=NOON)
    else:
        keep(someone, viewer=doctor, at=NOON)

    with given.as_worker():
        assert (standing(), status(someone)) == (["KEPT"], "ACTIVE")


def test_in_review_and_no_longer_found_a_veto_settles_it(doctor):
    with given.as_worker():
        someone = given.enrolment(**TO_REVIEW)
        missed(someone)

    veto(someone, "no-longer", note="", viewer=doctor, at=NOON)

    with given.as_worker():
        assert (standing(), status(someone)) == (["OUT"], "VETOED")


def refound(enrolment, practice=None):
    """The rules find somebody again who had left."""
    person = details(nhs_number=enrolment.person.nhs_number)
    practice = practice or given.area().practice
    enrol_found(given.programme(), [(person, practice, [WHY])], at=NOON + 9 * DAY)


def test_let_go_because_the_reason_had_ended_they_are_reviewed_anew_when_it_holds_again(worker):
    someone = given.enrolment(status="LEFT", left_at=NOON, left_because="practice: no-longer")

    refound(someone)

    someone.refresh_from_db()
    assert (someone.status, someone.left_because) == ("PREVIEW", "")
    assert someone.preview_ends_at == NOON + 12 * DAY
    assert said("enrolment.found_again") == 1


def test_taken_out_because_they_asked_it_they_stay_out_though_found_again(worker):
    out = "practice: asked-not-to"
    someone = given.enrolment(status="LEFT", left_at=NOON, left_because=out)

    refound(someone)

    assert status(someone) == "LEFT"


@pytest.mark.parametrize(
    ("left_because", "is_elsewhere", "comes"),
    [
        ("practice: no-longer", False, True),
        ("practice: moved-or-died", True, True),
        ("practice: moved-or-died", False, False),
        ("practice: in-hand", True, False),
        ("has died", True, False),
    ],
)
def test_a_decision_stands_until_its_own_ground_has_passed(left_because, is_elsewhere, comes):
    assert comes_back(left_because, is_elsewhere=is_elsewhere) is comes


def absence(of, **given_as):
    return Absence(
        enrolment=of, person=of.person, programme=of.programme, run=uuid4(), noticed_at=NOON,
        because="RULE", **({"words": "no rule holds any longer"} | given_as),
    )  # fmt: skip


def test_an_enrolment_has_one_open_absence(here):
    absence(here).save(force_insert=True)

    with the_database_refuses("one_open_absence_of_an_enrolment"):
        absence(here).save(force_insert=True)


@pytest.mark.parametrize("half", [{"settled_at": NOON}, {"settled_as": "KEPT"}])
def test_a_settled_absence_says_when_and_how(here, half):
    with the_database_refuses("settled_absence_says_when_and_how"):
        absence(here, **half).save(force_insert=True)


def test_an_absence_says_why(here):
    with the_database_refuses("absence_has_words"):
        absence(here, words="").save(force_insert=True)
