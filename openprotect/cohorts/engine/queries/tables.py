"""Tables by name, and the few expressions that every step uses."""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import pyarrow as pa

from openprotect.cohorts.engine import layout
from openprotect.cohorts.engine.layout import CODE_SHIFT, DAY_SHIFT, MOST_CODES, MOST_SOURCES
from openprotect.cohorts.engine.shape import Shape, words_of

Table = Any  # ibis has no types of its own that a strict checker can follow
Value = Any


@ibis.udf.agg.builtin(signature=(("int64",), "int64"))  # type: ignore[untyped-decorator]
def bit_or(mask: Value) -> Value:
    """Of masks, every bit that one of them has. Ibis knows it on DuckDB, Spark knows it too."""


def tables_of(shape: Shape) -> Mapping[str, Table]:
    """Every table that a query of this shape may read, by its name."""
    made = {
        "facts": layout.facts_schema(shape),
        "masks": layout.masks_schema(shape),
        "judged": layout.judged_schema(shape),
        "shown": layout.shown_facts_schema(shape),
    }
    schemas: dict[str, pa.Schema] = layout.STORE | layout.parameters(shape) | made
    return {
        name: ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
        for name, schema in schemas.items()
    }


def ordinal(day: Value) -> Value:
    """A day as a number, counted as Python counts: 1 is 1 January of the year 1."""
    return day.delta(ibis.date(1, 1, 1), unit="day").cast("int64") + 1


def last_day(stamp: Value) -> Value:
    return stamp >> DAY_SHIFT


def code_of(stamp: Value) -> Value:
    return (MOST_CODES - ((stamp >> CODE_SHIFT) & MOST_CODES)).cast("int32")


def source_of(stamp: Value) -> Value:
    return (MOST_SOURCES - (stamp & MOST_SOURCES)).cast("int16")


def inside(value: Value, asked: Table) -> Value:
    """Whether a value lies in the range of a row, both ends included; no value does not."""
    return (value >= asked.low) & (value <= asked.high)


def has_all(words: list[Value], mask: int) -> Value:
    """Whether words hold every bit of a mask."""
    parts = [
        (word & part) == part
        for word, part in zip(words, words_of(mask, len(words)), strict=True)
        if part
    ]
    return all_of(parts)


def has_any(words: list[Value], mask: int) -> Value:
    parts = [
        (word & part) != 0
        for word, part in zip(words, words_of(mask, len(words)), strict=True)
        if part
    ]
    return any_of(parts)


def all_of(parts: list[Value]) -> Value:
    return reduce(and_, parts) if parts else ibis.literal(True)


def any_of(parts: list[Value]) -> Value:
    return reduce(or_, parts) if parts else ibis.literal(False)
