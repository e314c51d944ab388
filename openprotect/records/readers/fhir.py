"""FHIR bundles, R4 and STU3: one record of one or more people, entry by entry."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from openprotect.records.readers import conditional, fhir_rows, strict_json
from openprotect.records.readers.fhir_record import REMEMBERED, Record
from openprotect.records.readers.sources import Caps, Document
from openprotect.records.readers.strict_json import BadJson, listed, table, tables, words
from openprotect.records.rules.reasons import FileRefused, in_words
from openprotect.records.rules.values import Kind, LeftOut, Outcome, Position, Row

GP_PROFILE = re.compile(r"CareConnect-GPC-|GPConnect-StructuredRecord")
# A transaction stands or falls as one (FHIR R4, Bundle): any of these in one entry refuses it.
# The rest are about what we keep, not about what was sent, and concern their own row only.
BREAKING = {
    "entry",
    "reference",
    "modifier-extension",
    "contained-itself",
    "extensions",
    "date-unreadable",
    "birth-date-missing",
    "event-date",
    "conditional-two",
    "conditional",
    "answers",
    "answers-unversioned",
}


class BundleRefused(FileRefused):
    """One bundle is not taken; others of the same import may be."""


@dataclass
class Bundle:
    """A bundle that has been read whole."""

    name: str
    type: str
    entries: list[Mapping[str, object]]

    def refuse(self, reason: str, entry: int = 0) -> BundleRefused:
        return BundleRefused(self.name, f"{in_words(reason)}", reason=reason, row=entry)


def content_of(document: Document) -> Mapping[str, object]:
    """The JSON object that a document is. Raises BundleRefused."""
    content = document.content()
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise BundleRefused(document.name, "XML, which is not read here", reason="content")
    try:
        return table(strict_json.read(content))
    except BadJson as why:
        raise BundleRefused(
            document.name, in_words(why.reason), reason=why.reason, column=why.column
        ) from None


def rows(whole: Mapping[str, object], record: Record, caps: Caps) -> Iterator[Row | LeftOut]:
    """Every entry as a row, people first. Raises BundleRefused, before the first row."""
    bundle = _open(whole, record.name, caps)
    record.setting = "gp" if _is_of_a_practice(whole, bundle) else ""
    warned = _know(bundle, record)
    refused = conditional.faults(bundle.entries)
    found = [
        row
        for index, entry in sorted(enumerate(bundle.entries, 1), key=_people_first)
        for row in _rows_of(record, index, entry, refused.get(index, ""))
    ]
    if bundle.type == "transaction":
        for row in found:
            if isinstance(row, Row) and row.reason in BREAKING:
                raise bundle.refuse(row.reason, row.position.row)
    yield from (_warned(row, warned) for row in found)


def _people_first(numbered: tuple[int, Mapping[str, object]]) -> tuple[bool, int]:
    index, entry = numbered
    return table(entry.get("resource")).get("resourceType") != "Patient", index


def _open(whole: Mapping[str, object], name: str, caps: Caps) -> Bundle:
    bundle = Bundle(name, words(whole.get("type")), tables(whole.get("entry")))
    listed = whole.get("entry", [])
    if whole.get("resourceType") != "Bundle" or not isinstance(listed, list):
        raise bundle.refuse("bundle-type")
    if len(listed) > caps.bundle_entries:
        raise bundle.refuse("bundle-entries")
    if len(bundle.entries) != len(listed):
        raise bundle.refuse("entry")
    if "implicitRules" in whole:
        raise bundle.refuse("modifier-extension")
    return bundle


def _know(bundle: Bundle, record: Record) -> tuple[str, ...]:
    """Remember what entries refer to; the same patient or address twice is refused.

    Gives what the record says of itself that it leaves out.
    """
    addresses: set[str] = set()
    warned: set[str] = set()
    for index, entry in enumerate(bundle.entries, 1):
        address = words(entry.get("fullUrl"))
        if address in addresses:
            raise bundle.refuse("same-full-url", index)
        addresses |= {address} - {""}
        resource = table(entry.get("resource"))
        kind = resource.get("resourceType")
        if kind in REMEMBERED and not record.remember(resource, address):
            raise bundle.refuse("two-patients", index)
        warned |= fhir_rows.warnings_of(resource)
    if not record.people and any(_is_of_somebody(entry) for entry in bundle.entries):
        raise bundle.refuse("no-patient")
    return tuple(sorted(warned))


def _is_of_a_practice(whole: Mapping[str, object], bundle: Bundle) -> bool:
    """Whether this is a structured record of GP Connect, by the profile that it claims."""
    claims = (table(entry.get("resource")).get("meta") for entry in bundle.entries)
    return any(
        GP_PROFILE.search(profile)
        for meta in (whole.get("meta"), *claims)
        for profile in listed(table(meta).get("profile"))
    )


def _is_of_somebody(entry: Mapping[str, object]) -> bool:
    resource = table(entry.get("resource"))
    return bool(table(resource.get("subject")) or table(resource.get("patient")))


def _rows_of(
    record: Record, index: int, entry: Mapping[str, object], refused: str
) -> list[Row | LeftOut]:
    resource, place = table(entry.get("resource")), Position(record.name, index)
    if refused:
        kind = Kind.PEOPLE if resource.get("resourceType") == "Patient" else Kind.EVENTS
        return [Row(kind, place, outcome=Outcome.REJECTED, reason=refused)]
    return fhir_rows.rows_of(record, resource, place)


def _warned(row: Row | LeftOut, warnings: tuple[str, ...]) -> Row | LeftOut:
    if isinstance(row, LeftOut) or row.kind is not Kind.PEOPLE or not warnings:
        return row
    return replace(row, notes=(*row.notes, *warnings))
