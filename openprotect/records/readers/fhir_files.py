"""The FHIR files of one import: bundles, answers of PDS, and exports of a line each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from openprotect.records.readers import fhir, ndjson, pds
from openprotect.records.readers.fhir import BundleRefused
from openprotect.records.readers.fhir_record import Record
from openprotect.records.readers.incoming import Extract, Incoming
from openprotect.records.readers.sources import JSON, LINES, Caps, Document
from openprotect.records.rules import identity
from openprotect.records.rules.identity import Practice
from openprotect.records.rules.values import LeftOut, Row


class Way(Protocol):
    """How the files of one import are read."""

    @property
    def today(self) -> date: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def caps(self) -> Caps: ...
    @property
    def practices(self) -> Sequence[Practice]: ...


def read(documents: Sequence[Document], way: Way, incoming: Incoming) -> None:
    """Every bundle, or why it is not taken; then every line of an export. Raises FileRefused."""
    for document in documents:
        if document.kind == JSON:
            for row in _of_bundle(document, way, incoming.extract):
                incoming.add(_identified(row, way.practices))
    lines = [document for document in documents if document.kind == LINES]
    if lines:
        incoming.extract.has_events = True
        incoming.extract.bundles_read += len(lines)
        for row in ndjson.rows(lines, _record(lines[0].name, way, incoming.extract)):
            incoming.add(_identified(row, way.practices))


def _record(name: str, way: Way, extract: Extract) -> Record:
    return Record(name, extract.source, way.today, way.synthetic)


def _of_bundle(document: Document, way: Way, extract: Extract) -> Iterator[Row | LeftOut]:
    """A refused bundle is counted and the others go on; nothing of it is taken."""
    try:
        whole = fhir.content_of(document)
        is_answer = pds.is_answer(whole)
        if extract.bundles_read and is_answer == extract.has_events:
            words = "an answer about demographics among records: import it by itself"
            raise BundleRefused(document.name, words, reason="kinds")
        record = _record(document.name, way, extract)
        if is_answer:
            yield from pds.rows(whole, record, saved_as=document.saved_as)
        else:
            yield from fhir.rows(whole, record, way.caps)
    except BundleRefused as why:
        extract.refused.append(why)
    else:
        extract.bundles_read += 1
        extract.has_events = not is_answer


def _identified(row: Row | LeftOut, practices: Sequence[Practice]) -> Row | LeftOut:
    """A made-up identity, where that is allowed, for somebody who has none."""
    if not practices or isinstance(row, LeftOut) or row.reason != "identity":
        return row
    if row.person is None or not row.person.subject:
        return row
    return replace(row, person=identity.give(row.person, practices), outcome=None, reason="")
