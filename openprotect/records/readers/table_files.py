"""The tables of one import: people, their registrations, and the facts about them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from openprotect.records.readers import (
    contracts,
    event_tables,
    parquet,
    people_table,
    registrations,
    tables,
)
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import NOTHING, Extract, Incoming
from openprotect.records.readers.registrations import Registrations
from openprotect.records.readers.sources import COLUMNS, Caps, Document
from openprotect.records.readers.tables import Batch, Read, Table, Ways
from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind

UNCOUNTED = "row count not declared: a cut at a line's end would not be noticed"


class Way(Protocol):
    """How the tables of one import are read."""

    @property
    def declared(self) -> Declared: ...
    @property
    def today(self) -> date: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def permitted(self) -> frozenset[str]: ...
    @property
    def caps(self) -> Caps: ...


def read(documents: Sequence[Document], way: Way, incoming: Incoming) -> int:
    """Every agreed table among these; says how many there were. Raises FileRefused."""
    named = [(each, _columns(each, way)) for each in documents]
    registered = any(_is(contracts.REGISTRATIONS, columns) for _, columns in named)
    found = []
    for document, columns in named:
        if not document.given and not _may_be_meant(document, columns):
            incoming.extract.notes[f"passed over: {document.name}"] += 1
        else:
            found.append(_open(document, way, incoming.extract, registered=registered))
    if found:
        _refuse_strange_company(found, way)
        _read_all(found, way, incoming)
    return len(found)


def _columns(document: Document, way: Way) -> Sequence[str]:
    if document.kind == COLUMNS:
        return parquet.names(document)
    return tables.header_of(document, replace(way.declared))


def _is(contract: contracts.Contract, columns: Sequence[str]) -> bool:
    try:
        return contracts.recognise(columns, "").contract is contract
    except FileRefused:
        return False


def _may_be_meant(document: Document, columns: Sequence[str]) -> bool:
    """A list of contents in a folder is no extract; a table about people is, right or wrong."""
    names = ("people", "events", *(contract.name for contract in contracts.CONTRACTS))
    return contracts.could_be(columns) or document.name.lower().startswith(names)


def _open(document: Document, way: Way, extract: Extract, *, registered: bool) -> Table:
    said = Declared(dates=way.declared.dates, encoding=way.declared.encoding)
    if document.kind == COLUMNS:
        table = parquet.open_table(document, said, way.caps, registered=registered)
    else:
        table = tables.open_csv(document, said, registered=registered)
    contract = table.header.contract
    extract.notes.update(f"column not known: {column[:40]}" for column in table.header.unknown)
    extract.has_events |= contract.kind is Kind.EVENTS
    extract.kinds.append(contract.name)
    if said.extract_on and extract.extract_on is None:
        extract.extract_on = date.fromisoformat(said.extract_on)
    extract.is_whole |= said.whole
    if said.rows is None and not table.counts_itself:
        extract.notes[UNCOUNTED] += 1
    if contract.stands_alone:
        extract.replaces = NOTHING
    return table


def _refuse_strange_company(found: Sequence[Table], way: Way) -> None:
    """Facts need their people beside them, lists stand alone, social care needs its own basis."""
    first = found[0].document.name
    kinds = [table.header.contract for table in found]
    for table in found:
        if table.header.contract.permission not in ("", *way.permitted):
            words = (
                "social care records are not covered by the basis of the others: name theirs in"
                " OPENPROTECT_SOCIAL_CARE_BASIS, or leave this file out"
            )
            raise FileRefused(table.document.name, words, reason="basis")
    alone = {contract.name for contract in kinds if contract.stands_alone}
    if alone and len({contract.name for contract in kinds}) > 1:
        words = f"{' and '.join(sorted(alone))} beside other tables: import it by itself"
        raise FileRefused(first, words, reason="kinds")
    if not alone and contracts.PEOPLE not in kinds:
        what = "events" if any(each.kind is Kind.EVENTS for each in kinds) else "registrations"
        words = f"{what} without the people they are about: import both files together"
        raise FileRefused(first, words, reason="people-missing")


def _read_all(found: Sequence[Table], way: Way, incoming: Incoming) -> None:
    known = Registrations()
    for table in _only(found, contracts.REGISTRATIONS):
        ways = _ways(table, way, incoming)
        make = registrations.maker(ways)
        tables.read(ways, make, incoming, aside=_set_aside(known, ways))
    known.settle()
    for table in _only(found, contracts.PEOPLE):
        ways = _ways(table, way, incoming)
        make = people_table.maker(ways)
        if known.parts:
            make = _registered(make, known, ways)
        tables.read(ways, make, incoming)
    known.hand_over(incoming)
    for table in found:
        if table.header.contract.kind is Kind.EVENTS:
            ways = _ways(table, way, incoming)
            tables.read(ways, event_tables.maker(ways, way.permitted), incoming)


def _only(found: Sequence[Table], contract: contracts.Contract) -> list[Table]:
    return [table for table in found if table.header.contract is contract]


def _ways(table: Table, way: Way, incoming: Incoming) -> Ways:
    return Ways(table, incoming.extract.source, way.today, synthetic=way.synthetic)


def _set_aside(known: Registrations, ways: Ways) -> tables.Aside:
    return lambda batch, read: known.keep(batch, read, ways)


def _registered(
    make: Callable[[Batch], Read], known: Registrations, ways: Ways
) -> Callable[[Batch], Read]:
    return lambda batch: known.join(make(batch), ways)
