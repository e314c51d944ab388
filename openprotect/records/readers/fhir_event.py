"""Coded facts of a FHIR R4 record: conditions, procedures, observations, medicines, vaccines."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isfinite

from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules import codes, dates, measures, text
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Event, Kind, Outcome, Position, Row

Resource = Mapping[str, object]

# Which element holds the code, and which may hold the day, best first.
KEPT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Condition": ("code", ("onsetDateTime", "onsetPeriod", "recordedDate")),
    "Procedure": ("code", ("performedDateTime", "performedPeriod")),
    "Observation": ("code", ("effectiveDateTime", "effectivePeriod", "issued")),
    "MedicationRequest": ("medicationCodeableConcept", ("authoredOn",)),
    "Immunization": ("vaccineCode", ("occurrenceDateTime", "recorded")),
}


def events_of(
    resource: Resource, kind: str, subject: str, place: Position, source: str, today: date
) -> Iterator[Row]:
    """The row of this resource, and one for each part of an observation made of parts."""
    code_element, day_elements = KEPT[kind]

    def make(part: Resource, number: int) -> Event:
        coding, system = _coding(table(part.get(code_element)))
        name = words(resource.get("id"))
        suffix = f"#{number}" if number else ""
        return Event(
            nhs_number="",
            kind=kind,
            code=codes.read(words(coding.get("code")), system),
            system=system,
            term=_term(coding, table(part.get(code_element))),
            on=_day(resource, day_elements, today),
            value=_value(part),
            unit=_unit(part),
            source=source,
            source_id=f"{kind}/{name}{suffix}" if name else "",
            subject=subject,
        )

    for number, part in enumerate([resource, *tables(resource.get("component"))]):
        yield _row(make, part, number, place)


def _row(
    make: Callable[[Resource, int], Event], part: Resource, number: int, place: Position
) -> Row:
    event = None
    try:
        event = make(part, number)
        measures.check(event.code, event.value, event.unit)
    except RowFault as fault:
        outcome = Outcome.HELD if fault.held else Outcome.REJECTED
        return Row(Kind.EVENTS, place, None, event, outcome, fault.reason)
    return Row(Kind.EVENTS, place, event=event)


def _coding(concept: Resource) -> tuple[Resource, str]:
    """The coding of the system we like best, of those the lake keeps."""
    known = [
        (coding, name)
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
