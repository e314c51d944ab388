"""Runs of the rules over made-up records, kept and enrolled as the command line does it."""

from datetime import date, timedelta
from uuid import uuid4

from django.conf import settings

from openprotect.base.isolation import APP, IMPORT
from openprotect.cohorts.actions import keep_difference, keep_run
from openprotect.cohorts.engine import find
from openprotect.pathway.door import enrol_run
from openprotect.programmes.queries import pack_of
from openprotect.records.lake import write_generation
from openprotect.records.models import Changeset
from openprotect.records.rules.values import Event
from openprotect.records.store import ready_store
from tests import given
from tests.database import SuiteDatabase
from tests.enrolments.finding import recorded
from tests.given import NOON, numbers

DIABETES, COPD = "73211009", "13645005"
DAY = timedelta(days=1)


def with_codes(*codes, on=date(2019, 2, 3), **person):
    """Somebody young in the records, with these codes."""
    someone = recorded(**{"birth_date": date(1990, 1, 2), "sex": "female"} | person)
    return someone, [(code, on) for code in codes]


def records(*people_and_codes):
    """The newest records: a generation with these people."""
    generation = uuid4()
    events = [
        Event(person.nhs_number, "diagnosis", code, "snomed", "", on, source="GP records")
        for person, codes in people_and_codes
        for code, on in codes
    ]
    people = sorted((each for each, _ in people_and_codes), key=lambda each: each.nhs_number)
    write_generation(settings.OPENPROTECT.lake, generation, people, events)
    number = next(numbers)
    with given.as_worker():
        return Changeset.objects.create(
            number=number, taken_as=number, source="GP records", status="COMMITTED",
            generation=generation,
            extract_on=NOON.date() - 9 * DAY, newest_event_on=NOON.date() - 10 * DAY,
            started_at=NOON - 2 * DAY, settled_at=NOON - 2 * DAY, by="test",
        )  # fmt: skip


def run(*people_and_codes, at=NOON):
    """Import these records, run the programme's rules on them, keep the run and enrol."""
    programme = given.programme()
    generation = records(*people_and_codes).generation
    store = ready_store(settings.OPENPROTECT.lake, generation)
    pack = pack_of(programme)
    findings = find(pack.cohort, store, at.date(), keep=True)
    SuiteDatabase.current.log_in_as(IMPORT)
    kept = keep_run(
        findings, pack=pack.key, version=pack.version, content_hash=pack.content_hash,
        generation=generation, by="test", at=at,
    )  # fmt: skip
    keep_difference(kept, pack.cohort, store, settings.OPENPROTECT.lake)
    enrol_run(kept, programme, at=at)
    SuiteDatabase.current.log_in_as(APP)
    return kept
