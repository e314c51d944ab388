"""One person, judged by the plain reference from the coded events that the rules ask about.

The events come from what a run kept, where they lie sorted by person, else from the store.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa

from openprotect.cohorts.engine.duck import quoted
from openprotect.cohorts.engine.keeping import Facts
from openprotect.cohorts.engine.plan import SEXES
from openprotect.cohorts.engine.resolving import Store
from openprotect.cohorts.rules import CohortRules, Judgement, coded, judge
from openprotect.records.rules.values import Event, Person

SETTINGS: Final = ("", "gp", "hospital", "social", "list")
Row = dict[str, Any]
AREA: Final = "area"  # stands for the person's own, of which the store knows the tenth alone
PEOPLE: Final = """
    SELECT person, nhs_number, born, sex, practices.code AS practice, registered_on, left_on,
           is_dead, died_on, objected, care_home, decile, sources.name AS source
    FROM store.people
    LEFT JOIN store.practices USING (practice) LEFT JOIN store.sources USING (source)
"""
EVENTS: Final = """
    SELECT person, "on", codes.system, codes.written, codes.term, value, units.name AS unit,
           sources.name AS source, setting, episode
    FROM {events} events JOIN store.codes USING (code)
    LEFT JOIN store.units USING (unit) LEFT JOIN store.sources USING (source)
"""
OF_LISTED: Final = """(
    FROM store.coded
    SEMI JOIN (SELECT code FROM store.codes JOIN listed USING (system, written)) USING (code)
)"""


@dataclass(frozen=True)
class Known:
    """One person as the records hold them, judged."""

    person: Person
    judgement: Judgement


def know(
    rules: CohortRules, store: Store, nhs_number: str, as_of: date, facts: Facts | None = None
) -> Known | None:
    """One person judged by the same rules, whether or not a run was ever made."""
    with duckdb.connect() as sql:
        sql.execute(f"ATTACH {quoted(store.database)} AS store (READ_ONLY)")
        mine = _rows(sql, f"{PEOPLE} WHERE nhs_number = ?", nhs_number)
        if not mine:
            return None
        source = _events_of(sql, rules, facts)
        events = _rows(sql, f"{source} WHERE person = ?", mine[0]["person"])
    return judged_of(rules, mine[0], events, as_of)


def know_many(
    rules: CohortRules,
    store: Store,
    nhs_numbers: Iterable[str],
    as_of: date,
    facts: Facts | None = None,
) -> dict[str, Known]:
    """As `know`, for many at once, without near misses; who is in no records is left out."""
    wanted = pa.table({"nhs_number": pa.array(list(nhs_numbers), pa.string())})
    with duckdb.connect() as sql:
        sql.execute(f"ATTACH {quoted(store.database)} AS store (READ_ONLY)")
        sql.register("wanted", wanted)
        theirs = _rows(sql, f"{PEOPLE} SEMI JOIN wanted USING (nhs_number)")
        sql.register("here", pa.table({"person": pa.array([each["person"] for each in theirs])}))
        source = _events_of(sql, rules, facts)
        events: dict[int, list[Row]] = defaultdict(list)
        for event in _rows(sql, f"{source} SEMI JOIN here USING (person)") if theirs else []:
            events[event["person"]].append(event)
    return {
        row["nhs_number"]: judged_of(rules, row, events[row["person"]], as_of, with_misses=False)
        for row in theirs
    }


def _events_of(sql: duckdb.DuckDBPyConnection, rules: CohortRules, facts: Facts | None) -> str:
    """The events that the rules ask about: those that a run kept, else those of the store."""
    if facts:
        sql.execute(f"ATTACH {quoted(facts.path)} AS kept (READ_ONLY)")
        return EVENTS.format(events="kept.events")
    sql.register("listed", _listed(rules))
    return EVENTS.format(events=OF_LISTED)


def judged_of(
    rules: CohortRules, row: Row, events: list[Row], as_of: date, *, with_misses: bool = True
) -> Known:
    """Somebody judged, from rows of the store."""
    person = _person(row)
    told = [_event(person.nhs_number, each) for each in events]
    tenths = {AREA: row["decile"]}
    return Known(person, judge(rules, person, told, as_of, tenths, with_misses=with_misses))


def _rows(sql: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Row]:
    found: list[Row] = sql.sql(query, params=list(values)).to_arrow_table().to_pylist()
    return found


def _listed(rules: CohortRules) -> pa.Table:
    """Every system and code that some clause asks about."""
    lists = {
        key for selection in rules.selections() for key in (*selection.codelists, *selection.paired)
    }
    codes = list(coded(rules, tuple(sorted(lists))))
    return pa.table(
        {
            "system": pa.array([system for system, _ in codes], pa.string()),
            "written": pa.array([written for _, written in codes], pa.string()),
        }
    )


def _person(row: Row) -> Person:
    sexes = {number: name for name, number in SEXES.items()}
    return Person(
        nhs_number=row["nhs_number"],
        birth_date=row["born"],
        sex=sexes.get(row["sex"], "other"),
        practice_code=row["practice"] or "",
        registered_on=row["registered_on"],
        left_on=row["left_on"],
        deceased=bool(row["is_dead"]),
        deceased_on=row["died_on"],
        opted_out=row["objected"],
        care_home=row["care_home"],
        lsoa=AREA if row["decile"] else "",
        source=row["source"] or "",
    )


def _event(number: str, row: Row) -> Event:
    return Event(
        nhs_number=number,
        kind="",
        code=row["written"],
        system=row["system"],
        term=row["term"],
        on=row["on"],
        value=row["value"],
        unit=row["unit"] or "",
        source=row["source"] or "",
        setting=SETTINGS[row["setting"]],
        episode=str(row["episode"] or ""),
    )
