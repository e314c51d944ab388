"""One resource of a FHIR record as rows, whether it came in a bundle or on a line of its own."""

import json

from openprotect.records.readers import fhir_event, fhir_person
from openprotect.records.readers.fhir_record import Record, Resource
from openprotect.records.readers.strict_json import table, tables, words
from openprotect.records.rules.values import Kind, LeftOut, Outcome, Position, Row

MOST_EXTENSIONS = 1000
WARNING = "ListWarningCode"
# What a practice says its record leaves out (GP Connect, list warning codes).
WARNINGS = {"confidential-items", "data-in-transit", "data-awaiting-filing"}


def rows_of(record: Record, resource: Resource, place: Position) -> list[Row | LeftOut]:
    """What this resource says, and why not when it says nothing that is kept."""
    kind = words(resource.get("resourceType"))
    if fault := fault_of(resource, kind):
        row_kind = Kind.PEOPLE if kind == "Patient" else Kind.EVENTS
        return [Row(row_kind, place, outcome=Outcome.REJECTED, reason=fault)]
    if kind == "Patient":
        return [fhir_person.row(resource, place, record)]
    if kind in fhir_event.KEPT:
        return list(fhir_event.rows_of(record, resource, kind, place))
    if kind == "QuestionnaireResponse" and not _is_part_of_a_record(resource):
        reason = _fault_of_answers(resource)
        return [Row(Kind.EVENTS, place, outcome=Outcome.REJECTED, reason=reason)]
    return [LeftOut(kind)]


def fault_of(resource: Resource, kind: str) -> str:
    """What makes a resource unusable, whatever it says."""
    if not kind:
        return "entry"
    if "modifierExtension" in resource or "implicitRules" in resource:
        return "modifier-extension"
    if len(tables(resource.get("extension"))) > MOST_EXTENSIONS:
        return "extensions"
    for contained in tables(resource.get("contained")):
        if f'"#{words(contained.get("id"))}"' in json.dumps(contained):
            return "contained-itself"
    return ""


def _is_part_of_a_record(answers: Resource) -> bool:
    """A form that a practice filed, which claims no questionnaire of anybody's."""
    return not words(answers.get("questionnaire"))


def _fault_of_answers(answers: Resource) -> str:
    named = words(answers.get("questionnaire"))
    return "answers" if "|" in named else "answers-unversioned"


def warnings_of(resource: Resource) -> set[str]:
    """What a list of the record says is missing from it."""
    if resource.get("resourceType") != "List":
        return set()
    said = {
        words(each.get("valueCode"))
        for each in tables(resource.get("extension"))
        if WARNING in words(each.get("url"))
    }
    coded = table(resource.get("extension"))
    return (said | {words(coded.get("valueCode"))}) & WARNINGS
