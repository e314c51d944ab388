"""Extracts made small enough to read, and a lake to take them into."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from openprotect.records import actions
from openprotect.records.actions import Options
from openprotect.records.readers import incoming, reading
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import EVENTS_FILE, PEOPLE_FILE, Extract
from openprotect.records.readers.limits import Limits
from openprotect.records.readers.reading import Reading
from tests.database import process_environment
from tests.nursery import nursery

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)
HEADER = "nhs_number,family_name,birth_date,sex,practice_code"
PROMPT = Limits(niceness=0)
EVENTS_HEADER = "nhs_number,code,system,date"


@pytest.fixture
def take_in(tmp_path):
    """Import files into this test's own lake."""

    def run(*paths, at=NOON, by="ann", today=TODAY, limits=PROMPT, **options):
        options["limits"] = limits
        return actions.take_in(
            list(paths), Options(**options), folder=tmp_path / "lake", today=today, by=by, at=at
        )

    return run


@pytest.fixture(scope="session")
def born(own_database):
    """Start one of the programs beside these tests, under the role of imports."""
    environment = {
        **os.environ,
        **process_environment(own_database.here),
        "OPENPROTECT_ROLE": "import",
    }
    loaded = ("openprotect.records.actions", "tests.records.conftest")
    with nursery(environment, *loaded) as give_birth:
        yield give_birth


@dataclass(frozen=True)
class Readout:
    """What a reader left behind, its rows as dictionaries."""

    people: list
    events: list
    extract: Extract

    def outcomes(self, kind="events"):
        return [(row["outcome"], row["reason"]) for row in getattr(self, kind)]


@pytest.fixture
def read(tmp_path):
    """Have files read in this process, without deciding about them."""

    def run(*paths, source="", synthetic=False, declared=None, **options):
        folder = tmp_path / f"read {len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        said = declared or Declared()
        reading.read(Reading(paths, source, said, TODAY, synthetic, folder, **options), folder)
        rows = (pq.read_table(folder / name).to_pylist() for name in (PEOPLE_FILE, EVENTS_FILE))
        return Readout(*rows, incoming.open_extract(folder))

    return run


@pytest.fixture
def csv_file(tmp_path):
    """Write a CSV file and give its path."""

    def write(*lines, name="people.csv", header=HEADER, end="\n"):
        path = tmp_path / name
        path.write_text(end.join([header, *lines]) + end)
        return path

    return write


@pytest.fixture
def bundle_file(tmp_path):
    """Write a FHIR bundle of these resources and give its path."""

    def write(*resources, name="bundle.json", kind="collection"):
        entries = [
            {"fullUrl": f"urn:uuid:{each.get('id', number)}", "resource": each}
            for number, each in enumerate(resources)
        ]
        path = Path(tmp_path) / name
        path.write_text(json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}))
        return path

    return write


def counts(taken, kind="people"):
    """The outcomes of one kind of row that are not nought."""
    for each in taken.counts:
        if each.kind == kind:
            names = ("added", "changed", "unchanged", "duplicate", "held", "rejected")
            return {name: getattr(each, name) for name in names if getattr(each, name)}
    return {}
