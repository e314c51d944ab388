"""Two outcomes held against each other: everybody who joins, leaves or changes groups."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from openprotect.cohorts.engine.duck import DuckDB
from openprotect.cohorts.engine.knowing import EVENTS, PEOPLE, PersonRow, Told
from openprotect.cohorts.engine.shape import FOUND, WORD
from openprotect.cohorts.engine.trial import CHANGED, JOINED, LEFT, Example, GroupCount, Row, Trial
from openprotect.cohorts.rules import REASONS, CohortRules

ROWS: Final = f"""
    SELECT practice, ((decile + 1) // 2)::INTEGER AS quintile,
           count(*) FILTER (kind = '{JOINED}') AS joined,
           count(*) FILTER (kind = '{LEFT}') AS "left",
           count(*) FILTER (kind = '{CHANGED}') AS changed
    FROM concerned_people GROUP BY ALL ORDER BY ALL
"""  # noqa: S608 - words of our own
CHOSEN: Final = """
    SELECT person, kind FROM concerned_people
    ORDER BY row_number() OVER (PARTITION BY kind ORDER BY person), kind LIMIT {examples}
"""
# Events of codes that the run kept none of come from the store.
FRESH_CODES: Final = """
    FROM (SELECT code FROM wanted UNION SELECT code FROM closely
          UNION SELECT code FROM daily UNION SELECT code FROM mates)
    ANTI JOIN kept_codes USING (code)
"""
FRESH: Final = f"""(
    FROM kept_events UNION ALL
    SELECT person, code, "on", value, unit, source, setting, episode FROM store.coded
    SEMI JOIN ({FRESH_CODES}) fresh USING (code)
)"""  # noqa: S608 - names of our own


def compared(
    machine: DuckDB, old: CohortRules, new: CohortRules, as_of: date, *, examples: int
) -> Trial:
    """The outcomes of old and new rules, which the machine holds, as a trial."""
    names = tuple(dict.fromkeys(each.name for each in (*old.groups, *new.groups)))
    machine.keep("concerned_people", _concerned(old, new, names))
    people = machine.read("FROM concerned_people ORDER BY person")
    counts = dict(machine.connection.execute("FROM kept_counts").fetchall())
    rows = tuple(Row(**row) for row in machine.read(ROWS).to_pylist())
    by_group = _by_group(names, people, counts)
    before = int(counts.get("", 0))
    return Trial(
        as_of=as_of,
        before=before,
        after=before + sum(row.joined - row.left for row in rows),
        groups=names,
        by_group=by_group,
        rows=rows,
        people=people,
        examples=_examples(machine, old, new, as_of, examples),
    )


def _concerned(old: CohortRules, new: CohortRules, names: Sequence[str]) -> str:
    """Whoever is found by one only, or in other groups; bits under one numbering."""
    words = range(-(-len(names) // WORD))
    olds = [_renumbered("b", old, names, word) for word in words]
    news = [_renumbered("a", new, names, word) for word in words]
    columns = ", ".join(
        f"{was} AS before_{word}, {now} AS after_{word}"
        for word, was, now in zip(words, olds, news, strict=True)
    )
    was = " OR ".join(f"before_{word} <> 0" for word in words)
    now = " OR ".join(f"after_{word} <> 0" for word in words)
    differ = " OR ".join(f"before_{word} <> after_{word}" for word in words)
    return f"""
        SELECT person, nhs_number, practices.code AS practice, decile,
               CASE WHEN NOT ({was}) THEN '{JOINED}' WHEN NOT ({now}) THEN '{LEFT}'
                    ELSE '{CHANGED}' END AS kind,
               c.* EXCLUDE (person)
        FROM (
            SELECT person, a.reason, {columns}
            FROM outcome_before b JOIN outcome_after a USING (person)
        ) c JOIN people USING (person) JOIN practices USING (practice)
        WHERE {differ}
    """  # noqa: S608 - numbers and names of our own


def _renumbered(side: str, rules: CohortRules, names: Sequence[str], word: int) -> str:
    """One word of the groups of somebody found, in the order of `names`; 0 of anybody else."""
    here = names[word * WORD : (word + 1) * WORD]
    places = [
        (place, here.index(each.name))
        for place, each in enumerate(rules.groups)
        if each.name in here
    ]
    if all(place == now + word * WORD for place, now in places):
        bits = f"{side}.groups_{word}" if places else "0"
    else:
        bits = " | ".join(
            f"((({side}.groups_{place // WORD} >> {place % WORD}) & 1) << {now})"
            for place, now in places
        )
    return f"CASE WHEN {side}.reason = {FOUND} THEN {bits} ELSE 0 END"


def _by_group(
    names: Sequence[str], people: pa.Table, counts: dict[str, int]
) -> tuple[GroupCount, ...]:
    def number(side: str, place: int) -> int:
        column = people.column(f"{side}_{place // WORD}").to_numpy()
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
    machine.keep("chosen", CHOSEN.format(examples=int(examples)))
    sql = machine.connection
    chosen = sql.execute("SELECT person, kind FROM chosen ORDER BY kind, person").fetchall()
    mine = sql.execute(f"{PEOPLE} SEMI JOIN chosen USING (person)").fetchall()
    people = {row[0]: row for row in mine}
    source = FRESH if machine.read(FRESH_CODES).num_rows else "kept_events"
    events = sql.execute(f"{EVENTS.format(events=source)} SEMI JOIN chosen USING (person)")
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
