"""What a person decides about single rows and pairs, and what is then done with the records."""

import pytest
from django.db import IntegrityError, transaction

from openprotect.base.nhs_number import synthetic_number
from openprotect.records import actions, queries
from openprotect.records.actions.reviewing import SettledAlready
from openprotect.records.actions.settling import CannotRelease
from openprotect.records.models import ChangesetProblem, Proposal
from openprotect.records.queries import peeking
from tests.records.conftest import EVENTS_HEADER, NOON, counts

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]
ONE, TWO, THREE = sorted(synthetic_number(f"settled {at}") for at in range(3))
HEADER = "nhs_number,given_name,family_name,birth_date,sex,practice_code,postcode,mobile"
ANN = ",Ann,Ames,1950-04-03,female,D82001,NR27 0AA,07700900001"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def held(take_in, csv_file):
    """Somebody whose birth date changes, with an event: both wait."""
    people = csv_file(ONE + ANN, header=HEADER)
    event = csv_file(f"{ONE},195967001,snomed,2019-02-01", name="e.csv", header=EVENTS_HEADER)
    take_in(people, synthetic=True)
    changed = csv_file(ONE + ANN.replace("1950", "1951"), header=HEADER)
    assert counts(take_in(changed, event, synthetic=True)) == {"held": 1}
    return ChangesetProblem.objects.get(outcome="held")


def people(folder):
    numbers = [ONE, TWO, THREE]
    return list(queries.demographics(queries.present_lake(folder), numbers))


def test_a_released_row_is_taken_in_with_its_events_and_can_be_undone(held, folder):
    actions.settle(held, "RELEASED", by="bea", at=NOON)
    assert actions.tend(folder=folder, at=NOON).released == 1

    held.refresh_from_db()
    (person,) = people(folder)
    made = held.changeset.__class__.objects.newest_first().first()
    assert (held.settled_as, person.birth_date.year) == ("TAKEN", 1951)
    assert counts_of(made) == {"people": (0, 1), "events": (1, 0)}
    actions.undo(made, folder=folder, by="cy", because="typed wrong", at=NOON)
    assert people(folder)[0].birth_date.year == 1950


def counts_of(changeset):
    return {each.kind: (each.added, each.changed) for each in changeset.counts.all()}


def test_a_rejected_row_waits_no_more_and_changes_nothing(held, folder):
    actions.settle(held, "REJECTED", by="bea", at=NOON)

    assert actions.tend(folder=folder, at=NOON).released == 0
    assert people(folder)[0].birth_date.year == 1950
    with pytest.raises(SettledAlready):
        actions.settle(held, "RELEASED", by="cy", at=NOON)


def test_a_row_without_a_number_cannot_be_released(take_in, csv_file):
    take_in(csv_file(ANN, header=HEADER))

    with pytest.raises(CannotRelease):
        actions.settle(ChangesetProblem.objects.get(), "RELEASED", by="bea", at=NOON)


def test_the_database_refuses_a_row_settled_by_nobody(held):
    with pytest.raises(IntegrityError, match="problem_settled"), transaction.atomic():
        ChangesetProblem.objects.filter(pk=held.pk).update(settled_as="RELEASED")


def test_what_a_held_row_says_is_read_for_that_row_alone(held, folder):
    (row,) = peeking.held_rows(folder, [held])

    said = {each.name: (each.was, each.now) for each in row.fields}
    assert (row.numbers, row.is_known) == ((ONE,), True)
    assert said["birth_date"] == ("1950-04-03", "1951-04-03")


def test_who_may_be_known_under_another_number_is_shown_beside_that_record(
    take_in, csv_file, folder
):
    take_in(csv_file(ONE + ANN, header=HEADER), synthetic=True)
    take_in(csv_file(TWO + ANN, header=HEADER), synthetic=True)

    (row,) = peeking.held_rows(folder, [ChangesetProblem.objects.get()])

    assert row.problem.reason == "other-number-same-person"
    assert (row.numbers, row.is_known) == ((TWO, ONE), True)


def test_where_a_restricted_person_lives_is_not_shown(take_in, csv_file, folder):
    header = f"{HEADER},restricted"
    take_in(csv_file(f"{ONE}{ANN},yes", header=header), synthetic=True)
    take_in(
        csv_file(f"{ONE}{ANN.replace('NR27 0AA', 'NR1 1AA')},no", header=header), synthetic=True
    )

    (row,) = peeking.held_rows(folder, [ChangesetProblem.objects.get()])

    said = {each.name: (each.was, each.now) for each in row.fields}
    assert said["postcode"] == (f"{peeking.HIDDEN}, changed", peeking.HIDDEN)
    assert said["given"] == ("Ann", "Ann")


def test_samples_show_what_would_change(take_in, csv_file, folder):
    take_in(csv_file(ONE + ANN, header=HEADER), synthetic=True)
    moved = ANN.replace("NR27 0AA", "NR1 1AA")
    staged = take_in(csv_file(ONE + moved, header=HEADER), synthetic=True, review=True).changeset

    (sample,) = peeking.samples(folder, staged)

    assert [(each.name, each.was, each.now) for each in sample.changed] == [
        ("postcode", "NR27 0AA", "NR1 1AA")
    ]


def strangers(many=300):
    """Enough people to tell by how often two of them agree by chance."""
    given, family = ("Bo", "Cora", "Dev", "Emil", "Faye"), ("Hart", "Innes", "Jones", "Kerr")
    for at in range(many):
        number = synthetic_number(f"stranger {at}")
        names = f"{given[at % 5]},{family[at % 4]}"
        born = f"{1930 + at % 70}-{1 + at % 12:02d}-{1 + at % 28:02d}"
        sex = ("female", "male")[at % 2]
        home = f"D82001,NR{1 + at % 30} {at % 9}AA,07700900{at + 3:03d}"
        yield f"{number},{names},{born},{sex},{home}"


def propose(folder):
    return actions.propose(folder=folder, key=b"k" * 32, at=NOON)


def test_two_records_of_one_person_are_proposed_and_nothing_is_merged(take_in, csv_file, folder):
    twin = TWO + ANN.replace(",Ann,", ",Beth,").replace("900001", "900002")
    again = THREE + ANN.replace("NR27 0AA", "NR1 1AA")
    take_in(csv_file(ONE + ANN, twin, again, *strangers(), header=HEADER), synthetic=True)

    assert (propose(folder).new, propose(folder).new) == (1, 0)

    (proposal,) = Proposal.objects.all()
    (pair,) = peeking.likenesses(folder, [proposal])
    assert pair.numbers == (ONE, THREE)
    assert ("postcode" in proposal.differing, "given" in proposal.agreeing) == (True, True)
    assert len(people(folder)) == 3


def test_a_confirmed_pair_is_read_as_one_and_taken_back_as_two(take_in, csv_file, folder):
    again = THREE + ANN.replace("NR27 0AA", "NR1 1AA")
    take_in(csv_file(ONE + ANN, again, *strangers(), header=HEADER), synthetic=True)
    propose(folder)
    proposal = Proposal.objects.get()
    before = people(folder)

    actions.decide(proposal, "CONFIRMED", keeps_second=True, by="bea", at=NOON)
    actions.tend(folder=folder, at=NOON)
    assert [each.nhs_number for each in people(folder)] == [THREE]
    actions.decide(proposal, "PROPOSED", by="bea", at=NOON)
    actions.tend(folder=folder, at=NOON)

    assert people(folder) == before
