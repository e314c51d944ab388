"""Coded events to facts: what each selection finds of each person.

Most selections ask for a code and a day. They take one scan of the store and one grouping. Those
that look closer (at values, units, ages, the same admission) have a branch of their own, which
reads more columns, but only of the events of their own codes; and so have those that count days
apart, which are grouped twice.
"""

from collections.abc import Mapping
from typing import Final

import ibis

from openprotect.cohorts.engine.layout import DAY_SHIFT, facts_schema
from openprotect.cohorts.engine.queries.judging import met
from openprotect.cohorts.engine.queries.tables import (
    Table,
    Value,
    inside,
    ordinal,
    tables_of,
)
from openprotect.cohorts.engine.shape import Shape

VALUE_BITS: Final = 41
MOST_VALUE: Final = 2**40 - 1  # ten-thousandths, either way: beyond a hundred million
NO_VALUE: Final = -(MOST_VALUE + 1) / 10_000
TEN_THOUSAND: Final = 10_000
MICROMOLES_IN_MILLIGRAM: Final = 88.4


def facts(shape: Shape) -> Table:
    """Person, selection: first and last, how many events and days, the latest value."""
    asked = shape.asked
    parts = [_plain(shape)] if asked.plain else []
    parts += [_at_once(shape, _rows(shape, "closely"))] if asked.close else []
    parts += [_by_day(_rows(shape, "daily"))] if asked.daily else []
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return _holding(shape, whole) if shape.bare else whole


def _holding(shape: Shape, whole: Table) -> Table:
    """Only facts that satisfy a condition, with its bits: less than half of them, as a rule."""
    held = met(shape, whole, tables_of(shape)["conditions"])
    return held.select(*facts_schema(shape).names)


def _plain(shape: Shape) -> Table:
    by_name = tables_of(shape)
    events = _in_time(by_name["coded"].join(by_name["wanted"], "code"), shape.asked.places)
    if shape.bare:
        grouped = events.group_by("person", "selection").agg(
            first=events.on.min(), last=events.on.max(), events=events.count()
        )
        grouped = grouped.mutate(stamp=ordinal(grouped.last) << DAY_SHIFT)
    else:
        rows = events.select("person", "selection", "on", stamp=_stamp(events))
        grouped = rows.group_by("person", "selection").agg(
            first=rows.on.min(), stamp=rows.stamp.max(), events=rows.count()
        )
    return grouped.select(
        "person", "selection", "first", "stamp", "events",
        days=ibis.null("int64"), value=ibis.null("float64"), last_on=ibis.null("date"),
    )  # fmt: skip


def _in_time(joined: Table, places: bool) -> Table:
    time = (joined.on >= joined.first_day) & (joined.on <= joined.last_day)
    if not places:
        return joined.filter(time)
    return joined.filter(
        time & (joined.setting_right.isnull() | (joined.setting == joined.setting_right))
    )


def _stamp(events: Table) -> Value:
    """Last day, code and source in one number, of which the largest is the one to show."""
    return (ordinal(events.on) << DAY_SHIFT) + events.packed - events.source


def _rows(shape: Shape, asked: str) -> Table:
    """The events that a branch counts, with the value that each of them has."""
    by_name = tables_of(shape)
    joined = by_name["coded"].join(by_name[asked], "code")
    events = _in_time(joined, shape.asked.places_beyond)
    if shape.asked.units:
        events = _in_unit(events, by_name["units_read"])
    believed = inside(events.value, events)
    events = events.filter(believed if shape.asked.valued else ~events.needs_value | believed)
    if shape.asked.derived or shape.asked.aged:
        events = _with_age(events, by_name["people"], shape)
    if shape.asked.paired:
        events = _in_company(events, by_name)
    stamp = ibis.null("int64") if shape.bare else _stamp(events)
    return events.select(
        "person", "selection", "on", stamp=stamp, measured=_measured(shape, events)
    )


def _measured(shape: Shape, events: Table) -> Value:
    """Day and value in one number, of which the largest is the highest value of the last day.

    The value counts to four decimals, as rules/facts.py has it. A day without one has the least.
    """
    if shape.asked.bounded:
        kept = (events.value * float(TEN_THOUSAND) + 0.5).floor().cast("int64")
        return (ordinal(events.on) << VALUE_BITS) + kept + (MOST_VALUE + 1)
    most = ibis.literal(float(MOST_VALUE))
    whole = ibis.greatest(ibis.least(events.value * float(TEN_THOUSAND) + 0.5, most), -most)
    kept = whole.floor().cast("int64")
    return (ordinal(events.on) << VALUE_BITS) + (kept + MOST_VALUE + 1).fill_null(0)


def _stamped(grouped: Table) -> Value:
    """The stamp; in a bare shape, where none was made of each event, of the last day alone."""
    return grouped.stamp.fill_null((grouped.measured >> VALUE_BITS) << DAY_SHIFT)


def _value(measured: Value) -> Value:
    number = measured & ((1 << VALUE_BITS) - 1)
    return ((number - MOST_VALUE - 1) / float(TEN_THOUSAND)).nullif(NO_VALUE)


def _in_unit(events: Table, units: Table) -> Table:
    """Values in the unit asked for; in a unit that is not known, an event has no value."""
    units = units.rename(read_for="selection", read_unit="unit")
    joined = events.left_join(
        units, [events.selection == units.read_for, events.unit == units.read_unit]
    )
    read = joined.value / joined.divide + joined.add
    value = ibis.ifelse(joined.has_unit, read, joined.value)
    return joined.mutate(value=value).drop("read_for", "read_unit", "divide", "add")


def _with_age(events: Table, people: Table, shape: Shape) -> Table:
    """What needs the age on the day of the event: formulas, and ages that are asked for."""
    born = people.select(whose="person", born="born", sex="sex")
    joined = events.left_join(born, events.person == born.whose)
    joined = joined.mutate(aged=_age(joined))
    if shape.asked.derived:
        joined = joined.mutate(value=ibis.ifelse(joined.formula == 1, _egfr(joined), joined.value))
        joined = joined.filter((joined.formula == 0) | joined.value.notnull())
    if shape.asked.aged:
        of_age = (joined.aged >= joined.aged_from) & (joined.aged <= joined.aged_to)
        joined = joined.filter(joined.aged_from.isnull() | of_age.fill_null(False))
    return joined.drop("whose", "born", "sex", "aged")


def _age(events: Table) -> Value:
    """Whole years; nobody is younger than nought, whatever a record says."""
    this, then = events.on, events.born
    before = (this.month() * 100 + this.day()) < (then.month() * 100 + then.day())
    years = this.year().cast("int64") - then.year().cast("int64") - before.cast("int64")
    return ibis.ifelse(years < 0, 0, years)


def _egfr(events: Table) -> Value:
    """CKD-EPI 2009 without the coefficient for ethnicity, as rules/deriving.py has it."""
    female = events.sex == 2
    ratio = events.value / MICROMOLES_IN_MILLIGRAM / ibis.ifelse(female, 0.7, 0.9)
    one = ibis.literal(1.0)
    below = ibis.least(ratio, one).pow(ibis.ifelse(female, -0.329, -0.411))
    above = ibis.greatest(ratio, one).pow(-1.209)
    age = ibis.literal(0.993).pow(events.aged.cast("float64"))
    whole = 141.0 * below * above * age * ibis.ifelse(female, 1.018, 1.0)
    known = events.sex.isin((1, 2)) & events.born.notnull() & (events.value > 0)
    return ibis.ifelse(known, whole.round(6), ibis.null("float64"))


def _in_company(events: Table, by_name: Mapping[str, Table]) -> Table:
    """Of selections that ask for it, only events with another of the same day and admission."""
    others = by_name["coded"].join(by_name["mates"], "code")
    others = others.select(
        whose="person", that_day="on", that_episode="episode", mate_of="selection"
    ).distinct()
    joined = events.left_join(
        others,
        [
            events.person == others.whose,
            events.on == others.that_day,
            events.episode == others.that_episode,
            events.selection == others.mate_of,
        ],
    )
    kept = joined.filter(~joined.is_paired | joined.mate_of.notnull())
    return kept.drop("whose", "that_day", "that_episode", "mate_of")


def _at_once(shape: Shape, rows: Table) -> Table:
    grouped = rows.group_by("person", "selection").agg(
        first=rows.on.min(),
        stamp=rows.stamp.max(),
        measured=rows.measured.max(),
        **({"events": rows.count()} if shape.asked.several else {}),
    )
    if not shape.asked.several:
        grouped = grouped.mutate(events=ibis.literal(1, "int64"))
    return grouped.select(
        "person", "selection", "first", stamp=_stamped(grouped), events=grouped.events,
        days=ibis.null("int64"), value=_value(grouped.measured), last_on=ibis.null("date"),
    )  # fmt: skip


def _by_day(rows: Table) -> Table:
    daily = rows.group_by("person", "selection", "on").agg(
        stamp=rows.stamp.max(), events=rows.count(), measured=rows.measured.max()
    )
    grouped = daily.group_by("person", "selection").agg(
        first=daily.on.min(),
        stamp=daily.stamp.max(),
        events=daily.events.sum(),
        days=daily.count(),
        measured=daily.measured.max(),
        last_on=daily.on.max(),
    )
    return grouped.select(
        "person", "selection", "first", stamp=_stamped(grouped), events=grouped.events,
        days=grouped.days, value=_value(grouped.measured), last_on=grouped.last_on,
    )  # fmt: skip
