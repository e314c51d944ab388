"""What becomes of every person's row, decided in SQL for all rows at once.

The outcomes are those of the plain rules, one row at a time, that the tests hold against it. Only
rows that differ and claim one NHS number, and numbers that replace others, are looked at singly.
"""

from collections.abc import Iterator
from itertools import groupby

import duckdb
import pyarrow as pa

from openprotect.records import lake
from openprotect.records.rules import matching, superseding
from openprotect.records.rules.matching import Claim
from openprotect.records.rules.superseding import BadSupersession
from openprotect.records.rules.values import Outcome, Person

Sql = duckdb.DuckDBPyConnection
COLUMNS = tuple(lake.PEOPLE_SCHEMA.names)
# What two rows of one person may differ in without differing.
BESIDE = {"nhs_number", "phone_shared", "updated_at", "source", "subject"}
PLAIN = tuple(name for name in COLUMNS if name not in BESIDE)
# Empty in a row of these says nothing: what was held before stays.
UNSAID = ("opted_out", "care_home")
SETTLED = pa.schema([("line", pa.int64()), ("outcome", pa.string()), ("reason", pa.string())])
PAIRS = pa.schema([("old", pa.string()), ("new", pa.string())])
# A person's row as it comes in, with what its reader said of it. A row that somebody released is
# taken although it was held.
COMING = pa.schema(
    [
        ("line", pa.int64()),
        ("who", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("asked", pa.string()),
        ("partial", pa.bool_()),
        ("released", pa.bool_()),
        *lake.PEOPLE_SCHEMA,
    ]
)


def decide(sql: Sql) -> None:
    """From `coming`, `known_people` and `known_superseded` make the tables of what becomes of it.

    `judged_people` has an outcome for every row, `renewed` the people as the lake is to hold them,
    `ended` how the row of each event's person ended, `joined` the numbers newly superseded.
    """
    sql.execute(_CROWDED)
    sql.execute(_SETTLED)
    _settle(sql, _pairs(sql))
    sql.execute(_COPIES)
    sql.execute("INSERT INTO settled SELECT line, 'duplicate', '' FROM copies WHERE copy > 1")
    _settle(sql, list(_several(sql)))
    sql.execute(_ALIKE)
    sql.execute(_COMPARED)
    sql.execute(_JUDGED)
    sql.execute(_RENEWED)
    sql.execute(_ENDED)


def _settle(sql: Sql, rows: list[dict[str, object]]) -> None:
    if rows:
        sql.register("more_settled", pa.Table.from_pylist(rows, SETTLED))
        sql.execute("INSERT INTO settled FROM more_settled")
        sql.unregister("more_settled")


def _said(line: int, outcome: Outcome, reason: str) -> dict[str, object]:
    return {"line": line, "outcome": str(outcome), "reason": reason}


def _pairs(sql: Sql) -> list[dict[str, object]]:
    """Take in the numbers that rows say were superseded; a row that contradicts another is held."""
    known = dict(sql.execute("SELECT old, new FROM known_superseded").fetchall())
    joined, refused = dict(known), []
    for line, old, new in sql.execute(_ASKED).fetchall():
        try:
            joined = superseding.join(joined, old, new)
        except BadSupersession as why:
            refused.append(_said(line, Outcome.HELD, why.reason))
    _register(sql, "current", superseding.current(joined))
    _register(sql, "joined", {old: new for old, new in joined.items() if old not in known})
    return refused


def _register(sql: Sql, name: str, pairs: dict[str, str]) -> None:
    rows = [{"old": old, "new": new} for old, new in sorted(pairs.items())]
    sql.register(f"arrow_{name}", pa.Table.from_pylist(rows, PAIRS))
    sql.execute(f"CREATE TABLE {name} AS FROM arrow_{name}")
    sql.unregister(f"arrow_{name}")


def _several(sql: Sql) -> Iterator[dict[str, object]]:
    """Rows that differ and claim one number: the rules choose, row by row."""
    found = sql.sql(_DIFFERING).to_arrow_reader(10_000)
    rows = (row for batch in found for row in batch.to_pylist())
    for _, group in groupby(rows, key=lambda row: row["nhs_number"]):
        claims = [Claim(row.pop("line"), Person(**row)) for row in group]
        for line, outcome, reason in matching.choose(claims).others:
            yield _said(line, outcome, reason)


def _listed(names: tuple[str, ...], of: str = "") -> str:
    return ", ".join(f"{of}{name}" for name in names)


def _fresh(name: str) -> str:
    """A column of a row as it counts: what the row does not say is as it was held."""
    if name not in PLAIN:
        return f"c.{name}"
    if name in UNSAID:
        return f"coalesce(c.{name}, k.{name})"
    kind = lake.PEOPLE_SCHEMA.field(name).type
    if name == "lsoa":
        said_nothing = "c.lsoa = '' AND (c.partial OR c.postcode = k.postcode)"
    elif name == "sex":
        said_nothing = "c.partial AND c.sex = 'unknown'"
    elif pa.types.is_string(kind):
        said_nothing = f"c.partial AND c.{name} = ''"
    elif pa.types.is_date(kind):
        said_nothing = f"c.partial AND c.{name} IS NULL"
    else:
        return f"c.{name}"
    return f"CASE WHEN k.nhs_number IS NOT NULL AND {said_nothing} THEN k.{name} ELSE c.{name} END"


_INSTANT = "coalesce(epoch(try_cast(nullif({0}.updated_at, '') AS TIMESTAMPTZ)), 0)"
_LIKENESS = " AND ".join(
    [
        "c.birth_date = k.birth_date",
        "lower(c.family) = lower(k.family)",
        "lower(c.given) = lower(k.given)",
        "c.postcode = k.postcode",
    ]
)

_CROWDED = f"""
CREATE TABLE crowded AS
SELECT number FROM (
  SELECT DISTINCT line, unnest([mobile, phone]) AS number FROM coming WHERE nhs_number IS NOT NULL
) WHERE number <> '' GROUP BY number HAVING count(*) > {matching.SHARED_BY_TOO_MANY}
"""  # noqa: S608 - a number of our own
_SETTLED = f"""
CREATE TABLE settled AS
SELECT line,
  CASE WHEN reason <> 'birth-date-filler' THEN outcome
       WHEN (SELECT count(*) FROM coming WHERE reason = 'birth-date-filler')
            > (SELECT count(*) FROM coming) * {matching.FILLER_SHARE} THEN 'held'
       ELSE 'rejected' END AS outcome,
  reason
FROM coming WHERE outcome <> ''
UNION ALL
SELECT line, 'held', 'phone-many' FROM coming
WHERE outcome = '' AND NOT released
  AND (mobile IN (FROM crowded) OR phone IN (FROM crowded))
"""  # noqa: S608 - a number of our own
_ASKED = """
SELECT line, asked, nhs_number FROM coming ANTI JOIN settled USING (line)
WHERE asked <> '' AND asked <> nhs_number ORDER BY line
"""
_OPEN = "SELECT * FROM coming ANTI JOIN settled USING (line)"
_COPIES = f"""
CREATE TABLE copies AS
WITH open_rows AS ({_OPEN}),
several AS (SELECT nhs_number FROM open_rows GROUP BY nhs_number HAVING count(*) > 1)
SELECT line, nhs_number, row_number() OVER (
         PARTITION BY nhs_number, {_listed(PLAIN)} ORDER BY line) AS copy
FROM open_rows SEMI JOIN several USING (nhs_number)
"""  # noqa: S608 - column names of our own
_DIFFERING = f"""
WITH firsts AS (SELECT line, nhs_number FROM copies WHERE copy = 1),
several AS (SELECT nhs_number FROM firsts GROUP BY nhs_number HAVING count(*) > 1)
SELECT c.line, {_listed(COLUMNS, "c.")} FROM coming c
SEMI JOIN (FROM firsts SEMI JOIN several USING (nhs_number)) f ON f.line = c.line
ORDER BY c.nhs_number, c.line
"""  # noqa: S608 - column names of our own
_ALIKE = f"""
CREATE TABLE alike AS
SELECT c.line, min(k.nhs_number) AS number
FROM ({_OPEN}) c
JOIN known_people k ON {_LIKENESS}
LEFT JOIN current cc ON cc.old = c.nhs_number
LEFT JOIN current kc ON kc.old = k.nhs_number
WHERE coalesce(cc.new, c.nhs_number) <> coalesce(kc.new, k.nhs_number) AND NOT c.released
GROUP BY c.line
"""  # noqa: S608 - column names of our own
_COMPARED = f"""
CREATE TABLE compared AS
SELECT c.line, k.nhs_number IS NOT NULL AS is_known, c.released,
  {_INSTANT.format("c")} > 0 AND {_INSTANT.format("k")} > {_INSTANT.format("c")} AS is_older,
  c.birth_date IS DISTINCT FROM k.birth_date AND k.birth_precision = 'day' AS born_otherwise,
  k.restricted AND NOT c.restricted AS unrestricts,
  {" AND ".join(f"({_fresh(name)}) IS NOT DISTINCT FROM k.{name}" for name in PLAIN)} AS is_same
FROM ({_OPEN}) c LEFT JOIN known_people k ON k.nhs_number = c.nhs_number
"""  # noqa: S608 - column names of our own
_JUDGED = """
CREATE TABLE judged_people AS
WITH ways AS (
  SELECT line, outcome, reason FROM settled
  UNION ALL
  SELECT line,
    CASE WHEN line IN (SELECT line FROM alike) THEN 'held'
         WHEN NOT is_known THEN 'added'
         WHEN is_older AND NOT released THEN 'rejected'
         WHEN (born_otherwise OR unrestricts) AND NOT released THEN 'held'
         WHEN is_same THEN 'unchanged' ELSE 'changed' END,
    CASE WHEN line IN (SELECT line FROM alike) THEN 'other-number-same-person'
         WHEN NOT is_known OR released THEN ''
         WHEN is_older THEN 'older-than-held'
         WHEN born_otherwise THEN 'birth-date-changed'
         WHEN unrestricts THEN 'restricted-omitted' ELSE '' END
  FROM compared
)
SELECT w.line, c.who, c.file, c.row, c.nhs_number, w.outcome, w.reason
FROM ways w JOIN coming c USING (line)
"""
_RENEWED = f"""
CREATE TABLE renewed AS
WITH fresh AS (
  SELECT {", ".join(f"{_fresh(name)} AS {name}" for name in COLUMNS)}
  FROM coming c
  SEMI JOIN (SELECT line FROM judged_people WHERE outcome IN ('added', 'changed')) j
    ON j.line = c.line
  LEFT JOIN known_people k ON k.nhs_number = c.nhs_number
)
SELECT * FROM fresh
UNION ALL
SELECT k.* REPLACE (true AS deceased) FROM known_people k
SEMI JOIN (
  SELECT c.nhs_number FROM coming c JOIN judged_people j USING (line)
  WHERE j.outcome = 'held' AND c.deceased
) said_dead ON said_dead.nhs_number = k.nhs_number
ANTI JOIN (
  SELECT nhs_number FROM judged_people WHERE outcome IN ('added', 'changed', 'unchanged')
) g
  ON g.nhs_number = k.nhs_number
WHERE NOT k.deceased
"""  # noqa: S608 - column names of our own
_ENDED = """
CREATE TABLE ended AS
WITH fates AS (
  SELECT nhs_number, CASE WHEN bool_or(outcome IN ('added', 'changed', 'unchanged')) THEN 'taken'
                          WHEN bool_or(outcome = 'held') THEN 'held' ELSE 'rejected' END AS fate
  FROM judged_people WHERE nhs_number <> '' GROUP BY nhs_number
), keys AS (
  SELECT j.who, j.nhs_number,
         CASE WHEN j.outcome = 'duplicate' THEN f.fate
              WHEN j.outcome IN ('held', 'rejected') THEN j.outcome ELSE 'taken' END AS fate
  FROM judged_people j LEFT JOIN fates f USING (nhs_number) WHERE j.who <> ''
  UNION ALL
  SELECT nhs_number, nhs_number, fate FROM fates
)
SELECT who, arg_min(nhs_number, rank) AS number, arg_min(fate, rank) AS ending
FROM (SELECT *, CASE fate WHEN 'taken' THEN 0 WHEN 'held' THEN 1 ELSE 2 END AS rank FROM keys)
GROUP BY who
"""
