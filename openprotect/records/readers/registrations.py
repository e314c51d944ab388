"""Registrations in a table of their own: the newest of each person is taken into the person's row.

Older ones are history and are counted as duplicates. Two that begin at two practices on one day
cannot both be right: they are held, and their person with them.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprotect.records.readers.columns import Fault, Mask, clean, first
from openprotect.records.readers.incoming import PEOPLE_SCHEMA, Incoming
from openprotect.records.readers.tables import Batch, Maker, Read, Ways
from openprotect.records.rules import people
from openprotect.records.rules.values import Kind, Outcome

TAKEN = ("practice_code", "registered_on", "left_on")
SCHEMA = pa.schema(
    [
        ("nhs_number", pa.string()),
        ("practice_code", pa.string()),
        ("registered_on", pa.date32()),
        ("left_on", pa.date32()),
        ("file", pa.string()),
        ("row", pa.int64()),
    ]
)


def maker(ways: Ways) -> Maker:
    """How the registrations of one table are read."""
    practice = ways.reader(people.practice)
    undated = ways.faults.number(Fault("registration-date"))

    def make(batch: Batch) -> Read:
        number = ways.number.read(batch.column("nhs_number"))
        coded = practice.read(clean(batch.column("practice_code"))[0])
        began = ways.day.read(clean(batch.column("registered_on"))[0])
        ended = ways.day.read(clean(batch.column("left_on"))[0])
        faults = began.faults.copy()
        missing = pc.is_null(began.values).to_numpy(zero_copy_only=False)
        faults[missing & (faults == 0)] = undated
        return Read(
            {
                "nhs_number": number.values,
                "practice_code": coded.values,
                "registered_on": began.values,
                "left_on": ended.values,
            },
            [number.faults, coded.faults, faults, ended.faults],
        )

    return make


@dataclass
class Registrations:
    """All registrations of an import, and of each person the one that counts."""

    parts: list[pa.Table] = field(default_factory=list)
    newest: pa.Table = field(default_factory=SCHEMA.empty_table)
    torn: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    met: list[pa.Array] = field(default_factory=list)

    def keep(self, batch: Batch, read: Read, ways: Ways) -> Batch | None:
        """Set the sound rows aside; gives back those with a fault, to be told so."""
        wrong = first(read.faults, ways.faults.are("held"))
        sound = wrong == 0
        columns = {
            **read.values,
            "file": pa.repeat(ways.table.document.name, len(batch)),
            "row": pa.array(batch.rows, pa.int64()),
        }
        made = pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)
        self.parts.append(made.filter(pa.array(sound)))
        return None if sound.all() else _only(batch, ~sound)

    def settle(self) -> None:
        """Find each person's newest, and who has two that contradict each other."""
        order = [("nhs_number", "ascending"), ("registered_on", "descending"), ("row", "ascending")]
        whole = pa.concat_tables([SCHEMA.empty_table(), *self.parts]).sort_by(order)
        if not len(whole):
            return
        number = whole["nhs_number"].combine_chunks()
        starts = np.ones(len(whole), dtype=bool)
        starts[1:] = pc.not_equal(number[1:], number[:-1]).to_numpy(zero_copy_only=False)
        first_of = np.maximum.accumulate(np.where(starts, np.arange(len(whole)), 0))
        firsts = whole.take(pa.array(first_of))
        is_torn = pc.and_(
            pc.equal(whole["registered_on"], firsts["registered_on"]),
            pc.not_equal(whole["practice_code"], firsts["practice_code"]),
        )
        self.torn = pc.unique(whole["nhs_number"].filter(is_torn)).cast(pa.string())
        self.newest = whole.filter(pa.array(starts))

    def join(self, read: Read, ways: Ways) -> Read:
        """The rows of people, registered as their newest registration says."""
        numbers = read.values["nhs_number"]
        self.met.append(numbers)
        where = pc.index_in(numbers, self.newest["nhs_number"].combine_chunks())
        for name in TAKEN:
            found = self.newest[name].combine_chunks().take(where)
            read.values[name] = found.fill_null("") if name == "practice_code" else found
        torn = pc.is_in(numbers, self.torn).to_numpy(zero_copy_only=False)
        faults = np.zeros(len(numbers), dtype=np.int32)
        faults[torn] = ways.faults.number(Fault("same-number-two-practices", held=True))
        read.faults.append(faults)
        return read

    def hand_over(self, incoming: Incoming) -> None:
        """Every sound registration's own row, once all people were met."""
        met = pc.unique(pa.chunked_array([pa.array([], pa.string()), *self.met]))
        for part in self.parts:
            if len(part):
                self._hand_over(part, met, incoming)

    def _hand_over(self, part: pa.Table, met: pa.Array, incoming: Incoming) -> None:
        numbers = part["nhs_number"].combine_chunks()
        known, torn = pc.is_in(numbers, met), pc.is_in(numbers, self.torn)
        outcome = pc.case_when(
            pc.make_struct(pc.invert(known), torn),
            str(Outcome.REJECTED), str(Outcome.HELD), str(Outcome.DUPLICATE),
        )  # fmt: skip
        reason = pc.case_when(
            pc.make_struct(pc.invert(known), torn),
            "person-not-in-import", "same-number-two-practices", "registration",
        )  # fmt: skip
        columns = {"outcome": outcome, "reason": reason, "file": part["file"], "row": part["row"]}
        rows = [_column(columns, each, len(part)) for each in PEOPLE_SCHEMA]
        incoming.take(
            Kind.PEOPLE, pa.table(rows, schema=PEOPLE_SCHEMA),
            file=part["file"][0].as_py(), misshapen=0, notes=Counter(),
        )  # fmt: skip


def _column(columns: dict[str, pa.ChunkedArray], wanted: pa.Field, rows: int) -> pa.Array:
    if wanted.name in columns:
        return columns[wanted.name]
    if wanted.name in ("who", "asked"):
        return pa.repeat("", rows)
    return pa.repeat(False, rows) if wanted.name == "partial" else pa.nulls(rows, wanted.type)


def _only(batch: Batch, mask: Mask) -> Batch:
    kept = pa.array(mask)
    columns = {name: column.filter(kept) for name, column in batch.columns.items()}
    return Batch(batch.rows[mask], columns, ())
