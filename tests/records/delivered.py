"""Parts of a lake sealed as imports seal them, without a database."""

import uuid
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from openprotect.records import lake
from openprotect.records.rules.values import Event, Person

PEOPLE = ("4505577104", "4010232137", "9434765919")
A_DAY = date(2020, 1, 31)


def live(generation):
    with duckdb.connect() as sql:
        events = generation.live_events
        query = f"SELECT source, nhs_number, source_id, code FROM ({events}) ORDER BY ALL"
        return sql.execute(query).fetchall()


def deliver(folder, present, source, *, records=None, added=None):
    """Whole records (person → code by the sender's id), or single ones, sealed as imports are."""
    name = uuid.uuid4()
    place = lake.folder_of(folder, name)
    place.mkdir(parents=True)
    said = records if added is None else added
    events = [
        Event(number, "diagnosis", code, "snomed", "", A_DAY, source=source, source_id=key)
        for number, rows in said.items()
        for key, code in rows.items()
    ]
    pq.write_table(lake.people_table(map(Person, PEOPLE)), place / lake.PEOPLE)
    pq.write_table(lake.events_table(events), place / lake.EVENTS)
    keys = [{"source": source, "nhs_number": number} for number in said]
    if added is None:
        pq.write_table(pa.Table.from_pylist(keys, lake.COVERS_SCHEMA), place / lake.COVERS)
    else:
        gone = [key | {"source_id": id_} for key in keys for id_ in said[key["nhs_number"]]]
        pq.write_table(pa.Table.from_pylist(gone, lake.REPLACED_SCHEMA), place / lake.REPLACED)
    lake.seal_onto(place, name, present, source=source)
    return lake.open_generation(folder, name)
