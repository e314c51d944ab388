"""Coded facts of a FHIR record, R4 and STU3: conditions, procedures, observations, medicines."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isfinite

from openprotect.records.readers.fhir_record import ISSUED, Record, Resource, references
from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules import codes, dates, measures, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Event, Kind, LeftOut, Outcome, Position, Row

# Which elements may hold the day of each kind of resource, best first.
KEPT: Mapping[str, tuple[str, ...]] = {
    "Condition": ("onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate"),
    "Procedure": ("performedDateTime", "performedPeriod"),
    "Observation": ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"),
    "MedicationRequest": ("authoredOn",),
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod", "dateAsserted"),
    "Immunization": ("occurrenceDateTime", "date", "recorded"),
}
MEDICINES = {"MedicationRequest", "MedicationStatement"}
# What a status says did not happen, or is not so.
NOT_SO = {"entered-in-error", "not-done", "not-taken", "cancelled", "draft", "refuted"}
VACCINATION = "VaccinationProcedure"


def rows_of(
    record: Record, resource: Resource, kind: str, place: Position
) -> Iterator[Row | LeftOut]:
    """The row of this resource, and one for each part of an observation made of parts."""
    why = _left_out(record, resource, kind)
    if why:
        yield LeftOut(why)
        return
    try:
        subject = record.subject(resource)
    except RowFault as fault:
        yield Row(Kind.EVENTS, place, outcome=Outcome.REJECTED, reason=fault.reason)
        return

    def make(part: Resource, number: int) -> Event:
        concept = _concept(record, part, kind)
        coding, system = _coding(concept, is_medicine=kind in MEDICINES)
        name = words(resource.get("id"))
        suffix = f"#{number}" if number else ""
        return Event(
            nhs_number="",
            kind=kind,
            code=codes.read(words(coding.get("code")), system),
            system=system,
            term=_term(coding, concept),
            on=_day(resource, KEPT[kind], record.today),
            value=_value(part),
            unit=_unit(part),
            source=record.source,
            source_id=f"{kind}/{name}{suffix}" if name else "",
            subject=subject,
            setting=record.setting,
        )

    for number, part in enumerate([resource, *tables(resource.get("component"))]):
        yield _row(make, part, number, place, record.scope)


def _left_out(record: Record, resource: Resource, kind: str) -> str:
    """Why a resource of a kind that is kept is no fact of its own; '' when it is one."""
    said = _statuses(resource) & NOT_SO
    if said:
        return f"{kind} {min(said).replace('-', ' ')}"
    if resource.get("notGiven") is True or resource.get("doNotPerform") is True:
        return f"{kind} not done"
    if kind in MEDICINES and _is_told_elsewhere(record, resource, kind):
        return f"{kind} told by its issues"
    return ""


def _statuses(resource: Resource) -> set[str]:
    """Every status that is stated, as R4 codes them and as STU3 words them."""
    said = {words(resource.get("status")), words(resource.get("verificationStatus"))}
    codings = tables(table(resource.get("verificationStatus")).get("coding"))
    taken = "not-taken" if resource.get("taken") == "n" else ""
    return {*said, taken, *(words(each.get("code")) for each in codings)}


def _is_told_elsewhere(record: Record, resource: Resource, kind: str) -> bool:
    """A plan is told by the issues made from it, a statement by the request it stems from.

    So each issue counts once: "four prescriptions in a year" is about issues.
    """
    if kind == "MedicationStatement":
        return bool(record.requests & set(references(resource.get("basedOn"))))
    intent, name = words(resource.get("intent")), words(resource.get("id"))
    return intent not in ISSUED and f"MedicationRequest/{name}" in record.issued


def _row(
    make: Callable[[Resource, int], Event], part: Resource, number: int, place: Position, scope: str
) -> Row:
    event = None
    try:
        event = make(part, number)
        measures.check(event.code, event.value, event.unit)
    except RowFault as fault:
        outcome = Outcome.HELD if fault.held else Outcome.REJECTED
        return Row(Kind.EVENTS, place, None, event, outcome, fault.reason, scope=scope)
    return Row(Kind.EVENTS, place, event=event, scope=scope)


def _concept(record: Record, part: Resource, kind: str) -> Resource:
    if kind in MEDICINES:
        return record.medicine(part)
    if kind != "Immunization":
        return table(part.get("code"))
    given = table(part.get("vaccineCode"))
    if any(codes.names(words(each.get("system"))) for each in tables(given.get("coding"))):
        return given
    for each in tables(part.get("extension")):
        if VACCINATION in words(each.get("url")):
            return table(each.get("valueCodeableConcept"))
    return given


def _coding(concept: Resource, *, is_medicine: bool) -> tuple[Resource, str]:
    """The coding of the system we like best, of those the lake keeps.

    Medicines coded in SNOMED CT are of its UK drug extension, whose codes are those of dm+d.
    """
    known = [
        (coding, "dmd" if is_medicine and name == "snomed" else name)
        for coding in tables(concept.get("coding"))
        if (name := codes.names(words(coding.get("system"))))
    ]
    if not known:
        raise RowFault("code-system" if concept.get("coding") else "code-missing")
    return min(known, key=lambda each: codes.SYSTEMS.index(each[1]))


def _term(coding: Resource, concept: Resource) -> str:
    return text.clean(words(coding.get("display")) or words(concept.get("text")))[0][:500]


def _day(resource: Resource, elements: tuple[str, ...], today: date) -> date:
    for element in elements:
        written = words(resource.get(element)) or words(table(resource.get(element)).get("start"))
        if written:
            try:
                day, _ = dates.partial(written)
            except RowFault:
                raise RowFault("event-date") from None
            if day > today:
                raise RowFault("event-future")
            return day
    raise RowFault("event-date")


def _value(part: Resource) -> float | None:
    number = table(part.get("valueQuantity")).get("value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return float(number) if isfinite(number) else None


def _unit(part: Resource) -> str:
    quantity = table(part.get("valueQuantity"))
    return (words(quantity.get("unit")) or words(quantity.get("code")))[:40]
