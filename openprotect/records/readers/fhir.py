"""FHIR R4 bundles: one record of one or more people, entry by entry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from openprotect.records.readers import fhir_person, strict_json
from openprotect.records.readers.fhir_event import KEPT, events_of
from openprotect.records.readers.sources import Caps, Document
from openprotect.records.readers.strict_json import BadJson, table, tables, words
from openprotect.records.rules.reasons import FileRefused, RowFault, in_words
from openprotect.records.rules.values import Kind, LeftOut, Outcome, Position, Row

MOST_EXTENSIONS = 1000
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
}


class BundleRefused(FileRefused):
    """One bundle is not taken; others of the same import may be."""


@dataclass
class Bundle:
    """A bundle that has been read whole, and whom its entries may refer to."""

    name: str
    type: str
    entries: list[Mapping[str, object]]
    people: dict[str, str] = field(default_factory=dict)

    def refuse(self, reason: str, entry: int = 0) -> BundleRefused:
        return BundleRefused(self.name, f"{in_words(reason)}", reason=reason, row=entry)


def rows(
    document: Document, *, source: str, today: date, synthetic: bool, caps: Caps
) -> Iterator[Row | LeftOut]:
    """Every entry as a row, people first. Raises BundleRefused, before the first row."""
    bundle = _open(document, caps)
    _know_people(bundle)
    found = [
        row
        for index, entry in sorted(enumerate(bundle.entries, 1), key=_people_first)
        for row in _rows_of(bundle, index, table(entry.get("resource")), source, today, synthetic)
    ]
    if bundle.type == "transaction":
        for row in found:
            if isinstance(row, Row) and row.reason in BREAKING:
                raise bundle.refuse(row.reason, row.position.row)
    yield from found


def _people_first(numbered: tuple[int, Mapping[str, object]]) -> tuple[bool, int]:
    index, entry = numbered
    return table(entry.get("resource")).get("resourceType") != "Patient", index


def _open(document: Document, caps: Caps) -> Bundle:
    content = document.content()
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise BundleRefused(document.name, "XML, which is not read here", reason="content")
    try:
        whole = table(strict_json.read(content))
    except BadJson as why:
        raise BundleRefused(
            document.name, in_words(why.reason), reason=why.reason, column=why.column
        ) from None
    bundle = Bundle(document.name, words(whole.get("type")), tables(whole.get("entry")))
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


def _know_people(bundle: Bundle) -> None:
    """Note each patient by every name an entry may use; the same one twice is refused."""
    addresses: set[str] = set()
    for index, entry in enumerate(bundle.entries, 1):
        address = words(entry.get("fullUrl"))
        if address in addresses:
            raise bundle.refuse("same-full-url", index)
        addresses |= {address} - {""}
        resource = table(entry.get("resource"))
        if resource.get("resourceType") == "Patient":
            subject = words(resource.get("id")) or address
            if subject in bundle.people.values():
                raise bundle.refuse("two-patients", index)
            names = {address, f"Patient/{subject}", f"urn:uuid:{subject}"} - {""}
            bundle.people |= dict.fromkeys(names, subject)


def _rows_of(
    bundle: Bundle,
    index: int,
    resource: Mapping[str, object],
    source: str,
    today: date,
    synthetic: bool,
) -> list[Row | LeftOut]:
    kind = words(resource.get("resourceType"))
    place = Position(bundle.name, index)
    if fault := _fault_of(resource, kind):
        row_kind = Kind.PEOPLE if kind == "Patient" else Kind.EVENTS
        return [Row(row_kind, place, outcome=Outcome.REJECTED, reason=fault)]
    if kind == "Patient":
        return [fhir_person.row(resource, place, source, today, synthetic=synthetic)]
    if kind not in KEPT:
        return [LeftOut(kind)]
    if _is_entered_in_error(resource):
        return [LeftOut(f"{kind} entered in error")]
    try:
        subject = _subject(bundle, resource)
    except RowFault as why:
        return [Row(Kind.EVENTS, place, outcome=Outcome.REJECTED, reason=why.reason)]
    return list(events_of(resource, kind, subject, place, source, today))


def _fault_of(resource: Mapping[str, object], kind: str) -> str:
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


def _is_entered_in_error(resource: Mapping[str, object]) -> bool:
    codings = tables(table(resource.get("verificationStatus")).get("coding"))
    said = [words(resource.get("status")), *(words(each.get("code")) for each in codings)]
    return "entered-in-error" in said


def _subject(bundle: Bundle, resource: Mapping[str, object]) -> str:
    """Whose fact this is, found inside the bundle; no reference is ever followed outside it."""
    refers = table(resource.get("subject")) or table(resource.get("patient"))
    reference = words(refers.get("reference"))
    if reference in bundle.people:
        return bundle.people[reference]
    raise RowFault("reference")
