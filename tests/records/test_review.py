"""An import that is looked at before it is taken, refused, undone, or matched again."""

import pytest
from django.db import IntegrityError, transaction

from openprotect.base.states import IllegalMove
from openprotect.events.models import Event
from openprotect.records import actions, lake, queries
from openprotect.records.actions.matching import INCOMING
from openprotect.records.actions.reviewing import (
    LakeMoved,
    LaterOnes,
    NeedsAnother,
    NoReason,
    SettledAlready,
    StalePreview,
)
from openprotect.records.models import Changeset
from openprotect.records.readers.csv_text import Declared
from tests.records.conftest import NOON, counts

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]
ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"
Status = Changeset.Status


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "lake"


def events_of(changeset):
    named = Event.objects.filter(subject_id=changeset.pk).order_by("id")
    return list(named.values_list("name", flat=True))


def digest(folder):
    """What the lake holds, to the byte."""
    present = queries.present_generation()
    if present is None:
        return {}
    here = lake.open_generation(folder, present)
    names = [name for name in here.rows if name.startswith(("people", "events"))]
    return {name: lake.digest_of(here.folder / name) for name in names}


def test_with_review_nothing_is_taken_before_it_is_approved(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN, BOB), review=True).changeset
    assert (staged.status, queries.present_generation()) == (Status.MATCHED, None)

    actions.show(staged, by="bea", at=NOON)
    actions.approve(staged, folder=folder, by="bea", at=NOON, preview=staged.preview)

    assert queries.present_lake(folder).rows["people.parquet"] == 2
    assert events_of(staged) == [
        "import.staged",
        "import.matched",
        "import.shown",
        "import.approved",
        "import.committed",
    ]


def test_whoever_ran_an_import_that_nothing_stops_may_approve_it(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset

    assert actions.approve(staged, folder=folder, by="ann", at=NOON).status == Status.COMMITTED


def test_the_first_look_alone_is_on_record(take_in, csv_file):
    staged = take_in(csv_file(ANN), review=True).changeset

    for name in ("bea", "cy"):
        actions.show(staged, by=name, at=NOON)

    assert events_of(staged).count("import.shown") == 1


def test_another_preview_than_the_one_looked_at_is_not_approved(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset

    with pytest.raises(StalePreview):
        actions.approve(staged, folder=folder, by="bea", at=NOON, preview="0" * 12)

    assert queries.present_generation() is None


def test_when_the_records_change_the_preview_is_outdated_and_matched_again(
    take_in, csv_file, folder
):
    staged = take_in(csv_file(ANN, BOB), review=True).changeset
    actions.show(staged, by="bea", at=NOON)
    take_in(csv_file(ANN))
    staged.refresh_from_db()
    assert staged.status == Status.STAGED
    with pytest.raises(LakeMoved):
        actions.approve(staged, folder=folder, by="bea", at=NOON)

    again = actions.match_again(staged, folder=folder, by="bea", at=NOON)

    assert (again.status, again.preview == staged.preview) == (Status.MATCHED, False)
    assert again.before["counts"]["people"]["added"] == 2
    assert again.counts.get(kind="people").unchanged == 1
    actions.approve(again, folder=folder, by="bea", at=NOON, preview=again.preview)
    assert queries.present_lake(folder).rows["people.parquet"] == 2


def test_an_import_that_is_up_to_date_is_not_matched_again(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset

    again = actions.match_again(staged, folder=folder, by="bea", at=NOON)

    assert (again.preview, again.before) == (staged.preview, {})


def test_a_second_approval_by_another_is_told_who_was_quicker(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset
    actions.approve(staged, folder=folder, by="bea", at=NOON)
    actions.approve(staged, folder=folder, by="bea", at=NOON)

    with pytest.raises(SettledAlready, match="is taken already, by bea"):
        actions.approve(staged, folder=folder, by="cy", at=NOON)

    assert events_of(staged).count("import.approved") == 1


def test_what_is_refused_is_never_taken_and_leaves_nothing_behind(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset

    with pytest.raises(NoReason):
        actions.refuse(staged, folder=folder, by="bea", because=" ", at=NOON)
    actions.refuse(staged, folder=folder, by="bea", because="last year's file", at=NOON)

    with pytest.raises(SettledAlready, match="not taken already, by bea"):
        actions.approve(staged, folder=folder, by="cy", at=NOON)
    assert Changeset.objects.get().because == "last year's file"


def test_undoing_gives_back_the_records_as_they_were_to_the_byte(take_in, csv_file, folder):
    take_in(csv_file(ANN))
    before = digest(folder)
    second = take_in(csv_file(ANN.replace("Ames", "Amis"), BOB)).changeset
    assert digest(folder) != before

    actions.undo(second, folder=folder, by="bea", because="wrong file", at=NOON)

    assert digest(folder) == before
    second.refresh_from_db()
    assert (second.status, second.ended_by) == (Status.UNDONE, "bea")
    assert "import.undone" in events_of(second)


def test_undoing_the_first_import_leaves_no_records(take_in, csv_file, folder):
    first = take_in(csv_file(ANN)).changeset

    actions.undo(first, folder=folder, by="bea", because="wrong file", at=NOON)

    with pytest.raises(queries.NoRecords):
        queries.present_lake(folder)
    assert counts(take_in(csv_file(ANN))) == {"added": 1}


def test_an_import_that_others_stand_on_is_undone_after_them(take_in, csv_file, folder):
    first = take_in(csv_file(ANN)).changeset
    second = take_in(csv_file(BOB)).changeset
    third = take_in(csv_file(BOB)).changeset

    with pytest.raises(LaterOnes, match="import 3, 2"):
        actions.undo(first, folder=folder, by="bea", because="wrong", at=NOON)
    undone = actions.undo(first, folder=folder, by="bea", because="wrong", at=NOON, with_later=True)

    assert [each.pk for each in undone] == [third.pk, second.pk, first.pk]
    assert queries.present_generation() is None


def test_what_was_not_taken_cannot_be_undone(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset

    with pytest.raises(IllegalMove):
        actions.undo(staged, folder=folder, by="bea", because="wrong", at=NOON)


def test_an_undone_import_outdates_what_waits(take_in, csv_file, folder):
    first = take_in(csv_file(ANN)).changeset
    staged = take_in(csv_file(ANN, BOB), review=True).changeset

    actions.undo(first, folder=folder, by="bea", because="wrong", at=NOON)
    tended = actions.tend(folder=folder, at=NOON)

    staged.refresh_from_db()
    assert tended.matched_again == 1
    assert staged.counts.get(kind="people").added == 2


def test_what_was_read_is_kept_only_as_long_as_it_may_be_matched_again(take_in, csv_file, folder):
    staged = take_in(csv_file(ANN), review=True).changeset
    waiting = lake.folder_of(folder, staged.pk) / INCOMING
    assert waiting.is_dir()

    actions.approve(staged, folder=folder, by="bea", at=NOON)
    actions.sweep(folder, at=NOON)

    assert not waiting.exists()
    assert queries.present_lake(folder).rows["people.parquet"] == 1


def test_the_database_refuses_a_stopped_import_approved_by_its_own_hand(take_in, csv_file, folder):
    take_in(csv_file(ANN), declared=Declared(extract_on="2026-11-02"), source="gp")
    held = take_in(csv_file(ANN), declared=Declared(extract_on="2026-11-01"), source="gp")
    stopped = Changeset.objects.filter(pk=held.changeset.pk)
    with pytest.raises(NeedsAnother):
        actions.approve(held.changeset, folder=folder, by="ann", at=NOON)

    taken = {"status": "COMMITTED", "taken_as": 9, "settled_at": NOON}
    for name in ("ann", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            stopped.update(**taken, approved_by=name)
    stopped.update(**taken, approved_by="bea")


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("changeset_settled_unless_open", {"status": "SHOWN"}),
        ("changeset_taken_has_its_place", {"taken_as": None}),
        ("changeset_ended_says_who_and_why", {"ended_by": "bea"}),
        ("changeset_undone_says_when", {"undone_at": NOON}),
    ],
)
def test_the_database_refuses_an_import_whose_story_does_not_hold(
    take_in, csv_file, constraint, change
):
    taken = take_in(csv_file(ANN)).changeset

    with pytest.raises(IntegrityError, match=constraint):
        Changeset.objects.filter(pk=taken.pk).update(**change)
