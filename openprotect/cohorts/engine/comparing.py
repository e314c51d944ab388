"""Two outcomes held against each other: everybody who joins, leaves or changes groups."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.knowing import EVENTS, PEOPLE, PersonRow, Told
from openprotect.cohorts.engine.shape import WORD
from openprotect.cohorts.engine.trial import (
    CHANGED,
    JOINED,
    KINDS,
    LEFT,
    Example,
    GroupCount,
    Row,
    Trial,
)
from openprotect.cohorts.rules import REASONS, CohortRules

ROWS: Final = f"""
    SELECT practices.code AS practice, counted.* EXCLUDE (practice) FROM (
        SELECT practice, ((decile + 1) // 2)::INTEGER AS quintile,
               count(*) FILTER (kind = '{JOINED}') AS joined,
               count(*) FILTER (kind = '{LEFT}') AS "left",
               count(*) FILTER (kind = '{CHANGED}') AS changed
        FROM differing JOIN people USING (person) GROUP BY ALL
    ) counted JOIN practices USING (practice) ORDER BY ALL
"""  # noqa: S608 - words of our own
PEOPLE_LISTED: Final = """
    SELECT person, nhs_number, practices.code AS practice, decile, differing.* EXCLUDE (person)
    FROM differing JOIN store.people USING (person) JOIN practices USING (practice)
    ORDER BY person
"""
FIRST: Final = """
    (FROM differing WHERE kind = '{kind}' ORDER BY person LIMIT {examples})
"""
# As many of each kind as there are, in turn.
CHOSEN: Final = """
    FROM ({first})
    ORDER BY row_number() OVER (PARTITION BY kind ORDER BY person), kind LIMIT {examples}
"""


def compared(
    machine: DuckDB,
    outcomes: str,
    old: CohortRules,
    new: CohortRules,
    as_of: date,
    *,
    examples: int,
    people: bool,
) -> Trial:
    """The outcomes of old and new rules, which a query begins with, as a trial."""
    names = tuple(dict.fromkeys(each.name for each in (*old.groups, *new.groups)))
    machine.keep("differing", outcomes + _differing(old, new, names))
    counts = dict(machine.connection.execute("FROM kept_counts").fetchall())
    rows = tuple(Row(**row) for row in machine.read(ROWS).to_pylist())
    before = int(counts.get("", 0))
    return Trial(
        as_of=as_of,
        before=before,
        after=before + sum(row.joined - row.left for row in rows),
        groups=names,
        by_group=_by_group(machine, names, counts),
        rows=rows,
        people=machine.read(PEOPLE_LISTED) if people else None,
        examples=_examples(machine, old, new, as_of, examples, names),
    )


def _differing(old: CohortRules, new: CohortRules, names: Sequence[str]) -> str:
    """Whoever is found by one only, or in other groups; bits under one numbering."""
    words = range(-(-len(names) // WORD))
    columns = ", ".join(
        f"coalesce({_renumbered('b', old, names, word)}, 0) AS before_{word}, "
        f"coalesce({_renumbered('a', new, names, word)}, 0) AS after_{word}"
        for word in words
    )
    was = " OR ".join(f"before_{word} <> 0" for word in words)
    now = " OR ".join(f"after_{word} <> 0" for word in words)
    differ = " OR ".join(f"before_{word} <> after_{word}" for word in words)
    return f"""
        SELECT person, CASE WHEN NOT ({was}) THEN '{JOINED}' WHEN NOT ({now}) THEN '{LEFT}'
                            ELSE '{CHANGED}' END AS kind, sides.* EXCLUDE (person)
        FROM (
            SELECT person, {columns} FROM outcome_before b FULL JOIN outcome a USING (person)
        ) sides WHERE {differ}
    """  # noqa: S608 - numbers and names of our own


def _renumbered(side: str, rules: CohortRules, names: Sequence[str], word: int) -> str:
    """One word of the groups of somebody found, in the order of `names`; nothing of others."""
    here = names[word * WORD : (word + 1) * WORD]
    places = [
        (place, here.index(each.name))
        for place, each in enumerate(rules.groups)
        if each.name in here
    ]
    if all(place == now + word * WORD for place, now in places):
        return f"{side}.groups_{word}" if places else "0"
    return " | ".join(
        f"((({side}.groups_{place // WORD} >> {place % WORD}) & 1) << {now})"
        for place, now in places
    )


def _by_group(
    machine: DuckDB, names: Sequence[str], counts: dict[str, int]
) -> tuple[GroupCount, ...]:
    """How many are in each group: those of the kept run, and by how many that differs."""
    more = ", ".join(
        f"sum((after_{place // WORD} >> {place % WORD} & 1)"
        f" - (before_{place // WORD} >> {place % WORD} & 1))"
        for place in range(len(names))
    )
    found = machine.connection.execute(f"SELECT {more} FROM differing").fetchall()  # noqa: S608
    return tuple(
        GroupCount(name, counts.get(name, 0), counts.get(name, 0) + int(change or 0))
        for name, change in zip(names, found[0], strict=True)
    )


def _examples(
    machine: DuckDB,
    old: CohortRules,
    new: CohortRules,
    as_of: date,
    examples: int,
    names: Sequence[str],
) -> tuple[Example, ...]:
    """A few of each kind, judged by the plain reference under the rules that find them."""
    if not examples:
        return ()
    first = " UNION ALL ".join(FIRST.format(kind=each, examples=int(examples)) for each in KINDS)
    machine.keep("chosen", CHOSEN.format(first=first, examples=int(examples)))
    sql = machine.connection
    chosen = machine.read("FROM chosen ORDER BY kind, person").to_pylist()
    mine = sql.execute(
        f"{PEOPLE.format(people='people')} SEMI JOIN chosen USING (person)"
    ).fetchall()
    people = {row[0]: row for row in mine}
    events = sql.execute(f"{EVENTS.format(events='asked_events')} SEMI JOIN chosen USING (person)")
    told = Told(machine.spelling, sql, events.fetchall())
    return tuple(
        _example(told, old, new, as_of, people[each["person"]], each["kind"], _was(each, names))
        for each in chosen
    )


def _was(row: dict[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """The groups in which the old rules found somebody."""
    return tuple(
        name
        for place, name in enumerate(names)
        if row[f"before_{place // WORD}"] >> place % WORD & 1
    )


def _example(
    told: Told,
    old: CohortRules,
    new: CohortRules,
    as_of: date,
    row: PersonRow,
    kind: str,
    was: tuple[str, ...],
) -> Example:
    after = told.judged(new, row, as_of, with_misses=False)
    now = after.judgement
    evidence = now.evidence
    if kind == LEFT:
        evidence = told.judged(old, row, as_of, with_misses=False).judgement.evidence
    return Example(
        nhs_number=after.person.nhs_number,
        practice=after.person.practice_code,
        kind=kind,
        before=was,
        after=() if now.excluded else now.groups,
        evidence=evidence,
        reason=now.excluded if now.excluded in REASONS else new.title_of(now.excluded),
    )
