"""Answers of the Personal Demographics Service: a Patient, found ones, or why there is none.

They say who somebody is and where, and nothing of their health: no event is touched by them, and
what they leave out says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from openprotect.records.readers import fhir_person, fhir_rows
from openprotect.records.readers.fhir_record import Record, Resource
from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules import people
from openprotect.records.rules.reasons import RowFault
from openprotect.records.rules.values import Kind, LeftOut, Outcome, Position, Row

ANSWERS = {"Patient", "RelatedPerson", "OperationOutcome"}
NUMBER = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])", re.ASCII)


def is_answer(whole: Mapping[str, object]) -> bool:
    """Whether this is an answer about demographics, and no record."""
    if whole.get("resourceType") in ANSWERS:
        return True
    if whole.get("resourceType") != "Bundle" or whole.get("type") != "searchset":
        return False
    return all(each.get("resourceType") in ANSWERS for each in _resources(whole))


def _resources(whole: Mapping[str, object]) -> list[Resource]:
    return [table(entry.get("resource")) for entry in tables(whole.get("entry"))]


def rows(whole: Mapping[str, object], record: Record, *, saved_as: str) -> Iterator[Row | LeftOut]:
    """The person who was found. Of several none is chosen: they wait for somebody who can.

    `saved_as` is the file's name: answers are saved under the number that was asked for.
    """
    if whole.get("resourceType") != "Bundle":
        asked = NUMBER.findall(saved_as)
        yield from _rows_of(whole, record, 1, asked[0] if len(asked) == 1 else "")
        return
    found = _resources(whole)
    if not found:
        yield LeftOut("answer of PDS: nobody found")
    several = sum(each.get("resourceType") == "Patient" for each in found) > 1
    for index, entry in enumerate(tables(whole.get("entry")), 1):
        address = words(entry.get("fullUrl")).rpartition("/")[2]
        for row in _rows_of(found[index - 1], record, index, address):
            yield _one_of_several(row) if several else row


def _rows_of(
    resource: Resource, record: Record, index: int, address: str
) -> Iterator[Row | LeftOut]:
    kind = words(resource.get("resourceType"))
    place = Position(record.name, index)
    if kind == "OperationOutcome":
        yield LeftOut(f"answer of PDS: {_outcome(resource)}")
    elif kind != "Patient":
        yield LeftOut(kind)
    elif fault := fhir_rows.fault_of(resource, kind):
        yield Row(Kind.PEOPLE, place, outcome=Outcome.REJECTED, reason=fault)
    else:
        row = fhir_person.row(resource, place, record, partial=True)
        yield replace(row, asked=_asked(resource, row, address, record))


def _outcome(resource: Resource) -> str:
    """The code of what PDS had to say, in its own words; nothing of anybody's is in it."""
    for issue in tables(resource.get("issue")):
        for coding in tables(table(issue.get("details")).get("coding")):
            if re.fullmatch(r"[A-Z_]{3,40}", words(coding.get("code"))):
                return words(coding.get("code"))
        if re.fullmatch(r"[a-z-]{3,40}", words(issue.get("code"))):
            return words(issue.get("code"))
    return "no reason given"


def _asked(resource: Resource, row: Row, address: str, record: Record) -> str:
    """The superseded number that was asked for, when the answer has another; else ''."""
    if row.person is None or not row.person.nhs_number:
        return ""
    for written in (address, *_replaced(resource)):
        number = _number(written, record)
        if number and number != row.person.nhs_number:
            return number
    return ""


def _replaced(resource: Resource) -> Iterator[str]:
    """Numbers that the answer itself says it replaces."""
    for each in tables(resource.get("link")):
        if each.get("type") == "replaces":
            other = table(each.get("other"))
            yield words(table(other.get("identifier")).get("value"))
            yield words(other.get("reference")).rpartition("/")[2]
    for each in tables(resource.get("identifier")):
        if each.get("system") == fhir_person.NHS_NUMBER and each.get("use") == "old":
            yield words(each.get("value"))


def _number(written: str, record: Record) -> str:
    if not NUMBER.fullmatch(written):
        return ""
    try:
        return people.number(written, synthetic=record.synthetic)
    except RowFault:
        return ""


def _one_of_several(row: Row | LeftOut) -> Row | LeftOut:
    if isinstance(row, LeftOut) or row.outcome is Outcome.REJECTED:
        return row
    return replace(row, outcome=Outcome.HELD, reason="identity-several", asked="")
