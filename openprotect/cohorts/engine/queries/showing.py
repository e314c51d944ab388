"""Of those found: their groups, the first and the last day of evidence, and the evidence itself."""

import ibis

from openprotect.cohorts.engine.layout import DAY_SHIFT, MOST_SOURCES
from openprotect.cohorts.engine.queries.judging import in_a_group
from openprotect.cohorts.engine.queries.tables import (
    Table,
    Value,
    all_of,
    code_of,
    has_any,
    last_day,
    ordinal,
    source_of,
    tables_of,
)
from openprotect.cohorts.engine.shape import FOUND, WORD, Shape


def _found(shape: Shape) -> Table:
    rows = tables_of(shape)["judged"]
    return rows.filter((rows.reason == FOUND) & in_a_group(shape, rows))


def shown(shape: Shape) -> Table:
    """Evidence in the making: the facts of every alternative that holds, and days without any."""
    rows = _dated(shape)
    rows = rows.union(_undated(shape)) if shape.asked.undated else rows
    return _spans(rows) if shape.bare else rows


def _spans(rows: Table) -> Table:
    """Of each person, the first day of evidence and the last."""
    return rows.group_by("person").agg(first=rows["first"].min(), stamp=rows.stamp.max())


def _dated(shape: Shape) -> Table:
    by_name = tables_of(shape)
    facts, evidenced = by_name["facts"], by_name["evidenced"]
    joined = facts.join(_found(shape), "person").join(evidenced, "selection")
    joined = joined.filter(_needed(shape, joined))
    none = ibis.null("float64")
    value = none if shape.bare else ibis.ifelse(joined.with_value, joined.value, none)
    return joined.select(
        "person",
        "group",
        "selection",
        first=ordinal(joined["first"]),
        stamp=joined.stamp,
        value=value,
        words=ibis.null("string"),
    )


def _needed(shape: Shape, joined: Table) -> Value:
    words = [(joined[f"h{word}"], joined[f"n{word}"]) for word in range(shape.words)]
    return all_of([(held & needed) == needed for held, needed in words])


def _undated(shape: Shape) -> Table:
    """An age, an absence or a registration: on the day of the person's that it depends on."""
    by_name = tables_of(shape)
    people = by_name["people"]
    rows = _found(shape).cross_join(by_name["undated"])
    rows = rows.filter(_needed(shape, rows)).join(people, "person").cross_join(by_name["days"])
    day = _day(rows)
    stamp = (day << DAY_SHIFT) + MOST_SOURCES - rows.source
    return rows.select(
        "person",
        "group",
        selection=ibis.null("int16"),
        first=day,
        stamp=stamp,
        value=ibis.null("float64"),
        words=rows.words,
    )


def _day(rows: Table) -> Value:
    """The latest of the birthday asked for and of the registration; else of birth, else as of."""
    registered = ibis.ifelse(rows.by_registration, ordinal(rows.registered_on), ibis.null("int64"))
    reached = _reached(rows)
    later = ibis.ifelse(registered > reached, registered, reached)
    dated = ibis.coalesce(later, reached, registered)
    return ibis.coalesce(dated, ordinal(rows.born), ordinal(rows.as_of))


def _reached(rows: Table) -> Value:
    """The day number of a birthday; of 29 February, in other years, the day after the 28th."""
    born = rows.born
    leap = (born.month() == 2) & (born.day() == 29)
    day = ibis.ifelse(leap, 28, born.day().cast("int64"))
    birthday = ibis.date((born.year() + rows.age).cast("int64"), born.month().cast("int64"), day)
    return ordinal(birthday) + leap.cast("int64")


def outcome(shape: Shape) -> Table:
    """Whom the rules find, with their groups as bits."""
    rows = _found(shape)
    return rows.select(
        "person", **_groups(shape, [rows[f"h{word}"] for word in range(shape.words)])
    )


def found(shape: Shape) -> Table:
    """Whom the rules find, in order of NHS number, with groups as bits."""
    by_name = tables_of(shape)
    people, practices = by_name["people"], by_name["practices"].rename(practice_code="code")
    spans = by_name["shown"] if shape.bare else _spans(by_name["shown"])
    spans = spans.select("person", first_on="first", last_on=last_day(spans.stamp))
    rows = _found(shape).join(people, "person").join(practices, "practice").join(spans, "person")
    groups = _groups(shape, [rows[f"h{word}"] for word in range(shape.words)])
    return rows.select(
        "person", "nhs_number", practice=rows.practice_code, decile=rows.decile,
        **groups, first_on=rows.first_on, last_on=rows.last_on,
    ).order_by("person")  # fmt: skip


def _groups(shape: Shape, held: list[Value]) -> dict[str, Value]:
    """Groups as bits, in words, in the order of the rules."""
    words: list[Value] = [ibis.literal(0, "int64") for _ in range(shape.group_words)]
    for place, group in enumerate(shape.cohort_groups()):
        word, bit = divmod(place, WORD)
        words[word] = words[word] + has_any(held, shape.bits_of(group)).cast("int64") * (1 << bit)
    return {f"groups_{word}": value for word, value in enumerate(words)}


def evidence(shape: Shape) -> Table:
    """The evidence of everybody found: person, group, code, term, day, source and value."""
    by_name = tables_of(shape)
    terms = by_name["terms"].rename(listed_for="selection", listed_code="code")
    sources = by_name["sources"].rename(numbered="source")
    rows = by_name["shown"]
    rows = rows.mutate(code=code_of(rows.stamp), source=source_of(rows.stamp))
    joined = rows.left_join(
        terms, [rows.selection == terms.listed_for, rows.code == terms.listed_code]
    )
    joined = joined.left_join(sources, joined.source == sources.numbered)
    made = joined.select(
        "person",
        "group",
        code=joined.written.fill_null(""),
        term=ibis.coalesce(joined.term, joined.words, ibis.literal("")),
        on=last_day(joined.stamp).cast("int32"),
        source=joined.name.fill_null(""),
        value=joined.value,
    ).distinct()
    value = made.value.fill_null(float("-inf"))
    return made.order_by("person", "group", "on", "code", "source", "term", value)
