"""The figures, codes and days of a plan as rows of small tables, for one store and one day."""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from openprotect.cohorts.engine.layout import (
    CODE_SHIFT,
    MOST_CODES,
    MOST_SOURCES,
    parameters,
)
from openprotect.cohorts.engine.plan import Condition, Pair, Plan
from openprotect.cohorts.engine.shape import Asks, Shape, words_of
from openprotect.cohorts.rules import Clause, Days, Derived, Range, Registration, Selection
from openprotect.cohorts.rules.measures import unit_as_compared

BEGINNING: Final = date(1, 1, 1)
END: Final = date(9999, 12, 31)
SETTINGS: Final = {"": 0, "gp": 1, "hospital": 2, "social": 3, "list": 4}
FORMULAS: Final = {None: 0, Derived.EGFR: 1}
MANY: Final = 2**62
EVERY: Final = Range()
Lists = tuple[str, ...]
Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What one store knows of a plan's codes and units.

    `codes` has, for each combination of lists, those of their codes that the store holds (code,
    written, term); `units` every unit's number by its name, as names are compared; `no_practice`
    is the number that stands for none.
    """

    codes: Mapping[Lists, pa.Table]
    units: Mapping[str, tuple[int, ...]]
    no_practice: int = -1


def tables(
    plan: Plan,
    as_of: date,
    known: Known,
    only: Collection[int] | None = None,
    bits: int = -1,
) -> dict[str, pa.Table]:
    """Every table of parameters of a plan, as of a day, for the codes and units of one store.

    `only` names the selections whose codes are wanted, when not all of them are, and `bits` what
    is asked of facts.
    """
    shape = plan.shape
    rows: dict[str, list[Row]] = {
        "units_read": list(_units(plan, known)),
        "conditions": list(_conditions(plan, as_of, bits)),
        "pairs": [pair_row(plan, each) for each in plan.pairs if bits >> each.bit & 1],
        "evidenced": [
            {"selection": each.selection, "group": each.group - shape.parts}
            | {"with_value": each.with_value}
            | _bits(shape, "n", each.need)
            for each in plan.shown
        ],
        "undated": [
            {"group": each.group - shape.parts, "words": each.words, "age": each.age}
            | {"by_registration": each.by_registration}
            | _bits(shape, "n", each.need)
            for each in plan.undated
        ],
        "days": [days_row(plan, as_of) | {"no_practice": known.no_practice}],
    }
    schemas = parameters(shape)
    return _coded(plan, as_of, known, only) | {
        name: pa.Table.from_pylist(listed, schemas[name]) for name, listed in rows.items()
    }


def _bits(shape: Shape, prefix: str, mask: int) -> Row:
    words = enumerate(words_of(mask, shape.words))
    return {f"{prefix}{place}": word for place, word in words}


def _coded(
    plan: Plan, as_of: date, known: Known, only: Collection[int] | None
) -> dict[str, pa.Table]:
    """The codes of every selection with what is asked of each of their events."""
    schemas = parameters(plan.shape)
    parts: dict[str, list[pa.Table]] = {
        name: [schemas[name].empty_table()]
        for name in ("wanted", "closely", "daily", "mates", "terms")
    }
    for number, selection in enumerate(plan.selections):
        if only is not None and number not in only:
            continue
        codes = known.codes[selection.codelists]
        asked = {"selection": number} | _asked(selection, as_of)
        name = plan.look(selection).value
        parts[name].append(_each(codes, asked, schemas[name]))
        parts["terms"].append(_each(codes, asked, schemas["terms"]))
        if selection.paired:
            mates = known.codes[selection.paired]
            parts["mates"].append(_each(mates, asked, schemas["mates"]))
    return {name: pa.concat_tables(listed) for name, listed in parts.items()}


def _each(codes: pa.Table, asked: Row, schema: pa.Schema) -> pa.Table:
    """A row for each code; what is asked is the same in all of them."""
    columns = []
    for each in schema:
        if each.name == "packed":
            columns.append(pa.array(packed(codes.column("code").to_numpy())))
        elif each.name in codes.column_names:
            columns.append(codes.column(each.name).cast(each.type))
        else:
            value = pa.scalar(asked[each.name], each.type)
            columns.append(pa.repeat(value, codes.num_rows))
    return pa.Table.from_arrays(columns, schema=schema)


def packed(codes: "np.ndarray[Any, np.dtype[np.int32]]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Larger for a smaller code, with room for the source to be taken from it."""
    return ((MOST_CODES - codes.astype(np.int64)) << CODE_SHIFT) + MOST_SOURCES


def _asked(selection: Selection, as_of: date) -> Row:
    """What is asked of each event of a selection."""
    aged = selection.aged
    return {
        "first_day": selection.days.first_day(as_of) or BEGINNING,
        "last_day": min(selection.days.last_day(as_of), as_of),
        "setting": SETTINGS.get(selection.setting, -1) if selection.setting else None,
        "needs_value": selection.needs_value,
        **_range(selection.plausible),
        "has_unit": bool(selection.unit),
        "formula": FORMULAS[selection.derived],
        "aged_from": min(aged.low, 999) if aged else None,
        "aged_to": min(aged.high, 999) if aged else None,
        "is_paired": bool(selection.paired),
    }


def _range(asked: Range | None) -> Row:
    """The least and the greatest number inside: next to a bound that is not inside itself."""
    inside = asked or EVERY
    low = -math.inf if inside.low is None else float(inside.low)
    high = math.inf if inside.high is None else float(inside.high)
    return {
        "low": math.nextafter(low, math.inf) if inside.low_is_open else low,
        "high": math.nextafter(high, -math.inf) if inside.high_is_open else high,
    }


def _units(plan: Plan, known: Known) -> Iterator[Row]:
    """How a value of each unit becomes one in the unit that a selection asks for."""
    for number, selection in enumerate(plan.selections):
        if not selection.unit:
            continue
        same = (unit_as_compared(selection.unit), 1.0, 0.0)
        others = (
            (unit_as_compared(each.unit), each.divide, each.add) for each in selection.conversions
        )
        read: dict[int, Row] = {}
        for name, divide, add in (("", 1.0, 0.0), same, *others):
            for unit in known.units.get(name, ()):
                row = {"selection": number, "unit": unit, "divide": divide, "add": add}
                read.setdefault(unit, row)
        yield from read.values()


def _conditions(plan: Plan, as_of: date, bits: int) -> Iterator[Row]:
    """What is asked of facts; what is asked several times has one row with all its bits.

    In a bare plan no fact is kept but those of which some row holds: facts that others are held
    against have a row without a bit.
    """
    rows = [condition_row(plan, each, as_of) for each in plan.conditions if bits >> each.bit & 1]
    nothing = _bits(plan.shape, "w", 0)
    for other in dict.fromkeys(each.other for each in plan.pairs if plan.bare):
        rows.append(condition_row(plan, Condition(other, 0, Clause()), as_of) | nothing)
    same: dict[tuple[object, ...], Row] = {}
    for row in rows:
        asked = tuple(value for name, value in row.items() if name not in nothing)
        kept = same.setdefault(asked, row | nothing)
        kept |= {name: kept[name] | row[name] for name in nothing}
    yield from same.values()


def condition_row(plan: Plan, condition: Condition, as_of: date) -> Row:
    """What one condition asks of the fact of its selection, and the bit that it sets."""
    clause = condition.clause
    return (
        {"selection": condition.selection, "at_least": 1 if clause.is_absent else clause.at_least}
        | {"at_most": MANY if clause.at_most is None else clause.at_most}
        | {"by_days": clause.on_different_days}
        | {"apart_months": clause.apart.months if clause.apart else None}
        | {"apart_days": clause.apart.days if clause.apart else None}
        | {"asks_value": clause.latest_value is not None}
        | _range(clause.latest_value)
        | _when(clause, as_of)
        | _bits(plan.shape, "w", 1 << condition.bit)
    )


def pair_row(plan: Plan, pair: Pair) -> Row:
    """How the fact of one selection must stand to another, and the bit that it sets."""
    return {
        "selection": pair.selection,
        "other": pair.other,
        "compares": int(pair.compares),
    } | _bits(plan.shape, "w", 1 << pair.bit)


def _when(clause: Clause, as_of: date) -> Row:
    """The stretches of days in which the first and the last event must lie."""
    first_from, first_to = _stretch(clause.first, as_of)
    last_from, last_to = _stretch(clause.last, as_of)
    return {
        "first_from": first_from,
        "first_to": first_to,
        "last_from": last_from.toordinal(),
        "last_to": last_to.toordinal(),
    }


def _stretch(days: Days | None, as_of: date) -> tuple[date, date]:
    if days is None:
        return BEGINNING, END
    return days.first_day(as_of) or BEGINNING, days.last_day(as_of)


def days_row(plan: Plan, as_of: date) -> Row:
    """The days that persons are held against."""
    population = plan.rules.population
    needed = population.registered_for
    row: Row = {
        "as_of": as_of,
        "born_by": population.ages.born_by(as_of),
        "born_after": population.ages.born_after(as_of),
        "registered_by": needed.before(as_of) if needed else None,
    }
    for number, (test, clause) in enumerate(plan.tests):
        if test.asks is Asks.AGE and clause.ages:
            row[f"by_{number}"] = clause.ages.born_by(as_of)
            row[f"after_{number}"] = clause.ages.born_after(as_of)
        elif test.asks is Asks.REGISTRATION and clause.registration:
            row |= _registered(number, clause.registration, as_of)
    return row


def _registered(number: int, asked: Registration, as_of: date) -> Row:
    """Joined between these days; the first is open, as it is of births."""
    by = asked.at_least.before(as_of) if asked.at_least else as_of
    since = asked.within.before(as_of) if asked.within else None
    return {
        f"by_{number}": min(by, as_of),
        f"after_{number}": date.fromordinal(since.toordinal() - 1) if since else BEGINNING,
    }
