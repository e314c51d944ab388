"""Two outcomes held against each other: everybody who joins, leaves or changes groups."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

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
    (SELECT person, kind FROM differing WHERE kind = '{kind}' ORDER BY person LIMIT {examples})
"""
# As many of each kind as there are, in turn.
CHOSEN: Final = """
    SELECT person, kind FROM ({first})
    ORDER BY row_number() OVER (PARTITION BY kind ORDER BY person), kind LIMIT {examples}
"""


def compared(
    machine: DuckDB,
    old: CohortRules,
    new: CohortRules,
    as_of: date,
    *,
    examples: int,
    people: bool,
) -> Trial:
    """The outcomes of old and new rules, which the machine holds, as a trial."""
    names = tuple(dict.fromkeys(each.name for each in (*old.groups, *new.groups)))
    machine.keep("differing", _differing(old, new, names))
    counts = dict(machine.connection.execute("FROM kept_counts").fetchall())
    rows = tuple(Row(**row) for row in machine.read(ROWS).to_pylist())
    before = int(counts.get("", 0))
    return Trial(
        as_of=as_of,
        before=before,
        after=before + sum(row.joined - row.left for row in rows),
        groups=names,
        by_group=_by_group(names, machine.read("FROM differing"), counts),
        rows=rows,
        people=machine.read(PEOPLE_LISTED) if people else None,
        examples=_examples(machine, old, new, as_of, examples),
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
    names: Sequence[str], differing: pa.Table, counts: dict[str, int]
) -> tuple[GroupCount, ...]:
    def number(side: str, place: int) -> int:
        column = differing.column(f"{side}_{place // WORD}").to_numpy()
        return int(np.count_nonzero(column & (1 << place % WORD)))

    return tuple(
        GroupCount(
            name,
            counts.get(name, 0),
            counts.get(name, 0) + number("after", place) - number("before", place),
        )
        for place, name in enumerate(names)
    )


def _examples(
    machine: DuckDB, old: CohortRules, new: CohortRules, as_of: date, examples: int
) -> tuple[Example, ...]:
    """A few of each kind, judged by the plain reference under both rules."""
    if not examples:
        return ()
    first = " UNION ALL ".join(FIRST.format(kind=each, examples=int(examples)) for each in KINDS)
    machine.keep("chosen", CHOSEN.format(first=first, examples=int(examples)))
    sql = machine.connection
    chosen = sql.execute("SELECT person, kind FROM chosen ORDER BY kind, person").fetchall()
    mine = sql.execute(f"{PEOPLE} SEMI JOIN chosen USING (person)").fetchall()
    people = {row[0]: row for row in mine}
    events = sql.execute(f"{EVENTS.format(events='asked_events')} SEMI JOIN chosen USING (person)")
    told = Told(machine.spelling, sql, events.fetchall())
    return tuple(_example(told, old, new, as_of, people[person], kind) for person, kind in chosen)


def _example(
    told: Told, old: CohortRules, new: CohortRules, as_of: date, row: PersonRow, kind: str
) -> Example:
    before, after = (told.judged(rules, row, as_of, with_misses=False) for rules in (old, new))
    was, now = before.judgement, after.judgement
    return Example(
        nhs_number=after.person.nhs_number,
        practice=after.person.practice_code,
        kind=kind,
        before=() if was.excluded else was.groups,
        after=() if now.excluded else now.groups,
        evidence=was.evidence if kind == LEFT else now.evidence,
        reason=now.excluded if now.excluded in REASONS else new.title_of(now.excluded),
    )
