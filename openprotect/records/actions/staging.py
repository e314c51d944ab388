"""The next generation of the lake, worked out from the present one and what was read.

An import brings whole records: the events of the people in it, from its source, are replaced by
those it brings. Everybody else, and what other sources said, stays as it is.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from openprotect.records import lake
from openprotect.records.actions import comparing, deciding, sampling
from openprotect.records.lake import Generation
from openprotect.records.readers.incoming import EVENTS_FILE, NOTHING, PEOPLE_FILE, Extract
from openprotect.records.rules import matching
from openprotect.records.rules.stops import Figures
from openprotect.records.rules.values import Kind

Counts = dict[str, Counter[str]]
# In a held row: the record that it is held against.
WAS = "was"
Problem = tuple[str, str, int, str, str]


@dataclass
class Staged:
    """What an import would do to the lake, in numbers."""

    counts: Counts
    reasons: Counter[str]
    figures: Figures
    renewed: int = 0
    joined: int = 0
    removed: int = 0
    newest_event_on: date | None = None

    @property
    def changes(self) -> int:
        events = self.counts[Kind.EVENTS]
        return self.renewed + self.joined + events["added"] + events["changed"] + self.removed


class Stage:
    """A folder beside the lake, in which the next generation is made from what was read."""

    def __init__(
        self, folder: Path, present: Generation | None, extract: Extract, *, on: date
    ) -> None:
        self.folder, self.extract, self.on = folder, extract, on
        self.sql = duckdb.connect()
        self.sql.execute("SET threads TO 2")
        self.sql.execute("SET TimeZone = 'UTC'")
        people, events, pairs = ("", "", "")
        if present:
            people, events = present.delivered_people, present.delivered_events
            pairs = present.superseded
        self._view("known_people", people, lake.PEOPLE_SCHEMA)
        self._view("known_events", events, lake.EVENTS_SCHEMA)
        self._view("known_superseded", pairs, lake.SUPERSEDED_SCHEMA)
        self.sql.execute(_COMING.format(path=_quoted(_path(extract.folder / PEOPLE_FILE))))
        self.sql.read_parquet(_path(extract.folder / EVENTS_FILE)).create_view("incoming")

    def _view(self, name: str, query: str, schema: pa.Schema) -> None:
        if query:
            self.sql.execute(f"CREATE VIEW {name} AS {query}")
        else:
            self.sql.register(name, schema.empty_table())

    def close(self) -> None:
        self.sql.close()

    def decide(self) -> Staged:
        """What becomes of every row."""
        deciding.decide(self.sql)
        counts: Counts = {kind: Counter() for kind in (Kind.PEOPLE, Kind.EVENTS)}
        reasons: Counter[str] = Counter()
        self._count("judged_people", Kind.PEOPLE, counts, reasons)
        self.sql.execute(_MATCHED_ANYWHERE if self._adds_only else _MATCHED)
        self.sql.execute(_JUDGED, {"source": self.extract.source})
        self._count("judged", Kind.EVENTS, counts, reasons)
        staged = Staged(counts, reasons, comparing.figures(self.sql, self.extract, on=self.on))
        staged.renewed = self._number("SELECT count(*) FROM renewed")
        staged.joined = self._number("SELECT count(*) FROM joined")
        if self.extract.has_events and not self._adds_only:
            staged.removed = self._number(_REMOVED, source=self.extract.source)
        newest = self.sql.execute(f'SELECT max("on") FROM judged WHERE {_KEPT}')  # noqa: S608
        staged.newest_event_on = newest.fetchall()[0][0]
        return staged

    @property
    def _adds_only(self) -> bool:
        return self.extract.replaces == NOTHING

    def _count(self, table: str, kind: Kind, counts: Counts, reasons: Counter[str]) -> None:
        found = self.sql.sql(
            f"SELECT outcome, reason, count(*) FROM {table} GROUP BY ALL ORDER BY ALL"  # noqa: S608
        ).fetchall()
        for outcome, reason, count in found:
            counts[kind][outcome] += count
            if reason:
                reasons[f"{kind} {outcome}: {reason}"] += count

    def _number(self, statement: str, **values: str) -> int:
        return int(self.sql.execute(statement, values).fetchall()[0][0])

    # --- files ---

    def write(self) -> None:
        """The next generation's files; the manifest is not theirs to write."""
        self._copy(_PEOPLE.format(shared=matching.SHARED_BY), lake.PEOPLE)
        self._copy(_SUPERSEDED, lake.SUPERSEDED)
        if self.extract.has_events and self._adds_only:
            self._copy(_EVENTS_ADDED, lake.EVENTS)
            self._copy(_REPLACED, lake.REPLACED)
        elif self.extract.has_events:
            self._copy(_EVENTS, lake.EVENTS)
            self._copy(_COVERS, lake.COVERS)

    def _copy(self, query: str, name: str) -> None:
        written = query.replace("$source", _quoted(self.extract.source))
        written = written.replace("$today", f"DATE {_quoted(self.on.isoformat())}")
        self.sql.execute(
            f"COPY ({written}) TO {_quoted(_path(self.folder / name))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {lake.ROWS_IN_A_GROUP})"
        )

    def write_held(self) -> None:
        """The held rows themselves, which stay here and nowhere else."""
        writer = lake.Writer(self.folder / lake.HELD, lake.HELD_SCHEMA)
        for kind, query, columns in (
            ("people", _HELD_PEOPLE, lake.PEOPLE_SCHEMA.names),
            ("events", _HELD_EVENTS, lake.EVENTS_SCHEMA.names),
        ):
            for row in self._rows(query):
                content = {name: row[name] for name in columns} | _beside(row)
                writer.add(held_row(kind, row["file"], row["row"], row["reason"], content))
        writer.close()

    def _rows(self, query: str) -> Iterator[dict[str, object]]:
        for batch in self.sql.sql(query).to_arrow_reader(10_000):
            yield from batch.to_pylist()

    def write_samples(self) -> None:
        """A few of the new and the changed people, to be looked at before approval."""
        sampling.write(self.sql, self.folder / sampling.SAMPLES, seed=self.folder.name)

    def problems(self, limit: int) -> list[Problem]:
        """Rows held or rejected for a reason of their own: kind, file, row, outcome, reason."""
        found = self.sql.execute(_PROBLEMS, {"limit": limit}).fetchall()
        return [(kind, file, row, outcome, reason) for kind, file, row, outcome, reason in found]


def _beside(row: Mapping[str, object]) -> dict[str, object]:
    """What the lake holds already of the person, or of whom the row may be about."""
    return {WAS: row[WAS]} if row.get(WAS) else {}


def held_row(
    kind: str, file: object, row: object, reason: object, content: object
) -> dict[str, object]:
    """A row as it waits beside the lake for somebody to settle it."""
    written = json.dumps(content, default=str, ensure_ascii=False)
    return {"kind": kind, "file": file, "row": row, "reason": reason, "content": written}


def _path(path: Path) -> str:
    return str(path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_COMING = """
CREATE VIEW coming AS
SELECT coalesce(released, false) AS released, * EXCLUDE (file_row_number, released),
       file_row_number AS line
FROM (SELECT NULL::BOOLEAN AS released WHERE false
      UNION ALL BY NAME FROM read_parquet({path}, file_row_number = true))
"""
_SAME = 'kind, code, system, "on", value, unit, source_id'
_MATCHED = f"""
CREATE TABLE matched AS
SELECT i.* EXCLUDE (nhs_number), coalesce(d.number, i.nhs_number) AS nhs_number, d.ending,
       row_number() OVER (PARTITION BY d.number, {_SAME} ORDER BY file, row) AS copy,
       row_number() OVER (PARTITION BY d.number, source_id ORDER BY file, row) AS same_id,
       row_number() OVER () AS line
FROM incoming i LEFT JOIN ended d USING (who)
"""  # noqa: S608 - column names of our own
# Where nobody's record is replaced, events may be about people whom the lake knows already.
_MATCHED_ANYWHERE = _MATCHED.replace(
    "LEFT JOIN ended d USING (who)",
    """LEFT JOIN (
  SELECT who, number, ending FROM ended
  UNION ALL
  SELECT nhs_number, nhs_number, 'taken' FROM known_people
  WHERE nhs_number NOT IN (SELECT who FROM ended)
) d USING (who)""",
)
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
_ACCEPTED = "SELECT number FROM ended WHERE ending NOT IN ('held', 'rejected')"
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
_EVENTS_ADDED = _EVENTS.replace(_KEPT, "outcome IN ('added', 'changed')")
_REPLACED = """
SELECT DISTINCT $source AS source, nhs_number, source_id FROM judged
WHERE outcome = 'changed' ORDER BY ALL
"""
_SUPERSEDED = """
FROM known_superseded
UNION ALL
SELECT old, new, $source AS source, $today AS "on" FROM joined
ORDER BY old
"""
_HELD_PEOPLE = f"""
SELECT c.* REPLACE (j.reason AS reason), CASE WHEN k.nhs_number IS NOT NULL THEN k END AS {WAS}
FROM judged_people j
JOIN coming c USING (line)
LEFT JOIN alike a USING (line)
LEFT JOIN known_people k ON k.nhs_number = coalesce(a.number, c.nhs_number)
WHERE j.outcome = 'held' ORDER BY line
"""  # noqa: S608 - a name of our own
_HELD_EVENTS = "SELECT * FROM judged WHERE outcome = 'held' ORDER BY line"
_PROBLEMS = """
SELECT kind, file, row, outcome, reason FROM (
  SELECT 0 AS first, 'people' AS kind, line, file, row, outcome, reason FROM judged_people
  UNION ALL SELECT 1, 'events', line, file, row, outcome, reason FROM judged
)
WHERE outcome IN ('held', 'rejected') AND reason <> 'person-not-taken'
ORDER BY first, line LIMIT $limit
"""
