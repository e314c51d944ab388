"""Whom the rules found, as columns: a million people are not a million objects."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openprotect.cohorts.engine.shape import WORD
from openprotect.cohorts.rules import Evidence

NO_EVIDENCE: Final = pa.table(
    {
        name: pa.array([], kind)
        for name, kind in {
            "person": pa.int32(),
            "group": pa.int16(),
            "code": pa.string(),
            "term": pa.string(),
            "on": pa.date32(),
            "source": pa.string(),
            "value": pa.float64(),
        }.items()
    }
)


@dataclass(frozen=True)
class Found:
    """Somebody at risk: the groups, and the dated evidence for each."""

    nhs_number: str
    practice_code: str
    groups: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Step:
    """People who are not asked about for one reason, and how many of them would have been found."""

    reason: str
    title: str
    people: int
    found: int


@dataclass(frozen=True)
class Findings:
    """Whom the rules found in one generation of the records, as of one day.

    `table` has a row for each of them in order of NHS number: person, nhs_number, practice, decile,
    groups_0 … (bits, in the order of `groups`), first_on, last_on (of their evidence). `evidence`
    has their evidence in order of person: person, group, code, term, on, source, value.
    """

    as_of: date
    people: int
    groups: tuple[str, ...]
    steps: tuple[Step, ...]
    table: pa.Table
    evidence: pa.Table

    @property
    def found_count(self) -> int:
        return int(self.table.num_rows)

    @property
    def eligible(self) -> int:
        return self.people - sum(step.people for step in self.steps)

    @property
    def excluded(self) -> Mapping[str, int]:
        return {step.reason: step.people for step in self.steps if step.people}

    @cached_property
    def by_group(self) -> Mapping[str, int]:
        counts = {}
        for place, name in enumerate(self.groups):
            count = int(np.count_nonzero(self._words[place // WORD] & (1 << place % WORD)))
            if count:
                counts[name] = count
        return counts

    @cached_property
    def by_practice(self) -> Mapping[str, int]:
        counted = pc.value_counts(self.table.column("practice")).to_pylist()
        return {each["values"]: each["counts"] for each in counted}

    @property
    def _words(self) -> list[Any]:
        names = [name for name in self.table.column_names if name.startswith("groups_")]
        return [self.table.column(name).to_numpy() for name in names]

    @cached_property
    def digest(self) -> str:
        """The same for the same people for the same reasons, whichever engine found them."""
        whole = hashlib.sha256("\n".join((*self.groups, "")).encode())
        words = [name for name in self.table.column_names if name.startswith("groups_")]
        for name in ("nhs_number", "practice", *words, "first_on", "last_on"):
            _add(whole, self.table.column(name))
        place = pc.index_in(self.evidence.column("person"), self.table.column("person"))
        _add(whole, place)
        for name in ("group", "code", "on", "source", "value"):
            _add(whole, self.evidence.column(name))
        return whole.hexdigest()

    @property
    def found(self) -> tuple[Found, ...]:
        """Everyone as a value, for so many as one can look at."""
        return tuple(self.each())

    def each(self) -> Iterator[Found]:
        """Everyone as a value, one after another."""
        evidence = groupby(self._evidence_rows(), key=lambda row: row[0])
        by_person = ((person, [row[1] for row in rows]) for person, rows in evidence)
        columns = [self.table.column(name).to_pylist() for name in ("nhs_number", "practice")]
        for number, practice, mask, (_, mine) in zip(
            *columns, self._masks(), by_person, strict=True
        ):
            yield Found(number, practice, self.named(mask), tuple(sorted(mine, key=_place)))

    def as_json(self) -> Iterator[tuple[str, str, str, str]]:
        """Everyone as a run keeps them: NHS number, practice, groups and evidence, as JSON."""
        evidence = groupby(self._evidence_in_columns(), key=itemgetter(0))
        by_person = ([each[1] for each in mine] for _, mine in evidence)
        columns = [self.table.column(name).to_pylist() for name in ("nhs_number", "practice")]
        groups: dict[int, str] = {}
        for number, practice, mask, mine in zip(*columns, self._masks(), by_person, strict=True):
            if mask not in groups:
                groups[mask] = json.dumps(self.named(mask))
            # They are in the order of Evidence.place, but for groups, which are in the rules' own.
            mine.sort(key=itemgetter("group"))
            yield json.dumps(number), json.dumps(practice), groups[mask], json.dumps(mine)

    def _evidence_in_columns(self) -> Iterator[tuple[int, dict[str, object]]]:
        for batch in self.evidence.to_batches(max_chunksize=50_000):
            columns = [batch.column(name) for name in ("person", "group", "code", "term")]
            columns += [pc.strftime(batch.column("on"), "%Y-%m-%d")]
            columns += [batch.column(name) for name in ("source", "value")]
            for person, group, code, term, on, source, value in zip(
                *(column.to_pylist() for column in columns), strict=True
            ):
                yield (
                    person,
                    {"group": self.groups[group], "code": code, "term": term, "on": on}
                    | {"source": source, "value": value},
                )

    def _evidence_rows(self) -> Iterator[tuple[int, Evidence]]:
        for batch in self.evidence.to_batches():
            for row in batch.to_pylist():
                person, group = row.pop("person"), row.pop("group")
                yield person, Evidence(self.groups[group], **row)

    def _masks(self) -> Iterator[int]:
        for words in zip(*self._words, strict=True):
            yield sum(int(word) << place * WORD for place, word in enumerate(words))

    def named(self, mask: int) -> tuple[str, ...]:
        """The groups of a mask, in the order of the rules."""
        return tuple(name for place, name in enumerate(self.groups) if mask >> place & 1)


def _place(each: Evidence) -> tuple[str, date, str, str, str, float]:
    return each.place


def _add(whole: "hashlib._Hash", column: Any) -> None:
    """A column's rows in order, however they are cut into pieces and whatever lies beside them."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_string(array.type):
        _add(whole, pc.binary_length(array))
        joined = pa.ListArray.from_arrays(pa.array([0, len(array)], pa.int32()), array)
        whole.update(pc.binary_join(joined, "")[0].as_py().encode())
        return
    nulls = array.is_null().to_numpy(zero_copy_only=False)
    whole.update(np.packbits(nulls).tobytes())
    whole.update(_numbers(array).tobytes())


def _numbers(array: Any) -> Any:
    if pa.types.is_date(array.type):
        array = array.cast(pa.int32())
    kind = "<f8" if pa.types.is_floating(array.type) else "<i8"
    return array.fill_null(0).to_numpy(zero_copy_only=False).astype(kind)
