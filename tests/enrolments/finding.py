"""People as the rules found them, and records for them to be looked up in."""

import uuid
from datetime import date

from django.conf import settings

from openprotect.base.nhs_number import synthetic_number
from openprotect.enrolments.rules import Why
from openprotect.people.actions import Details
from openprotect.records.lake import write_generation
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


def records_of(*people):
    """A committed import that left these people in the lake."""
    generation = uuid.uuid4()
    write_generation(settings.OPENPROTECT.lake, generation, people, [])
    return Changeset.objects.create(
        number=next(numbers),
        source="gp",
        status="COMMITTED",
        generation=generation,
        started_at=NOON,
        settled_at=NOON,
        by="test",
    )
