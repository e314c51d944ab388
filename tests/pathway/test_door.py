"""A practice asks for one of its patients: looked up in the records, brought in, or refused."""

from datetime import timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.actions import ask_to_add
from openprotect.enrolments.models import Decision, Enrolment, Request
from openprotect.pathway.rounds import go_round
from openprotect.records import actions as records
from openprotect.records.actions import Options
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
NUMBER = synthetic_number("a patient whom the rules missed")
CURRENT = synthetic_number("the number that replaced theirs")
HEADER = "nhs_number,given_name,family_name,birth_date,sex,practice_code,mobile"


@pytest.fixture
def recorded(worker, tmp_path):
    """Take one person into the records, registered with a practice."""

    def take_in(practice="PRA", **options):
        file = tmp_path / "people.csv"
        file.write_text(f"{HEADER}\n{NUMBER},Ada,Missed,1941-03-04,female,{practice},07700900123\n")
        records.take_in(
            [file],
            Options(synthetic=True, **options),
            folder=tmp_path / "lake",
            today=NOON.date(),
            by="ann",
            at=NOON,
        )

    return take_in


def asked(at=NOON):
    """The practice of the area asks, and a round of background work answers."""
    programme = given.programme()
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        made = ask_to_add(viewer, programme, NUMBER, reason="Very frail", at=at)
    go_round(at=at + timedelta(minutes=1), postbox=given.Outbox())
    return Request.objects.get(pk=made.pk)


def test_a_patient_in_the_records_is_added_with_the_reason_and_invited(recorded):
    recorded()

    answer = asked()
    go_round(at=NOON + timedelta(hours=1), postbox=given.Outbox())

    enrolment = Enrolment.objects.get(person__nhs_number=NUMBER)
    assert answer.status == Request.Status.ADDED
    assert enrolment.status == Enrolment.Status.ACTIVE
    assert enrolment.reasons.get().term == "Very frail"
    assert Decision.objects.get(enrolment=enrolment).kind == Decision.Kind.ADD


def test_whose_number_was_replaced_since_is_found_by_either_number(recorded, tmp_path):
    recorded()
    records.supersede([(NUMBER, CURRENT)], folder=tmp_path / "lake", by="bea", at=NOON)

    answer = asked()

    assert answer.status == Request.Status.ADDED
    assert answer.person.nhs_number == CURRENT


def test_in_the_programme_under_the_old_number_nobody_is_enrolled_twice(recorded, tmp_path):
    here = given.enrolment(of=given.person(nhs_number=NUMBER))
    recorded()
    records.supersede([(NUMBER, CURRENT)], folder=tmp_path / "lake", by="bea", at=NOON)

    answer = asked()

    assert (answer.status, answer.answer) == (Request.Status.ADDED, "Was in the programme already.")
    assert Enrolment.objects.get().pk == here.pk


def test_someone_of_another_practice_is_not_found(recorded):
    given.practice("OTHER")
    recorded(practice="OTHER")

    answer = asked()

    assert answer.status == Request.Status.REFUSED
    assert "Not found among the people registered with your practice." in answer.answer


def test_before_any_records_nobody_is_found(worker):
    assert asked().status == Request.Status.REFUSED


@pytest.mark.parametrize(
    "before",
    [
        {"status": "VETOED"},
        {"status": "LEFT", "left_at": NOON, "left_because": "practice: asked-not-to"},
    ],
)
def test_someone_once_kept_out_comes_in_again_when_the_practice_asks(recorded, before):
    recorded()
    enrolment = given.enrolment(of=given.person(nhs_number=NUMBER), active=False, **before)

    asked()
    go_round(at=NOON + timedelta(hours=1), postbox=given.Outbox())

    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.ACTIVE
    assert enrolment.left_because == ""


def test_someone_in_the_programme_already_is_said_to_be(recorded):
    recorded()
    given.enrolment(of=given.person(nhs_number=NUMBER))

    assert asked().answer == "Was in the programme already."
