"""A run of the rules, as the role of imports: who comes in, and what is heard of those here."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openprotect.base.isolation import APP, IMPORT
from openprotect.cohorts.models import Found, Run
from openprotect.enrolments.models import Absence, Enrolment
from openprotect.enrolments.rules import Enrolled
from openprotect.pathway.door import enrol_run
from openprotect.people.models import Person
from openprotect.reports.queries.reconcile import standings
from tests import given
from tests.database import SuiteDatabase
from tests.enrolments.finding import recorded, records_of
from tests.given import NOON

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = NOON.date()
EVIDENCE = {
    "group": "diabetes", "code": "73211009", "term": "Diabetes", "on": "2019-01-02", "source": "gp",
}  # fmt: skip


@pytest.fixture
def cohort_run(worker_committing, settings):
    """Runs the rules' result through the door as the import role: `cohort_run([found], [all])`."""
    settings.OPENPROTECT = replace(settings.OPENPROTECT, synthetic=True)
    programme = given.programme()
    given.area()

    def run(found, everyone, as_of=TODAY, superseded=()):
        generation = records_of(*everyone, superseded=superseded).generation
        SuiteDatabase.current.log_in_as(IMPORT)
        kept = Run.objects.create(
            pack=programme.key, pack_version="1", content_hash="", generation=generation,
            as_of=as_of, digest="", people=len(everyone), eligible=len(everyone),
            found_count=len(found), at=NOON, by="test",
        )  # fmt: skip
        for each in found:
            Found.objects.create(
                run=kept, nhs_number=each.nhs_number, practice_code="PRA", evidence=[EVIDENCE]
            )
        return enrol_run(kept, programme, at=NOON)

    return run


def test_whom_a_run_found_comes_in_with_the_evidence(cohort_run):
    found, other = recorded(), recorded()

    assert cohort_run([found], [found, other]) == Enrolled(new=1)

    enrolment = Enrolment.objects.get()
    assert enrolment.person.nhs_number == found.nhs_number
    assert [(each.group, each.on) for each in enrolment.reasons.all()] == [
        ("diabetes", date(2019, 1, 2))
    ]


def test_a_death_is_heard_of_though_the_dead_are_found_no_more(cohort_run):
    here = given.enrolment().person
    dead = recorded(nhs_number=here.nhs_number, deceased=True, deceased_on=NOON.date())

    assert cohort_run([], [dead]) == Enrolled()

    assert Person.objects.get().died_on == NOON.date()
    assert Enrolment.objects.get().status == Enrolment.Status.LEFT


def test_found_under_the_number_that_replaced_theirs_somebody_is_not_enrolled_twice(cohort_run):
    here = given.enrolment().person
    found = recorded()

    done = cohort_run([found], [found], superseded={here.nhs_number: found.nhs_number})

    assert done == Enrolled(known=1)
    assert Person.objects.get().nhs_number == found.nhs_number


def test_a_run_that_says_nothing_new_changes_nobody(cohort_run):
    here = given.enrolment().person

    cohort_run([], [recorded(nhs_number=here.nhs_number), recorded()])

    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE


def missed(cohort_run, everyone):
    """Why a run that found nobody says that somebody here is missing."""
    here = given.enrolment().person
    return cohort_run([], everyone(here)).missing


@pytest.mark.parametrize(
    ("recorded_as", "words"),
    [
        (None, "no longer in the records"),
        ({"practice_code": "FAR"}, "registered with a practice outside this area"),
        ({"birth_date": NOON.date()}, "excluded: outside the ages"),
        ({}, "no rule holds any longer"),
    ],
)
def test_whom_a_run_no_longer_finds_stays_with_the_reason(cohort_run, recorded_as, words):
    def everyone(here):
        other = [recorded()]
        return other if recorded_as is None else [_again(here, **recorded_as), *other]

    assert missed(cohort_run, everyone) == ((words, 1),)

    assert Enrolment.objects.get().status == Enrolment.Status.ACTIVE
    assert Absence.objects.get().words == words


def _again(here, **given_as):
    return recorded(nhs_number=here.nhs_number, **given_as)


def test_found_by_the_rules_but_registered_elsewhere_somebody_waits_for_a_decision(cohort_run):
    here = given.enrolment().person
    moved = _again(here, practice_code="FAR")

    done = cohort_run([moved], [moved])

    assert done.left_out == (("practice not known here", 1),)
    assert done.missing == (("registered with a practice outside this area", 1),)


def test_everybody_enrolled_is_accounted_for_after_every_run(cohort_run):
    stays, goes = given.enrolment().person, given.enrolment().person
    new = recorded()

    cohort_run([new, _again(stays)], [new, _again(stays), _again(goes)])

    SuiteDatabase.current.log_in_as(APP)
    with given.as_worker():
        balance = str(standings())
    assert balance.startswith("people enrolled: 3 = 2 found by the last run + 1 waiting: no rule")
    assert "OFF" not in balance


def test_a_run_repeated_as_of_an_earlier_day_changes_nobody(cohort_run):
    here = given.enrolment().person
    again = _again(here)
    cohort_run([again], [again])

    done = cohort_run([], [again], as_of=NOON.date() - timedelta(days=30))

    assert done == Enrolled()
    assert not Absence.objects.exists()
