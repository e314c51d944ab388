import argparse
import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from openprotect.base import clock
from openprotect.cli import lake as command
from openprotect.cohorts.models import Run
from openprotect.records import history, lake, queries, reference, store
from openprotect.records.actions import reviewing
from openprotect.records.lake import LakeDamaged
from openprotect.records.models import Changeset
from openprotect.records.queries import NoRecords
from openprotect.records.store import StoreDamaged
from tests.records.conftest import EVENTS_HEADER, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

ANN = "4505577104,Ames,1950-04-03,female,D82001"
BOB = "4010232137,Bell,1961-05-04,male,D82002"


def asthma(on):
    return f"4505577104,195967001,snomed,{on}"


@pytest.fixture
def openprotect(settings, tmp_path, capsys):
    """Say `openprotect lake …` in this process, about this test's own lake; gives what it says."""
    settings.OPENPROTECT = replace(settings.OPENPROTECT, home=tmp_path)

    def run(*words):
        parser = argparse.ArgumentParser()
        command.arguments(parser)
        assert command.run(parser.parse_args(words)) == 0
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def bring(take_in, csv_file):
    """Import whole records of Ann and Bob, with this day of Ann's asthma."""

    def run(on, *, at=NOON):
        events = csv_file(asthma(on), name="events.csv", header=EVENTS_HEADER)
        return take_in(csv_file(ANN, BOB), events, source="gp", at=at).changeset.generation

    return run


def cite(generation):
    Run.objects.create(
        pack="p", pack_version="1", content_hash="", generation=generation, as_of=NOON.date(),
        digest="", people=0, eligible=0, found_count=0, at=NOON, by="ann",
    )  # fmt: skip


def test_the_lake_is_shown_by_source_with_its_age_and_its_store(openprotect, bring):
    bring("2019-02-01")
    bring("2020-02-01")

    before = openprotect("show")
    openprotect("build")
    after = openprotect("show")

    assert "2 people" in before[0]
    assert before[1].startswith("  gp: 1 events count, of 1 in 1 part, ")
    assert before[1].endswith("extract of not said, newest event 2020-02-01")
    assert before[2:] == ["deprivation: no table", before[-1]]
    assert before[-1].endswith("has not been built.")
    assert after[-1].startswith("store: 1 events of 1 codes, ")


def test_a_lake_that_is_as_it_was_written_passes(openprotect, bring):
    generation = bring("2019-02-01")

    assert openprotect("check")[0].startswith(f"generation {generation}: every file is as it was")
    openprotect("build")
    assert openprotect("check")[1].startswith("store: as it was built, ")


def test_a_byte_changed_in_the_lake_or_in_its_store_is_found(openprotect, bring, tmp_path):
    generation = bring("2019-02-01")
    openprotect("build")
    for path, why in (
        (store.open_store(tmp_path / "lake", generation).database, StoreDamaged),
        (lake.folder_of(tmp_path / "lake", generation) / lake.PEOPLE, LakeDamaged),
    ):
        whole = bytearray(path.read_bytes())
        whole[20] ^= 1
        path.write_bytes(whole)

        with pytest.raises(why, match="was changed"):
            openprotect("check")


def test_an_empty_lake_says_how_to_fill_it(openprotect):
    with pytest.raises(NoRecords, match="openprotect import"):
        openprotect("show")


def test_areas_are_taken_in_and_shown(openprotect, bring, tmp_path):
    bring("2019-02-01")

    (said,) = openprotect("deprivation")

    assert said.startswith("areas 611, in use from ")
    assert openprotect("show")[2].startswith("deprivation: 611 areas, lsoa-2011-imd-2019")
    assert reference.deprivation(tmp_path / "lake").rows == 611


def test_what_nothing_asks_for_goes_and_what_a_run_cites_stays(openprotect, bring, tmp_path):
    long_ago = clock.now() - timedelta(days=200)
    cited, unasked, base, present = (
        bring(f"20{year}-02-01", at=long_ago if year < 19 else clock.now())
        for year in (16, 17, 18, 19)
    )
    cite(cited)

    said = openprotect("sweep", "--dry-run")
    assert lake.open_generation(tmp_path / "lake", unasked).rows["people.parquet"] == 2
    done = openprotect("sweep")

    assert [line.split(":")[0] for line in said[:-1]] == [str(unasked)]
    assert said == [line.replace("removed", "would be removed") for line in done]
    for kept in (cited, base, present):
        lake.check(lake.open_generation(tmp_path / "lake", kept))
    with pytest.raises(LakeDamaged, match="no readable manifest"):
        lake.open_generation(tmp_path / "lake", unasked)
    assert openprotect("sweep") == ["0 removed, 0 bytes"]


def test_a_part_that_a_kept_generation_names_stays(openprotect, take_in, csv_file, tmp_path):
    long_ago = clock.now() - timedelta(days=200)
    events = csv_file(asthma("2019-02-01"), name="e.csv", header=EVENTS_HEADER)
    first = take_in(csv_file(ANN), events, source="gp", at=long_ago).changeset.generation
    for family in ("Bell", "Ball"):
        last = take_in(csv_file(BOB.replace("Bell", family)), source="gp", at=long_ago)

    openprotect("sweep")

    present = queries.present_lake(tmp_path / "lake")
    assert present.id == last.changeset.generation
    assert [part.id for part in present.parts] == [first]
    assert not (lake.folder_of(tmp_path / "lake", first) / lake.PEOPLE).exists()


def test_a_store_of_the_past_goes_when_nobody_has_used_it_for_a_day(openprotect, bring, tmp_path):
    past = bring("2019-02-01")
    openprotect("build")
    bring("2020-02-01")
    assert openprotect("sweep") == ["0 removed, 0 bytes"]
    folder = lake.folder_of(tmp_path / "lake", past) / "store"
    long_ago = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(folder, (long_ago, long_ago))

    done = openprotect("sweep")

    assert done[0].startswith(f"{past}: store alone removed, ")
    assert not folder.exists()
    assert lake.open_generation(tmp_path / "lake", past).id == past


def test_the_generation_of_a_day_is_the_last_that_was_taken_by_then(bring):
    first = bring("2019-02-01", at=NOON)
    second = bring("2020-02-01", at=NOON + timedelta(days=1))

    assert history.generation_at(NOON + timedelta(hours=12)) == first
    assert history.generation_at(NOON + timedelta(days=2)) == second
    with pytest.raises(NoRecords, match=f"by {date(2026, 11, 20):%d %B %Y}"):
        history.generation_at(NOON)


def test_what_was_undone_was_present_until_then(bring, tmp_path):
    first = bring("2019-02-01", at=NOON)
    second = bring("2020-02-01", at=NOON + timedelta(days=1))
    later = Changeset.objects.get(generation=second)
    when = NOON + timedelta(days=3)
    reviewing.undo(later, folder=tmp_path / "lake", by="bea", because="a test", at=when)

    assert history.generation_at(NOON + timedelta(days=2)) == second
    assert history.generation_at(NOON + timedelta(days=4)) == first
