"""A legal basis has an approval, a start and an end; at its end the database shows nothing more."""

from datetime import timedelta

import pytest

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.enrolments.models import Enrolment
from openprotect.governance.actions import record_basis
from openprotect.governance.models import LegalBasis
from openprotect.governance.queries import bases, basis_ends_at
from openprotect.people.models import Person
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
READERS = [("PRACTICE", "practice"), ("LOCALITY", "locality"), ("SURVEILLANCE", "system")]


def of(purpose="shielding", **dates):
    return record_basis(
        purpose,
        **{
            "kind": "COPI_NOTICE",
            "title": "Notice",
            "starts_at": NOON,
            "ends_at": NOON + timedelta(days=1),
            "approved_by": "Caldicott Guardian",
            "at": NOON,
        }
        | dates,
    )


def rests_on_a_basis_that_ends(ends_at):
    """Someone in a programme whose only basis ends then."""
    given.basis("covid-protect", ends_at=ends_at)
    return given.enrolment()


def test_a_basis_is_kept_with_who_approved_it(worker):
    made = of()

    assert LegalBasis.objects.get() == made
    assert made.approved_by == "Caldicott Guardian"


@pytest.mark.parametrize("days", [0, -1])
def test_a_basis_that_ends_before_it_starts_is_refused(worker, days):
    with pytest.raises(Refused, match="ends after it starts"):
        of(ends_at=NOON + timedelta(days=days))


def test_the_database_refuses_a_basis_that_ends_as_it_starts(worker):
    with the_database_refuses("legal_basis_ends_after_it_starts"):
        given.basis(starts_at=NOON, ends_at=NOON)


def test_the_database_refuses_a_basis_that_nobody_approved(worker):
    with the_database_refuses("legal_basis_is_approved"):
        of(approved_by="")


def test_governance_records_a_basis(worker):
    with given.acting(given.user("GOVERNANCE")):
        assert of().pk


@pytest.mark.parametrize("role", ["LEAD", "PRACTICE", "SURVEILLANCE", "CALLER"])
def test_nobody_else_records_a_basis(worker, role):
    with given.acting(given.user(role)), row_security_refuses():
        of()


def test_nobody_lengthens_a_basis(worker):
    of()

    with given.acting(given.user("GOVERNANCE")), row_security_refuses():
        LegalBasis.objects.update(ends_at=NOON + timedelta(days=900))


@pytest.mark.parametrize(
    ("seconds", "in_force"), [(-1, False), (0, True), (1, True), (86399, True), (86400, False)]
)
def test_a_basis_is_in_force_from_its_first_instant_until_before_its_last(
    worker, seconds, in_force
):
    of()
    at = NOON + timedelta(seconds=seconds)

    assert bases(at=at)[0].is_in_force == in_force
    assert (basis_ends_at("shielding", at=at) is not None) == in_force


def test_of_two_bases_the_later_end_counts(worker):
    of()
    of(ends_at=NOON + timedelta(days=5))

    assert basis_ends_at("shielding", at=NOON) == NOON + timedelta(days=5)


def test_bases_are_listed_soonest_end_first(worker):
    of("later", ends_at=NOON + timedelta(days=9))
    of("sooner")

    assert [each.purpose for each in bases(at=NOON)] == ["sooner", "later"]


@pytest.mark.parametrize(("role", "where"), READERS)
@pytest.mark.parametrize(
    ("ahead", "shown"), [(timedelta(minutes=1), True), (timedelta(0), False), (-SECOND, False)],
    ids=["a minute before", "at the instant", "a second after"],
)  # fmt: skip
def test_at_the_end_of_the_basis_reads_stop_in_the_database(worker, role, where, ahead, shown):
    rests_on_a_basis_that_ends(clock.now() + ahead)
    someone = given.user(role, getattr(given.area(), where))

    with given.acting(someone):
        assert Person.objects.exists() == shown
        assert Enrolment.objects.exists() == shown


def test_the_worker_too_sees_nobody_after_the_end(worker):
    rests_on_a_basis_that_ends(clock.now() - SECOND)

    assert not Person.objects.exists()
    assert Enrolment.objects.exists()


def test_the_practice_keeps_those_with_an_open_alert_as_direct_care(worker):
    enrolment = rests_on_a_basis_that_ends(clock.now() - SECOND)
    rests_on_a_basis_that_ends(clock.now() - SECOND)
    given.alert(of=enrolment)

    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert [each.pk for each in Person.objects.all()] == [enrolment.person_id]
    with given.acting(given.user("SURVEILLANCE")):
        assert not Person.objects.exists()


def test_before_it_starts_a_basis_opens_nothing(worker):
    now = clock.now()
    given.basis("covid-protect", starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(9))
    given.enrolment()

    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert not Person.objects.exists()


def test_the_basis_of_another_purpose_opens_nothing(worker):
    given.enrolment()
    of("another", starts_at=NOON - timedelta(days=9), ends_at=NOON + timedelta(days=9))

    with given.acting(given.user("PRACTICE", given.area().practice, purpose="another")):
        assert not Person.objects.exists()
