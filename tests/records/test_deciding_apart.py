"""Decisions about imports by processes that are killed, or that decide at the same moment."""

import pytest

from openprotect.events.models import Event
from openprotect.records import actions, lake, queries
from openprotect.records.models import Changeset, ChangesetProblem
from tests.records.conftest import NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.import_role,
    pytest.mark.fault,
]
ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"
KILLED, REFUSED, DONE = 9, 3, 0


@pytest.fixture
def decide(born, tmp_path):
    """Start a process that is ready to decide, and waits for its turn."""
    started = []

    def start(act, changeset, *, moment="", by="bea"):
        words = [act, moment, tmp_path / "lake", changeset.number, by]
        process = born("tests.records.deciding_apart", *words)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.close()


def go(*processes):
    """Let them all decide at once; how each ended, and what it said."""
    for each in processes:
        each.stdin.write("\n")
        each.stdin.flush()
    return [(each.wait(), each.stdout.read().strip()) for each in processes]


def state():
    """All that the database says of imports."""
    return (
        list(Changeset.objects.order_by("number").values()),
        list(ChangesetProblem.objects.order_by("id").values()),
        list(Event.objects.order_by("id").values_list("name", flat=True)),
        queries.present_generation(),
    )


def people(folder):
    present = queries.present_generation()
    return lake.open_generation(folder, present).rows["people.parquet"] if present else 0


@pytest.mark.parametrize("moment", ["half-way", "commit"])
def test_a_killed_approval_takes_nothing_and_can_be_given_again(
    moment, take_in, csv_file, decide, tmp_path
):
    waiting = take_in(csv_file(ANN), review=True).changeset
    before = state()

    assert go(decide("approve", waiting, moment=moment)) == [(KILLED, "")]

    assert state() == before
    assert go(decide("approve", waiting)) == [(DONE, "done")]
    assert people(tmp_path / "lake") == 1


def test_a_killed_undoing_undoes_nothing_or_all_of_it(take_in, csv_file, decide, tmp_path):
    first = take_in(csv_file(ANN)).changeset
    take_in(csv_file(BOB))
    before = state()

    for moment in ("half-way", "commit"):
        assert go(decide("undo", first, moment=moment)) == [(KILLED, "")]
        assert state() == before
        assert people(tmp_path / "lake") == 2

    assert go(decide("undo", first)) == [(DONE, "done")]
    assert people(tmp_path / "lake") == 0


@pytest.mark.parametrize("moment", ["files", "commit"])
def test_a_killed_re_review_leaves_the_import_to_be_matched_again(
    moment, take_in, csv_file, decide, tmp_path
):
    bad = "1234567890,Bad,1950-01-01,female,D82001"
    waiting = take_in(csv_file(ANN, BOB, bad), review=True).changeset
    take_in(csv_file(ANN))
    before = state()

    assert go(decide("match again", waiting, moment=moment)) == [(KILLED, "")]

    assert state() == before
    assert go(decide("match again", waiting)) == [(DONE, "done")]
    waiting.refresh_from_db()
    assert (waiting.status, waiting.counts.get(kind="people").unchanged) == ("MATCHED", 1)
    actions.approve(waiting, folder=tmp_path / "lake", by="bea", at=NOON)
    assert people(tmp_path / "lake") == 2


def test_a_killed_release_leaves_the_row_released_and_takes_it_once(
    take_in, csv_file, decide, tmp_path
):
    taken = take_in(csv_file(ANN)).changeset
    take_in(csv_file(ANN.replace("1950", "1951")))
    held = ChangesetProblem.objects.get()
    actions.settle(held, "RELEASED", by="bea", at=NOON)
    before = state()

    assert go(decide("release", taken, moment="commit")) == [(KILLED, "")]
    assert state() == before

    assert go(decide("release", taken)) == [(DONE, "done")]
    assert go(decide("release", taken)) == [(DONE, "done")]
    held.refresh_from_db()
    assert (held.settled_as, Changeset.objects.count()) == ("TAKEN", 3)


def test_of_two_who_approve_at_once_one_does_and_the_other_is_told(
    take_in, csv_file, decide, tmp_path
):
    waiting = take_in(csv_file(ANN), review=True).changeset

    ends = go(*(decide("approve", waiting, by=name) for name in ("bea", "cy")))

    waiting.refresh_from_db()
    assert sorted(end for end, _ in ends) == [DONE, REFUSED]
    (told,) = (said for end, said in ends if end == REFUSED)
    assert told == f"Import 1 is taken already, by {waiting.approved_by}."
    assert Event.objects.filter(name="import.committed").count() == 1


def test_of_one_who_approves_and_one_who_refuses_at_once_one_is_told(
    take_in, csv_file, decide, tmp_path
):
    waiting = take_in(csv_file(ANN), review=True).changeset

    ends = go(decide("approve", waiting, by="bea"), decide("refuse", waiting, by="cy"))

    waiting.refresh_from_db()
    assert sorted(end for end, _ in ends) == [DONE, REFUSED]
    assert people(tmp_path / "lake") == (waiting.status == "COMMITTED")


def test_of_two_imports_approved_at_once_the_second_is_reviewed_again(
    take_in, csv_file, decide, tmp_path
):
    one = take_in(csv_file(ANN), review=True).changeset
    two = take_in(csv_file(BOB), review=True).changeset

    ends = go(decide("approve", one), decide("approve", two, by="cy"))

    assert sorted(end for end, _ in ends) == [DONE, REFUSED]
    assert people(tmp_path / "lake") == 1
    assert sorted(Changeset.objects.values_list("status", flat=True)) == ["COMMITTED", "STAGED"]
