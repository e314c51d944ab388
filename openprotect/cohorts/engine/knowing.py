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

from openprotect.cohorts.engine.keeping import Facts, kept_events
from openprotect.cohorts.engine.opened import Opened, opened
from openprotect.cohorts.engine.plan import SEXES
from openprotect.cohorts.engine.resolving import Store
from openprotect.cohorts.engine.spelling import Spelling
from openprotect.cohorts.rules import CohortRules, Judgement, coded, judge
from openprotect.records.rules.values import Event, Person

SETTINGS: Final = ("", "gp", "hospital", "social", "list")
SEX_NAMES: Final = {number: name for name, number in SEXES.items()}
AREA: Final = "area"  # stands for the person's own, of which the store knows the tenth alone
PEOPLE: Final = """
    SELECT person, nhs_number, born, sex, practice, registered_on, left_on, is_dead, died_on,
           objected, care_home, decile, source
    FROM {people}
"""
EVERYBODY: Final = PEOPLE.format(people="store.people")
EVENTS: Final = """
    SELECT person, code, "on", value, unit, source, setting, episode FROM {events} events
"""
OF_LISTED: Final = """(
    FROM store.coded
    SEMI JOIN (SELECT code FROM store.codes JOIN listed USING (system, written)) USING (code)
)"""
PersonRow = tuple[Any, ...]
EventRow = tuple[Any, ...]


@dataclass(frozen=True)
class Known:
    """One person as the records hold them, judged."""

    person: Person
    judgement: Judgement


def know(
    rules: CohortRules, store: Store, nhs_number: str, as_of: date, facts: Facts | None = None
) -> Known | None:
    """One person judged by the same rules, whether or not a run was ever made."""
    facts = facts or kept_events(rules, store)
    file = opened(store.database)
    with file.cursor() as sql:
        found = sql.execute(f"{EVERYBODY} WHERE nhs_number = ?", [nhs_number]).fetchall()
        if not found:
            return None
        mine = found[0]
        source = _events_of(file, sql, rules, facts)
        events = sql.execute(f"{source} WHERE person = ?", [mine[0]]).fetchall()
        told = Told(file.spelling, sql, events)
    return told.judged(rules, mine, as_of)


def know_many(
    rules: CohortRules,
    store: Store,
    nhs_numbers: Iterable[str],
    as_of: date,
    facts: Facts | None = None,
) -> dict[str, Known]:
    """As `know`, for many at once, without near misses; who is in no records is left out."""
    wanted = pa.table({"nhs_number": pa.array(list(nhs_numbers), pa.string())})
    facts = facts or kept_events(rules, store)
    file = opened(store.database)
    with file.cursor() as sql:
        sql.register("asked", wanted)
        theirs = sql.execute(f"{EVERYBODY} SEMI JOIN asked USING (nhs_number)").fetchall()
        sql.register("here", pa.table({"person": pa.array([row[0] for row in theirs], pa.int32())}))
        source = _events_of(file, sql, rules, facts)
        told = Told(
            file.spelling, sql, sql.execute(f"{source} SEMI JOIN here USING (person)").fetchall()
        )
    return {row[1]: told.judged(rules, row, as_of, with_misses=False) for row in theirs}


def _events_of(
    file: Opened, sql: duckdb.DuckDBPyConnection, rules: CohortRules, facts: Facts | None
) -> str:
    """The events that the rules ask about: those that a run kept, else those of the store."""
    if facts:
        return EVENTS.format(events=f"{file.attached(facts.path)}.events")
    sql.register("listed", _listed(rules))
    return EVENTS.format(events=OF_LISTED)


class Told:
    """Events of some people, as rows of a store, and what their numbers stand for."""

    def __init__(
        self, spelling: Spelling, sql: duckdb.DuckDBPyConnection, events: Iterable[EventRow]
    ) -> None:
        self.spelling = spelling
        self.by_person: dict[int, list[EventRow]] = defaultdict(list)
        for person, *event in events:
            self.by_person[person].append(tuple(event))
        used = {event[0] for listed in self.by_person.values() for event in listed}
        self.codes = spelling.codes(sql, used)

    def judged(
        self, rules: CohortRules, row: PersonRow, as_of: date, *, with_misses: bool = True
    ) -> Known:
        """Somebody judged, from a row of PEOPLE."""
        person = self._person(row)
        events = [self._event(person.nhs_number, each) for each in self.by_person.get(row[0], ())]
        tenths = {AREA: row[11]}
        return Known(person, judge(rules, person, events, as_of, tenths, with_misses=with_misses))

    def _person(self, row: PersonRow) -> Person:
        _, number, born, sex, practice, joined, left, is_dead, died_on, objected, *rest = row
        care_home, decile, source = rest
        return Person(
            nhs_number=number,
            birth_date=born,
            sex=SEX_NAMES.get(sex, "other"),
            practice_code=self.spelling.practices.get(practice, ""),
            registered_on=joined,
            left_on=left,
            deceased=bool(is_dead),
            deceased_on=died_on,
            opted_out=objected,
            care_home=care_home,
            lsoa=AREA if decile else "",
            source=self.spelling.sources.get(source, ""),
        )

    def _event(self, number: str, row: EventRow) -> Event:
        code, on, value, unit, source, setting, episode = row
        system, written, term = self.codes[code]
        return Event(
            nhs_number=number,
            kind="",
            code=written,
            system=system,
            term=term,
            on=on,
            value=value,
            unit=self.spelling.units.get(unit, ""),
            source=self.spelling.sources.get(source, ""),
            setting=SETTINGS[setting],
            episode=str(episode or ""),
        )


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
