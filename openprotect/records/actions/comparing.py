"""An import in numbers, beside what was held before it: for the stops, and to be looked at."""

from datetime import date

import duckdb

from openprotect.records.readers.incoming import Extract
from openprotect.records.rules.stops import Figures, Pair

Sql = duckdb.DuckDBPyConnection


def figures(sql: Sql, extract: Extract, *, on: date) -> Figures:
    """Once it is decided what becomes of every row: `judged_people`, `renewed` and `judged`."""
    sql.execute(_NOW)
    before, now = (_WHOLE_BEFORE, _WHOLE_NOW) if extract.is_whole else (_LAKE_BEFORE, _LAKE_NOW)
    sql.execute(f"CREATE VIEW people_before AS {before.format(source=_quoted(extract.source))}")
    sql.execute(f"CREATE VIEW people_now AS {now}")
    people = _row(sql, _POPULATION)
    met, died, revived, moved, sexes, objected, withdrawn = _row(sql, _MET)
    events_before, events_gone = _events(sql, extract)
    practices = _pairs(sql, "practice_code")
    return Figures(
        rows=dict(extract.rows_by_file),
        misshapen=extract.misshapen,
        is_whole=extract.is_whole,
        people=(people[0], people[1]),
        mean_birth=(people[2] or 0.0, people[3] or 0.0),
        ages=_pairs(sql, _BAND.format(on=_quoted(on.isoformat()))),
        sexes=_pairs(sql, "sex"),
        practices={code: pair for code, pair in practices.items() if pair[0] != pair[1]},
        practices_known=len(practices),
        met=met,
        died=died,
        revived=revived,
        moved=moved,
        sex_changed=sexes,
        objections=(objected, withdrawn),
        same_birth_date=_row(sql, _SAME_BIRTH_DATE)[0] or 0,
        events_before=events_before,
        events_gone=events_gone,
    )


def _row(sql: Sql, statement: str) -> tuple[int, ...]:
    return sql.sql(statement).fetchall()[0]


def _pairs(sql: Sql, by: str) -> dict[str, Pair]:
    found = sql.sql(_SHARES.format(by=by)).fetchall()
    return {str(name): (before, now) for name, before, now in found}


def _events(sql: Sql, extract: Extract) -> tuple[int, int]:
    """Events held of the people in it, and how many of those it does not bring again."""
    if not extract.has_events or extract.replaces != "all":
        return 0, 0
    before, again = sql.execute(_EVENTS, {"source": extract.source}).fetchall()[0]
    return before, max(0, before - again)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_NOW = """
CREATE VIEW taken_now AS
WITH good AS (
  SELECT nhs_number, outcome FROM judged_people WHERE outcome IN ('added', 'changed', 'unchanged')
)
SELECT r.nhs_number, r.birth_date, r.sex, r.practice_code, r.deceased, r.opted_out FROM renewed r
SEMI JOIN good USING (nhs_number)
UNION ALL
SELECT k.nhs_number, k.birth_date, k.sex, k.practice_code, k.deceased, k.opted_out
FROM known_people k SEMI JOIN (FROM good WHERE outcome = 'unchanged') g USING (nhs_number)
"""
_WHOLE_BEFORE = "SELECT * FROM known_people WHERE source = {source}"
_WHOLE_NOW = "SELECT * FROM taken_now"
_LAKE_BEFORE = "SELECT * FROM known_people"
_LAKE_NOW = "FROM known_people ANTI JOIN renewed USING (nhs_number) UNION ALL FROM renewed"
_YEARS = "avg(year(birth_date) + dayofyear(birth_date) / 365.25)"
_POPULATION = f"""
SELECT (SELECT count(*) FROM people_before), (SELECT count(*) FROM people_now),
       (SELECT {_YEARS} FROM people_before), (SELECT {_YEARS} FROM people_now)
"""  # noqa: S608 - a statement of our own
_BAND = (
    "CASE WHEN birth_date IS NULL THEN 'unknown'"
    " ELSE (date_diff('year', birth_date, CAST({on} AS DATE)) // 10 * 10) || ' to ' ||"
    " (date_diff('year', birth_date, CAST({on} AS DATE)) // 10 * 10 + 9) END"
)
_SHARES = """
SELECT name, sum(before)::BIGINT, sum(now)::BIGINT FROM (
  SELECT {by} AS name, count(*) AS before, 0 AS now FROM people_before GROUP BY ALL
  UNION ALL SELECT {by}, 0, count(*) FROM people_now GROUP BY ALL
) GROUP BY name ORDER BY name
"""
_MET = """
SELECT count(*),
  count(*) FILTER (WHERE n.deceased AND NOT k.deceased),
  count(*) FILTER (WHERE k.deceased AND NOT n.deceased),
  count(*) FILTER (WHERE k.practice_code <> n.practice_code),
  count(*) FILTER (WHERE k.sex IN ('female', 'male') AND n.sex IN ('female', 'male')
                     AND k.sex <> n.sex),
  count(*) FILTER (WHERE k.opted_out),
  count(*) FILTER (WHERE k.opted_out AND NOT n.opted_out)
FROM taken_now n JOIN known_people k USING (nhs_number)
"""
_SAME_BIRTH_DATE = """
SELECT max(people) FROM (
  SELECT count(*) AS people FROM taken_now WHERE birth_date IS NOT NULL GROUP BY birth_date
)
"""
_EVENTS = """
SELECT (SELECT count(*) FROM known_events WHERE source = $source AND nhs_number IN
         (SELECT number FROM ended WHERE ending NOT IN ('held', 'rejected'))),
       (SELECT count(*) FROM judged WHERE outcome IN ('changed', 'unchanged'))
"""
