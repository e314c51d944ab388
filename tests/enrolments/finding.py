"""People as the rules found them, and records for them to be looked up in."""

import uuid
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.rules import Why
from openprotect.people.actions import Details
from openprotect.records import lake
from openprotect.records.models import Changeset
from openprotect.records.rules.values import Person as Recorded
from tests.given import NOON, numbers

WHY = Why("asthma", "Severe asthma", "195967001", "Asthma", date(2019, 2, 3), "GP record")


def details(**given):
    number = next(numbers)
    return Details(
        **{
            "nhs_number": synthetic_number(f"found {number}"),
            "given_name": "Bea",
            "family_name": f"Canary{number}",
            "birth_date": date(1944, 5, 6),
            "sex": "female",
            "mobile": "+447700900123",
            "landline": "",
            "address": "3 Canary Row",
            "postcode": "NR27 0AA",
        }
        | given
    )


def recorded(**given):
    """Someone in the lake, of the test practice."""
    return Recorded(
        **{
            "nhs_number": synthetic_number(f"recorded {next(numbers)}"),
            "given": "Cal",
            "family": "Canary",
            "birth_date": date(1950, 1, 2),
            "practice_code": "PRA",
        }
        | given
    )


def records_of(*people, superseded=()):
    """A committed import that left these people in the lake, and numbers that replaced others."""
    generation = uuid.uuid4()
    folder = lake.folder_of(settings.OPENPROTECT.lake, generation)
    folder.mkdir(parents=True)
    rows = [{"old": old, "new": new, "source": "pds"} for old, new in dict(superseded).items()]
    pq.write_table(pa.Table.from_pylist(rows, lake.SUPERSEDED_SCHEMA), folder / lake.SUPERSEDED)
    pq.write_table(lake.people_table(people), folder / lake.PEOPLE)
    pq.write_table(lake.events_table([]), folder / lake.EVENTS)
    lake.seal(folder, generation)
    number = next(numbers)
    return Changeset.objects.create(
        number=number,
        taken_as=number,
        source="gp",
        status="COMMITTED",
        generation=generation,
        started_at=NOON,
        settled_at=NOON,
        by="test",
    )
