"""The tables that the queries read: those of the store, and the small ones of a plan."""

from typing import Final

import pyarrow as pa

from openprotect.cohorts.engine.shape import Asks, Shape

# How a row's last day, code and source are packed, so that the largest is the latest, and on one
# day the first code and then the first source.
DAY_SHIFT: Final = 40
CODE_SHIFT: Final = 16
MOST_CODES: Final = 2**24 - 1
MOST_SOURCES: Final = 2**16 - 1


PEOPLE = pa.schema(
    [
        ("person", pa.int32()),
        ("nhs_number", pa.string()),
        ("born", pa.date32()),
        ("sex", pa.int8()),
        ("practice", pa.int16()),
        ("registered_on", pa.date32()),
        ("left_on", pa.date32()),
        ("is_dead", pa.bool_()),
        ("died_on", pa.date32()),
        ("objected", pa.bool_()),
        ("care_home", pa.bool_()),
        ("decile", pa.int8()),
        ("source", pa.int16()),
    ]
)
CODED = pa.schema(
    [
        ("code", pa.int32()),
        ("person", pa.int32()),
        ("on", pa.date32()),
        ("value", pa.float64()),
        ("unit", pa.int16()),
        ("source", pa.int16()),
        ("setting", pa.int8()),
        ("episode", pa.int32()),
    ]
)
PRACTICES = pa.schema([("practice", pa.int16()), ("code", pa.string())])
SOURCES = pa.schema([("source", pa.int16()), ("name", pa.string())])
STORE: Final = {
    "people": PEOPLE,
    "coded": CODED,
    "practices": PRACTICES,
    "sources": SOURCES,
}

WANTED = pa.schema(
    [
        ("code", pa.int32()),
        ("selection", pa.int16()),
        ("packed", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("setting", pa.int8()),
    ]
)
CLOSELY = pa.schema(
    [
        *WANTED,
        ("needs_value", pa.bool_()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("has_unit", pa.bool_()),
        ("formula", pa.int8()),
        ("aged_from", pa.int16()),
        ("aged_to", pa.int16()),
        ("is_paired", pa.bool_()),
    ]
)
MATES = pa.schema([("code", pa.int32()), ("selection", pa.int16())])
UNITS = pa.schema(
    [
        ("selection", pa.int16()),
        ("unit", pa.int16()),
        ("divide", pa.float64()),
        ("add", pa.float64()),
    ]
)
TERMS = pa.schema(
    [
        ("selection", pa.int16()),
        ("code", pa.int32()),
        ("written", pa.string()),
        ("term", pa.string()),
    ]
)


def conditions_schema(shape: Shape) -> pa.Schema:
    return pa.schema(
        [
            ("selection", pa.int16()),
            ("at_least", pa.int64()),
            ("at_most", pa.int64()),
            ("by_days", pa.bool_()),
            ("apart_months", pa.int32()),
            ("apart_days", pa.int32()),
            ("asks_value", pa.bool_()),
            ("low", pa.float64()),
            ("high", pa.float64()),
            ("first_from", pa.date32()),
            ("first_to", pa.date32()),
            ("last_from", pa.int64()),
            ("last_to", pa.int64()),
            *((f"w{word}", pa.int64()) for word in range(shape.words)),
        ]
    )


def pairs_schema(shape: Shape) -> pa.Schema:
    bits = ((f"w{word}", pa.int64()) for word in range(shape.words))
    return pa.schema(
        [("selection", pa.int16()), ("other", pa.int16()), ("compares", pa.int8()), *bits]
    )


def shown_schema(shape: Shape) -> pa.Schema:
    return pa.schema(
        [
            ("selection", pa.int16()),
            ("group", pa.int16()),
            ("with_value", pa.bool_()),
            *((f"n{word}", pa.int64()) for word in range(shape.words)),
        ]
    )


def undated_schema(shape: Shape) -> pa.Schema:
    return pa.schema(
        [
            ("group", pa.int16()),
            ("words", pa.string()),
            ("age", pa.int32()),
            ("by_registration", pa.bool_()),
            *((f"n{word}", pa.int64()) for word in range(shape.words)),
        ]
    )


def days_schema(shape: Shape) -> pa.Schema:
    """The days that persons are held against, all in one row."""
    names = ["as_of", "born_by", "born_after", "registered_by"]
    for number, test in enumerate(shape.tests):
        if test.asks in (Asks.AGE, Asks.REGISTRATION):
            names += [f"after_{number}", f"by_{number}"]
    days = [(name, pa.date32()) for name in names]
    return pa.schema([*days, ("no_practice", pa.int16())])


def parameters(shape: Shape) -> dict[str, pa.Schema]:
    """Every table of parameters that the queries of this shape may read."""
    return {
        "wanted": WANTED,
        "closely": CLOSELY,
        "daily": CLOSELY,
        "mates": MATES,
        "units_read": UNITS,
        "terms": TERMS,
        "conditions": conditions_schema(shape),
        "pairs": pairs_schema(shape),
        "evidenced": shown_schema(shape),
        "undated": undated_schema(shape),
        "days": days_schema(shape),
    }


BARE_FACT: Final = (
    ("person", pa.int32()),
    ("selection", pa.int16()),
    ("first", pa.date32()),
    ("stamp", pa.int64()),
)


def facts_schema(shape: Shape) -> pa.Schema:
    """What a selection finds of a person; the last day, its code and its source are one number.

    In a bare shape code and source are nought, and only facts that satisfy a condition are there.
    """
    if shape.bare:
        words = ((f"w{word}", pa.int64()) for word in range(shape.words))
        return pa.schema([*BARE_FACT, *words])
    return pa.schema(
        [
            ("person", pa.int32()),
            ("selection", pa.int16()),
            ("first", pa.date32()),
            ("stamp", pa.int64()),
            ("events", pa.int64()),
            ("days", pa.int64()),
            ("value", pa.float64()),
            ("last_on", pa.date32()),
        ]
    )


def masks_schema(shape: Shape) -> pa.Schema:
    words = ((f"w{word}", pa.int64()) for word in range(shape.words))
    return pa.schema([("person", pa.int32()), *words])


def judged_schema(shape: Shape) -> pa.Schema:
    held = ((f"h{word}", pa.int64()) for word in range(shape.words))
    return pa.schema([("person", pa.int32()), *held, ("reason", pa.int8())])


def shown_facts_schema(shape: Shape) -> pa.Schema:
    """Evidence in the making: of somebody found, for a group, by an event or by words."""
    if shape.bare:
        return pa.schema([("person", pa.int32()), ("first", pa.int64()), ("stamp", pa.int64())])
    return pa.schema(
        [
            ("person", pa.int32()),
            ("group", pa.int16()),
            ("selection", pa.int16()),
            ("first", pa.int64()),
            ("stamp", pa.int64()),
            ("value", pa.float64()),
            ("words", pa.string()),
        ]
    )
