"""Entries to be created only if nobody is there yet, as FHIR's `ifNoneExist` asks.

In a file the condition can only be held against the file itself. Against what the lake holds, the
NHS number decides, condition or none.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from openprotect.records.readers.strict_json import table, tables, words

Entry = Mapping[str, object]


def faults(entries: Sequence[Entry]) -> dict[int, str]:
    """By the entry's number: why it may not be created."""
    asked = {
        index: words(table(entry.get("request")).get("ifNoneExist"))
        for index, entry in enumerate(entries, 1)
    }
    if not any(asked.values()):
        return {}
    found = {
        index: _fault(condition, table(entries[index - 1].get("resource")), entries)
        for index, condition in asked.items()
        if condition
    }
    return {index: fault for index, fault in found.items() if fault}


def _fault(condition: str, resource: Mapping[str, object], entries: Sequence[Entry]) -> str:
    criteria = parse_qsl(condition)
    if len(criteria) != 1 or criteria[0][0] != "identifier" or "|" not in criteria[0][1]:
        return "conditional"
    system, _, value = criteria[0][1].rpartition("|")
    kind = resource.get("resourceType")
    matching = sum(
        _has_identifier(table(entry.get("resource")), system, value)
        for entry in entries
        if table(entry.get("resource")).get("resourceType") == kind
    )
    return "conditional-two" if matching > 1 else ""


def _has_identifier(resource: Mapping[str, object], system: str, value: str) -> bool:
    return any(
        each.get("value") == value and (not system or each.get("system") == system)
        for each in tables(resource.get("identifier"))
    )
