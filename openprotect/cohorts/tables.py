"""A pack's rules as small tables, which the engine joins to the lake."""

from datetime import date

import pyarrow as pa

from openprotect.cohorts.rules import Clause, CohortRules, Range, Selection, coded

BY_AGE = -1
NOBODY = -2
BEGINNING = date(1, 1, 1)
EVERYBODY = Range()

CODES = pa.schema(
    [
        ("code", pa.string()),
        ("system", pa.string()),
        ("listed", pa.string()),
        ("selection", pa.int64()),
        ("since", pa.date32()),
        ("until", pa.date32()),
        ("needs_value", pa.bool_()),
        ("low", pa.float64()),
        ("low_is_open", pa.bool_()),
        ("high", pa.float64()),
        ("high_is_open", pa.bool_()),
    ]
)
CLAUSES = pa.schema(
    [
        ("clause", pa.int64()),
        ("group", pa.string()),
        ("alternative", pa.int64()),
        ("need", pa.int64()),
        ("selection", pa.int64()),
        ("ender", pa.int64()),
        ("at_least", pa.int64()),
        ("on_different_days", pa.bool_()),
        ("least", pa.float64()),
        ("least_is_open", pa.bool_()),
        ("most", pa.float64()),
        ("most_is_open", pa.bool_()),
        ("tie_ends", pa.bool_()),
        ("born_by", pa.date32()),
        ("born_after", pa.date32()),
    ]
)


def selections(rules: CohortRules) -> list[Selection]:
    """Every selection that some clause asks for, once."""
    asked = [
        selection
        for group in rules.groups
        for alternative in group.any_of
        for clause in alternative
        for selection in (clause.select, clause.ended_by)
        if selection
    ]
    return list(dict.fromkeys(asked))


def codes(rules: CohortRules, as_of: date) -> pa.Table:
    """Each code with the selection it counts for, and the days and values that count."""
    rows: list[dict[str, object]] = []
    for number, selection in enumerate(selections(rules)):
        terms = _conditions(selection, as_of)
        rows += [
            {"code": code, "system": system, "listed": term, "selection": number, **terms}
            for (system, code), term in coded(rules, selection).items()
        ]
    return pa.Table.from_pylist(rows, CODES)


def _conditions(selection: Selection, as_of: date) -> dict[str, object]:
    plausible = selection.plausible or EVERYBODY
    return {
        "since": selection.since(as_of) or BEGINNING,
        "until": selection.last_day(as_of),
        "needs_value": selection.has_value or selection.plausible is not None,
        "low": _number(plausible.low),
        "low_is_open": plausible.low_is_open,
        "high": _number(plausible.high),
        "high_is_open": plausible.high_is_open,
    }


def _number(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


def clauses(rules: CohortRules, as_of: date) -> pa.Table:
    """Each clause with what it asks of its selection, and the alternative it is part of."""
    numbers = {selection: number for number, selection in enumerate(selections(rules))}
    rows: list[dict[str, object]] = []
    alternatives = (
        (group.name, alternative) for group in rules.groups for alternative in group.any_of
    )
    for number, (group, alternative) in enumerate(alternatives):
        for clause in alternative:
            rows.append(
                {
                    "clause": len(rows),
                    "group": group,
                    "alternative": number,
                    "need": len(alternative),
                    "selection": numbers[clause.select] if clause.select else BY_AGE,
                    "ender": numbers[clause.ended_by] if clause.ended_by else NOBODY,
                    **_tests(clause, as_of),
                }
            )
    return pa.Table.from_pylist(rows, CLAUSES)


def _tests(clause: Clause, as_of: date) -> dict[str, object]:
    latest, ages = clause.latest_value or EVERYBODY, clause.ages
    return {
        "at_least": clause.at_least,
        "on_different_days": clause.on_different_days,
        "least": _number(latest.low),
        "least_is_open": latest.low_is_open,
        "most": _number(latest.high),
        "most_is_open": latest.high_is_open,
        "tie_ends": clause.tie == "ends",
        "born_by": ages.born_by(as_of) if ages else as_of,
        "born_after": ages.born_after(as_of) if ages else BEGINNING,
    }
