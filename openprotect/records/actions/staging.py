"""The next generation of the lake, worked out from the present one and what was read.

An import brings whole records: the events of the people in it, from its source, are replaced by
those it brings. Everybody else, and what other sources said, stays as it is.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from openprotect.records import lake
from openprotect.records.lake import Generation
from openprotect.records.readers.incoming import EVENTS_FILE, Extract, key_of
from openprotect.records.rules import matching
from openprotect.records.rules.matching import Decisions, Likeness
from openprotect.records.rules.values import Kind, Outcome, Person

Counts = dict[str, Counter[str]]


@dataclass
class Staged:
    """What an import would do to the lake, in numbers."""

    decisions: Decisions
    counts: Counts
    reasons: Counter[str]
    removed: int = 0
    newest_event_on: date | None = None
    people_before: int = 0
    practices_missing: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        events = self.counts[Kind.EVENTS]
        return self.decisions.changes + events["added"] + events["changed"] + self.removed


class Stage:
    """A folder beside the lake, in which the next generation is made."""

    def __init__(self, folder: Path, present: Generation | None, extract: Extract) -> None:
        self.folder, self.extract = folder, extract
        self.people = extract.people
        self.sql = duckdb.connect()
        self.sql.execute("SET threads TO 2")
        self._view("known_people", present.live_people if present else "", lake.PEOPLE_SCHEMA)
        self._view("known_events", present.live_events if present else "", lake.EVENTS_SCHEMA)
        self.sql.read_parquet(_path(folder / EVENTS_FILE)).create_view("incoming")

    def _view(self, name: str, query: str, schema: pa.Schema) -> None:
        if query:
            self.sql.execute(f"CREATE VIEW {name} AS {query}")
        else:
            self.sql.register(name, schema.empty_table())

    def close(self) -> None:
        self.sql.close()

    # --- people ---

    def decide(self) -> Staged:
        """What becomes of every row."""
        rows = self.people
        numbers = [row.person.nhs_number for row in rows if row.person and not row.outcome]
        held = [row.person.nhs_number for row in rows if row.person and row.outcome]
        decisions = matching.decide(rows, self._known(numbers + held), self._alike())
        counts: Counts = {kind: Counter() for kind in (Kind.PEOPLE, Kind.EVENTS)}
        counts[Kind.PEOPLE].update(each.outcome for each in decisions.rows)
        staged = Staged(decisions, counts, Counter())
        staged.reasons.update(
            f"people {each.outcome}: {each.reason}" for each in decisions.rows if each.reason
        )
        self._judge_events(staged)
        self._compare_with_before(staged)
        return staged

    def _known(self, numbers: Iterable[str]) -> dict[str, Person]:
        wanted = pa.table({"nhs_number": pa.array(list(numbers), pa.string())})
        self.sql.register("wanted", wanted)
        found = self.sql.sql("SELECT * FROM known_people SEMI JOIN wanted USING (nhs_number)")
        return {row["nhs_number"]: Person(**row) for row in found.to_arrow_table().to_pylist()}

    def _alike(self) -> Mapping[Likeness, frozenset[str]]:
        """Numbers under which the lake holds people of the names and birth dates that come in."""
        coming = [row.person for row in self.people if row.person]
        self.sql.register("coming", lake.people_table(coming))
        found = self.sql.sql(
            "SELECT k.* FROM known_people k SEMI JOIN coming c ON k.birth_date = c.birth_date"
            " AND lower(k.family) = lower(c.family)"
        )
        alike: dict[Likeness, frozenset[str]] = {}
        for row in found.to_arrow_table().to_pylist():
            person = Person(**row)
            numbers = alike.get(matching.likeness(person), frozenset())
            alike[matching.likeness(person)] = numbers | {person.nhs_number}
        return alike

    # --- events ---

    def _judge_events(self, staged: Staged) -> None:
        """Each event's outcome: its person's first, then its own, then against what is known."""
        self.sql.register("decided", _decided(staged.decisions))
        self.sql.execute(_MATCHED)
        self.sql.execute(_JUDGED, {"source": self.extract.source})
        found = self.sql.sql(
            "SELECT outcome, reason, count(*) FROM judged GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for outcome, reason, count in found:
            staged.counts[Kind.EVENTS][outcome] += count
            if reason:
                staged.reasons[f"events {outcome}: {reason}"] += count
        staged.removed = self._number(_REMOVED) if self.extract.has_events else 0
        newest = self.sql.execute(f'SELECT max("on") FROM judged WHERE {_KEPT}')  # noqa: S608
        staged.newest_event_on = newest.fetchall()[0][0]

    def _number(self, statement: str) -> int:
        found = self.sql.execute(statement, {"source": self.extract.source}).fetchall()
        return int(found[0][0])

    def _compare_with_before(self, staged: Staged) -> None:
        self.sql.register("taken", lake.people_table(staged.decisions.taken.values()))
        staged.people_before = self._number(
            "SELECT count(*) FROM known_people WHERE source = $source"
        )
        missing = self.sql.execute(
            "SELECT DISTINCT practice_code FROM known_people WHERE source = $source"
            " AND practice_code NOT IN (SELECT practice_code FROM taken)",
            {"source": self.extract.source},
        )
        staged.practices_missing = sorted(code for (code,) in missing.fetchall())

    # --- files ---

    def write(self, staged: Staged) -> None:
        """The next generation's files; the manifest is not theirs to write."""
        new = {**staged.decisions.deaths, **staged.decisions.taken}
        self.sql.register("renewed", lake.people_table(new.values()))
        self._copy(_PEOPLE.format(shared=matching.SHARED_BY), lake.PEOPLE)
        if self.extract.has_events:
            self._copy(_EVENTS, lake.EVENTS)
            self._copy(_COVERS, lake.COVERS)

    def _copy(self, query: str, name: str) -> None:
        self.sql.execute(
            f"COPY ({query.replace('$source', _quoted(self.extract.source))}) TO "
            f"{_quoted(_path(self.folder / name))} (FORMAT parquet, COMPRESSION zstd)"
        )

    def write_held(self, staged: Staged) -> None:
        """The held rows themselves, which stay here and nowhere else."""
        writer = lake.Writer(self.folder / lake.HELD, lake.HELD_SCHEMA)
        for each in staged.decisions.rows:
            if each.outcome is Outcome.HELD:
                place, person = each.row.position, each.row.person
                content = asdict(person) if person else {}
                writer.add(held_row("people", place.file, place.row, each.reason, content))
        found = self.sql.sql("SELECT * FROM judged WHERE outcome = 'held'").to_arrow_table()
        for row in found.to_pylist():
            content = {name: row[name] for name in lake.EVENTS_SCHEMA.names}
            writer.add(held_row("events", row["file"], row["row"], row["reason"], content))
        writer.close()

    def problems(self, staged: Staged, limit: int) -> list[tuple[str, str, int, str, str]]:
        """Rows held or rejected for a reason of their own: kind, file, row, outcome, reason."""
        people = [
            ("people", each.row.position.file, each.row.position.row, each.outcome, each.reason)
            for each in staged.decisions.rows
            if each.outcome in (Outcome.HELD, Outcome.REJECTED)
        ]
        events = self.sql.execute(_PROBLEMS, {"limit": limit}).fetchall()
        return [*people, *(("events", *row) for row in events)][:limit]


def held_row(kind: str, file: str, row: int, reason: str, content: object) -> dict[str, object]:
    """A row as it waits beside the lake for somebody to settle it."""
    written = json.dumps(content, default=str, ensure_ascii=False)
    return {"kind": kind, "file": file, "row": row, "reason": reason, "content": written}


def _decided(decisions: Decisions) -> pa.Table:
    """How each person's row ended, by every name an event may know it under."""
    ended: dict[str, tuple[str, str]] = {}
    for each in decisions.rows:
        person = each.row.person
        if person is None:
            continue
        for key in {
            key_of(each.row.scope or each.row.position.file, person.subject, person.nhs_number),
            person.nhs_number,
        }:
            if key and ended.get(key, ("", "held"))[1] in ("held", "rejected"):
                ended[key] = (person.nhs_number, str(each.outcome))
    return pa.table(
        {
            "who": pa.array(list(ended), pa.string()),
            "number": pa.array([number for number, _ in ended.values()], pa.string()),
            "ending": pa.array([ending for _, ending in ended.values()], pa.string()),
        }
    )


def _path(path: Path) -> str:
    return str(path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_SAME = 'kind, code, system, "on", value, unit, source_id'
_MATCHED = f"""
CREATE TABLE matched AS
SELECT i.* EXCLUDE (nhs_number), coalesce(d.number, i.nhs_number) AS nhs_number, d.ending,
       row_number() OVER (PARTITION BY d.number, {_SAME} ORDER BY file, row) AS copy,
       row_number() OVER (PARTITION BY d.number, source_id ORDER BY file, row) AS same_id,
       row_number() OVER () AS line
FROM incoming i LEFT JOIN decided d USING (who)
"""  # noqa: S608 - column names of our own
_JUDGED = """
CREATE TABLE judged AS
WITH known AS (SELECT * FROM known_events WHERE source = $source)
SELECT m.* EXCLUDE (outcome, reason),
  CASE
    WHEN m.outcome <> '' AND (m.who = '' OR m.ending IS NOT NULL) THEN m.outcome
    WHEN m.ending IS NULL THEN 'rejected'
    WHEN m.ending IN ('held', 'rejected') THEN m.ending
    WHEN m.copy > 1 THEN 'duplicate'
    WHEN m.source_id <> '' AND m.same_id > 1 THEN 'held'
    WHEN k.nhs_number IS NOT NULL THEN 'unchanged'
    WHEN i.source_id IS NOT NULL THEN 'changed'
    ELSE 'added'
  END AS outcome,
  CASE
    WHEN m.outcome <> '' AND (m.who = '' OR m.ending IS NOT NULL) THEN m.reason
    WHEN m.ending IS NULL THEN 'person-not-in-import'
    WHEN m.ending IN ('held', 'rejected') THEN 'person-not-taken'
    WHEN m.copy > 1 THEN ''
    WHEN m.source_id <> '' AND m.same_id > 1 THEN 'same-id-differs'
    ELSE ''
  END AS reason
FROM matched m
LEFT JOIN known k ON k.nhs_number = m.nhs_number AND k.kind = m.kind AND k.code = m.code
  AND k.system = m.system AND k."on" = m."on" AND k.value IS NOT DISTINCT FROM m.value
  AND k.unit = m.unit AND k.source_id = m.source_id
LEFT JOIN known i ON i.nhs_number = m.nhs_number AND i.source_id = m.source_id
  AND i.source_id <> '' AND k.nhs_number IS NULL
"""
_ACCEPTED = "SELECT number FROM decided WHERE ending NOT IN ('held', 'rejected')"
_KEPT = "outcome IN ('added', 'changed', 'unchanged')"
_REMOVED = f"""
SELECT greatest(0, (SELECT count(*) FROM known_events
                    WHERE source = $source AND nhs_number IN ({_ACCEPTED}))
                 - (SELECT count(*) FROM judged WHERE outcome IN ('changed', 'unchanged')))
"""  # noqa: S608 - statements of our own
_PEOPLE = """
WITH everybody AS (
  SELECT * FROM known_people ANTI JOIN renewed USING (nhs_number) UNION ALL SELECT * FROM renewed
), numbers AS (
  SELECT number FROM (SELECT unnest([mobile, phone]) AS number FROM everybody)
  WHERE number <> '' GROUP BY number HAVING count(*) >= {shared}
)
SELECT * REPLACE (
  (mobile IN (FROM numbers) OR phone IN (FROM numbers)) AS phone_shared
) FROM everybody ORDER BY nhs_number
"""
# In order of people, so that one person's events lie together and are found without a scan.
_EVENTS = f"""
SELECT {", ".join(f'"{name}"' for name in lake.EVENTS_SCHEMA.names)} FROM judged WHERE {_KEPT}
ORDER BY nhs_number, "on", code
"""  # noqa: S608 - statements of our own
_COVERS = f"""
SELECT DISTINCT $source AS source, number AS nhs_number FROM ({_ACCEPTED}) ORDER BY 2
"""  # noqa: S608 - statements of our own
_PROBLEMS = """
SELECT file, row, outcome, reason FROM judged
WHERE outcome IN ('held', 'rejected') AND reason <> 'person-not-taken'
ORDER BY line LIMIT $limit
"""
