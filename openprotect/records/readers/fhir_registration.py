"""Where a FHIR Patient is registered: GP Connect says it in one way, PDS and UK Core in another."""

from dataclasses import dataclass
from datetime import date

from openprotect.records.readers.fhir_record import Record, Resource
from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules import dates
from openprotect.records.rules.reasons import RowFault


@dataclass(frozen=True)
class Registration:
    """The practice, and since and until when; nothing of it when nothing is said."""

    practice: str = ""
    began: date | None = None
    ended: date | None = None


def of(patient: Resource, record: Record) -> Registration:
    """The person's registration as the resource and its extensions state it."""
    practice, period = _practice(patient, record)
    stated = _extension(patient, "RegistrationDetails", "registrationPeriod") or period
    removed = _extension(patient, "RemovalFromRegistration", "effectiveTime")
    ended = _day(stated, "end") or _day(removed, "start")
    return Registration(practice, _day(stated, "start"), ended)


def _practice(patient: Resource, record: Record) -> tuple[str, Resource]:
    """The general practice among those who care for somebody, and the period of it."""
    for each in tables(patient.get("generalPractitioner")):
        if code := record.organisation(each):
            return code, table(table(each.get("identifier")).get("period"))
    managing = table(patient.get("managingOrganization"))
    return record.organisation(managing), table(table(managing.get("identifier")).get("period"))


def _extension(patient: Resource, name: str, part: str) -> Resource:
    for each in tables(patient.get("extension")):
        if name in words(each.get("url")):
            for inner in tables(each.get("extension")):
                if words(inner.get("url")) == part:
                    return table(inner.get("valuePeriod"))
    return {}


def _day(period: Resource, end: str) -> date | None:
    written = words(period.get(end))
    if not written:
        return None
    try:
        return dates.partial(written)[0]
    except RowFault:
        return None
