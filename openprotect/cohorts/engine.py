"""All groups of a pack in one Ibis expression, run by DuckDB over the lake.

One scan of the events joins their codes to the selections that the rules ask for, and leaves a
fact for each person and selection. Clauses, alternatives and groups are rows of small tables, so
the expression does not grow with the rules, and no rule costs a query of its own.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

import ibis
from ibis import _

from openprotect.cohorts import tables
from openprotect.cohorts.rules import (
    AGE,
    DECEASED,
    UNREGISTERED,
    Clause,
    CohortRules,
    Evidence,
    Judgement,
    judge,
)
from openprotect.cohorts.tables import BY_AGE
from openprotect.records.lake import Generation
from openprotect.records.rules.values import Event, Person

SEPARATOR = "\x1f"
Table = Any  # ibis has no types of its own that a strict checker can follow


@dataclass(frozen=True)
class Found:
    """Somebody at risk: the groups, and the dated evidence for each."""

    nhs_number: str
    practice_code: str
    groups: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Findings:
    """Whom the rules found in one generation of the lake, as of one day."""

    as_of: date
    people: int
    excluded: Mapping[str, int]
    found: tuple[Found, ...]

    @property
    def eligible(self) -> int:
        return self.people - sum(self.excluded.values())

    @property
    def by_group(self) -> Mapping[str, int]:
        return Counter(group for each in self.found for group in each.groups)

    @property
    def by_practice(self) -> Mapping[str, int]:
        return Counter(each.practice_code for each in self.found)

    @property
    def digest(self) -> str:
        """The same for the same people for the same reasons, whichever engine found them."""
        whole = hashlib.sha256()
        for each in self.found:
            whole.update(f"{each.nhs_number} {each.practice_code}".encode())
            for reason in each.evidence:
                whole.update(f" {reason.group} {reason.code} {reason.on}".encode())
        return whole.hexdigest()


def find(rules: CohortRules, lake: Generation, as_of: date) -> Findings:
    """Everybody whom the rules find, with groups and evidence, in order of NHS number."""
    connection = ibis.duckdb.connect()
    people = connection.read_parquet(str(lake.people))
    events = connection.read_parquet(str(lake.events))
    rows = expression(rules, people, events, as_of).to_pyarrow().to_pylist()
    counted = waterfall(rules, people, as_of).to_pyarrow().to_pylist()
    excluded = {row["reason"]: row["people"] for row in counted if row["reason"]}
    total = sum(row["people"] for row in counted)
    return Findings(as_of, total, excluded, tuple(_found(rules, rows)))


def _found(rules: CohortRules, rows: list[dict[str, Any]]) -> Iterator[Found]:
    clauses = _clauses(rules)
    for number, mine in groupby(rows, key=lambda row: row["nhs_number"]):
        listed = list(mine)
        evidence = {_evidence(row, clauses[row["clause"]]) for row in listed}
        groups = {each.group for each in evidence}
        yield Found(
            number,
            listed[0]["practice_code"],
            tuple(group.name for group in rules.groups if group.name in groups),
            tuple(sorted(evidence, key=lambda each: (each.group, each.on, each.code, each.source))),
        )


def _evidence(row: dict[str, Any], clause: Clause) -> Evidence:
    code, term, source = row["what"].split(SEPARATOR)
    if clause.select is None and clause.ages:
        reached = clause.ages.reached_on(row["last"])
        return Evidence(row["group"], "", str(clause.ages), reached, source)
    value = row["value"] if clause.latest_value else None
    return Evidence(row["group"], code, term, row["last"], source, value)


def _clauses(rules: CohortRules) -> list[Clause]:
    return [
        clause for group in rules.groups for alternative in group.any_of for clause in alternative
    ]


def expression(rules: CohortRules, people: Table, events: Table, as_of: date) -> Table:
    """A row for each clause that counts: person, practice, group, and its latest evidence."""
    asked = people.filter(_exclusion(rules, people, as_of) == "")
    facts = _facts(rules, asked, events, as_of)
    held = _held(facts, ibis.memtable(tables.clauses(rules, as_of)), asked)
    whole = held.mutate(met=_.count().over(group_by=[held.nhs_number, held.alternative]))
    return (
        whole.filter(whole.met == whole.need)
        .select("nhs_number", "practice_code", "group", "clause", "last", "what", "value")
        .order_by("nhs_number", "clause")
    )


def _facts(rules: CohortRules, people: Table, events: Table, as_of: date) -> Table:
    """Person, selection: first, last, how many, and the latest value and code."""
    codes = ibis.memtable(tables.codes(rules, as_of))
    joined = events.join(codes, ["code", "system"]).filter(
        _.on >= _.since, _.on <= _.until, _is_believed()
    )
    term = ibis.ifelse(joined.term == "", joined.listed, joined.term)
    what = joined.code + SEPARATOR + term + SEPARATOR + joined.source
    daily = joined.group_by("nhs_number", "selection", "on").agg(
        events=_.count(), value=_.value.max(), what=what.min()
    )
    facts = daily.group_by("nhs_number", "selection").agg(
        first=_.on.min(),
        last=_.on.max(),
        events=_.events.sum(),
        days=_.count(),
        value=_.value.argmax(_.on),
        what=_.what.argmax(_.on),
    )
    return facts.union(_ages(people, facts)) if _asks_age_alone(rules) else facts


def _is_believed() -> Any:
    low = _.low.isnull() | (_.value > _.low) | ((_.value == _.low) & ~_.low_is_open)
    high = _.high.isnull() | (_.value < _.high) | ((_.value == _.high) & ~_.high_is_open)
    return ~_.needs_value | (_.value.notnull() & low & high)


def _asks_age_alone(rules: CohortRules) -> bool:
    return any(clause.select is None for clause in _clauses(rules))


def _ages(people: Table, facts: Table) -> Table:
    """Everybody's birth as a fact, for clauses that ask for an age and nothing else."""
    born = people.mutate(
        selection=ibis.literal(BY_AGE, "int64"),
        first=_.birth_date,
        last=_.birth_date,
        events=ibis.literal(1, "int64"),
        days=ibis.literal(1, "int64"),
        value=ibis.null("float64"),
        what=ibis.literal(SEPARATOR + SEPARATOR) + people.source,
    )
    return born.select(*facts.columns).cast(facts.schema())


def _held(facts: Table, clauses: Table, people: Table) -> Table:
    """Each clause that a person's facts satisfy."""
    enders = facts.select(nhs_number=facts.nhs_number, ender=facts.selection, ended_on=facts.last)
    met = (
        facts.join(clauses, "selection")
        .left_join(enders, ["nhs_number", "ender"])
        .drop("nhs_number_right", "ender_right")
        .join(people.select("nhs_number", "practice_code", "birth_date"), "nhs_number")
    )
    count = ibis.ifelse(met.on_different_days, met.days, met.events)
    low = (
        met.least.isnull()
        | (met.value > met.least)
        | ((met.value == met.least) & ~met.least_is_open)
    )
    high = (
        met.most.isnull() | (met.value < met.most) | ((met.value == met.most) & ~met.most_is_open)
    )
    stands = (
        met.ended_on.isnull()
        | (met.ended_on < met["last"])
        | ((met.ended_on == met["last"]) & ~met.tie_ends)
    )
    return met.filter(
        count >= met.at_least,
        low,
        high,
        stands,
        met.birth_date <= met.born_by,
        met.birth_date > met.born_after,
    )


def _exclusion(rules: CohortRules, people: Table, as_of: date) -> Any:
    """Why somebody is not asked about, in the order in which it is counted."""
    day, ages = ibis.literal(as_of), rules.population.ages
    undated = people.deceased_on.isnull()
    dead = ibis.ifelse(undated, people.deceased.fill_null(False), people.deceased_on <= day)
    registered = (people.practice_code != "") & (
        people.registered_on.isnull() | (people.registered_on <= day)
    )
    of_age = (people.birth_date <= ages.born_by(as_of)) & (
        people.birth_date > ages.born_after(as_of)
    )
    return ibis.cases(
        (dead & rules.population.alive, DECEASED),
        (~registered & rules.population.registered, UNREGISTERED),
        (~of_age.fill_null(False), AGE),
        else_="",
    )


def waterfall(rules: CohortRules, people: Table, as_of: date) -> Table:
    """How many people are not asked about, by reason; '' counts those who are."""
    reasoned = people.mutate(reason=_exclusion(rules, people, as_of))
    return reasoned.group_by("reason").agg(people=_.count())


@dataclass(frozen=True)
class Known:
    """One person as the lake holds them, judged."""

    person: Person
    judgement: Judgement


def know(rules: CohortRules, lake: Generation, nhs_number: str, as_of: date) -> Known | None:
    """One person judged by the same rules, whether or not a run was ever made."""
    connection = ibis.duckdb.connect()
    people = connection.read_parquet(str(lake.people))
    mine = people.filter(_.nhs_number == nhs_number).to_pyarrow().to_pylist()
    if not mine:
        return None
    person = Person(**mine[0])
    events = connection.read_parquet(str(lake.events)).filter(_.nhs_number == nhs_number)
    coded = [Event(**row) for row in events.to_pyarrow().to_pylist()]
    return Known(person, judge(rules, person, coded, as_of))


def as_json(evidence: Evidence) -> dict[str, object]:
    """Evidence as a run keeps it."""
    return {**asdict(evidence), "on": evidence.on.isoformat()}
