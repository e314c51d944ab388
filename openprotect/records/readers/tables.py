"""One agreed table, from CSV or Parquet, read in batches of columns; every row has an outcome."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from openprotect.records.readers import contracts, csv_text
from openprotect.records.readers.columns import (
    Faults,
    Mask,
    NhsNumbers,
    Numbers,
    Reader,
    first,
    nothing,
)
from openprotect.records.readers.contracts import Header
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import EVENTS_SCHEMA, PEOPLE_SCHEMA, Incoming
from openprotect.records.readers.sources import Document
from openprotect.records.rules import dates
from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind, Outcome

MOST_DAMAGED_NUMBERS = 10
TEXT = pa.string()


@dataclass(frozen=True)
class Table:
    """One file known to hold an agreed table."""

    document: Document
    header: Header
    declared: Declared
    batches: Callable[[], Iterator["Batch"]]
    counts_itself: bool = False


@dataclass(frozen=True)
class Batch:
    """Some rows of a table, column by column, as they were written; bad ones apart."""

    rows: Numbers
    columns: dict[str, pa.Array]
    bad: Sequence[csv_text.Line] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> pa.Array:
        found = self.columns.get(name)
        return nothing(len(self)) if found is None else found


@dataclass
class Read:
    """The columns of a batch that its maker has read: the values, and all that is wrong."""

    values: dict[str, pa.Array]
    faults: list[Numbers] = field(default_factory=list)
    notes: dict[str, Mask] = field(default_factory=dict)


class Ways:
    """How the columns of one table are read: kept from batch to batch."""

    def __init__(self, table: Table, source: str, today: date, *, synthetic: bool) -> None:
        self.table, self.source, self.today, self.synthetic = table, source, today, synthetic
        self.faults = Faults()
        self.number = NhsNumbers(self.faults, synthetic=synthetic)
        order = table.declared.dates
        self.day = Reader(lambda value: dates.read(value, order) if value else None,
                          pa.date32(), self.faults)  # fmt: skip

    def reader(self, rule: Callable[[str], object], kind: pa.DataType = TEXT) -> Reader:
        return Reader(rule, kind, self.faults)


Maker = Callable[[Batch], Read]
Aside = Callable[[Batch, Read], Batch | None]


def open_csv(document: Document, declared: Declared, *, registered: bool) -> Table:
    """The table that this CSV file is. Raises FileRefused."""
    header = contracts.recognise(
        header_of(document, declared), document.name, registered=registered
    )

    def read() -> Iterator[Batch]:
        width = len(header.columns)
        for lines in csv_text.batches(document.path, document.name, declared, width=width):
            turned = zip(*lines.fields, strict=True) if lines.fields else [()] * width
            columns = [pa.array(each, TEXT) for each in turned]
            named = dict(zip(header.columns, columns, strict=True))
            yield Batch(np.array(lines.rows, dtype=np.int32), named, lines.bad)

    return Table(document, header, declared, read)


def header_of(document: Document, declared: Declared) -> list[str]:
    """The first record of a CSV file. Raises FileRefused."""
    line = next(csv_text.read(document.path, document.name, declared), None)
    if line is None:
        raise FileRefused(document.name, "empty", reason="empty")
    if line.fault:
        raise FileRefused(document.name, "a header of more columns than agreed", reason="header")
    return line.fields


def read(ways: Ways, make: Maker, incoming: Incoming, aside: Aside | None = None) -> None:
    """Every row with its outcome, then the declared count is held against them.

    With `aside`, rows without a fault are set aside and only the others handed over. Raises
    FileRefused.
    """
    table = ways.table
    count = damaged = 0
    for batch in table.batches():
        count += len(batch) + len(batch.bad)
        left: Batch | None = batch if len(batch) else None
        if left and aside:
            left = aside(left, make(left))
        if left:
            damaged += _hand_over(left, make(left), ways, incoming, damaged)
        for line in batch.bad:
            incoming.reject(
                table.header.contract.kind, table.document.name, line.row,
                line.fault or "columns", shape=not line.fault,
            )  # fmt: skip
    check_count(table, count)


def check_count(table: Table, count: int) -> None:
    declared = table.declared.rows
    if declared is not None and declared != count:
        words = f"{declared:,} rows declared, {count:,} found"
        raise FileRefused(table.document.name, words, reason="count")
    if count == 0 and declared != 0:
        words = "a header and no rows: declare rows=0 if that is meant"
        raise FileRefused(table.document.name, words, reason="no-rows")


def _hand_over(batch: Batch, read: Read, ways: Ways, incoming: Incoming, damaged: int) -> int:
    """Give the rows of a batch on; says how many numbers of it a spreadsheet has damaged."""
    known = ways.faults
    wrong = first(read.faults, known.are("held"))
    name = ways.table.document.name
    for at in np.flatnonzero(known.are("refuses")[wrong])[:1]:
        fault = known.known[int(wrong[at])]
        raise FileRefused(name, fault.refuses, reason=fault.reason, row=int(batch.rows[at]))
    reasons = [each.reason == "nhs-number-scientific" for each in known.known]
    scientific = np.flatnonzero(np.array(reasons)[wrong])
    if damaged + len(scientific) > MOST_DAMAGED_NUMBERS:
        words = f"over {MOST_DAMAGED_NUMBERS} NHS numbers damaged by a spreadsheet"
        row = int(batch.rows[scientific[MOST_DAMAGED_NUMBERS - damaged]])
        raise FileRefused(name, words, reason="spreadsheet", row=row)
    _write(batch, read, wrong, ways, incoming)
    return len(scientific)


def _write(batch: Batch, read: Read, wrong: Numbers, ways: Ways, incoming: Incoming) -> None:
    is_people = ways.table.header.contract.kind is Kind.PEOPLE
    schema = PEOPLE_SCHEMA if is_people else EVENTS_SCHEMA
    rows = len(batch)
    held = ways.faults.are("held")[wrong]
    rejected = (wrong > 0) & ~held
    numbers = read.values["nhs_number"].fill_null("")
    columns = {
        "who": numbers,
        "file": pa.repeat(ways.table.document.name, rows),
        "row": pa.array(batch.rows, pa.int64()),
        "outcome": _outcomes(wrong, held),
        "reason": ways.faults.reasons().take(pa.array(wrong)),
        "notes": _notes(read.notes, ~rejected, rows),
        "asked": nothing(rows),
        "partial": pa.repeat(False, rows),
        "source": pa.repeat(ways.source, rows),
        **read.values,
        "nhs_number": numbers,
    }
    made = pa.table([_column(columns, each, rows) for each in schema], schema=schema)
    if rejected.any():
        made = _without_values(made, rejected)
    shapes = int(ways.faults.are("shape")[wrong].sum())
    noted = {note: int((mask & ~rejected).sum()) for note, mask in read.notes.items()}
    incoming.take(
        ways.table.header.contract.kind, made, file=ways.table.document.name,
        misshapen=shapes, notes=Counter({note: count for note, count in noted.items() if count}),
    )  # fmt: skip


def _outcomes(wrong: Numbers, held: Mask) -> pa.Array:
    words = pa.array(["", str(Outcome.HELD), str(Outcome.REJECTED)], TEXT)
    return words.take(pa.array(np.where(wrong == 0, 0, np.where(held, 1, 2))))


def _notes(notes: dict[str, Mask], kept: Mask, rows: int) -> pa.Array:
    """What is to be remarked of each row; most often nothing at all."""
    kind = pa.list_(TEXT)
    if not any(mask.any() for mask in notes.values()):
        return pa.ListArray.from_arrays(np.zeros(rows + 1, dtype=np.int32), pa.array([], TEXT))
    said = [
        [note for note, mask in notes.items() if mask[at]] if kept[at] else [] for at in range(rows)
    ]
    return pa.array(said, kind)


def _column(columns: dict[str, pa.Array], wanted: pa.Field, rows: int) -> pa.Array:
    found = columns.get(wanted.name)
    if found is None:
        return nothing(rows) if wanted.type == TEXT else pa.nulls(rows, wanted.type)
    return found if found.type == wanted.type else found.cast(wanted.type)


def _without_values(made: pa.Table, rejected: Mask) -> pa.Table:
    """A rejected row keeps where it stood and why, and nothing of what it said."""
    kept = {"file", "row", "outcome", "reason", "notes", "asked", "partial"}
    mask = pa.array(rejected)
    for at, each in enumerate(made.schema):
        if each.name == "who":
            made = made.set_column(at, each, _where(mask, "", made.column(at)))
        elif each.name not in kept:
            made = made.set_column(at, each, _where(mask, None, made.column(at)))
    return made


def _where(mask: pa.Array, value: str | None, column: pa.ChunkedArray) -> pa.Array:
    other = pa.scalar(value, column.type)
    return pa.compute.if_else(mask, other, column.combine_chunks())
