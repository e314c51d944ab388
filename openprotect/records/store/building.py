"""Building the store: everybody and everything coded about them, in numbers, sorted by code.

Text is read once, to number it; then each event becomes a row of numbers, and all rows are sorted
by code, person and day. A cohort's codes then lie next to each other, and nine rows of ten are
never read.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from openprotect.records import columnar, lake
from openprotect.records.columnar import quoted
from openprotect.records.lake import Generation, LakeDamaged
from openprotect.records.reference import Deprivation
from openprotect.records.store.opening import FOLDER, TABLES, Store
from openprotect.records.store.swapping import SCRATCH, swap_in

SETTINGS = ("", "gp", "hospital", "social", "list")
SEXES = ("unknown", "male", "female")  # any other is 9, as in the NHS data dictionary
FIRST_DAY = "DATE '1800-01-01'"  # events are dated from here to the year 2158
DAY_BITS, PERSON_BITS = 17, 26  # with 20 bits of code, a place in the order is one number


def build(
    generation: Generation, folder: Path | None = None, *, deprivation: Deprivation | None = None
) -> Store:
    """Build the store of this generation, in the generation's own folder unless told otherwise.

    What was there stays in use until the new one is whole. Every file is held against its digest
    first, so that no damage goes from the lake into the store.
    """
    lake.check(generation)
    folder = folder or generation.folder / FOLDER
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = deprivation.sha256 if deprivation else ""
    with TemporaryDirectory(prefix=SCRATCH, dir=folder.parent) as scratch:
        made = Path(scratch) / "store.duckdb"
        with columnar.connected(Path(scratch), memory=columnar.third_of_memory()) as sql:
            sql.execute(f"ATTACH {quoted(made)} AS store")
            sql.execute(f"CREATE TEMP VIEW areas AS {_areas(deprivation)}")
            rows = _fill(sql, generation)
            sql.execute("DETACH store")
        return swap_in(made, Store(folder, generation.id, "", 0, "", rows, deprivation=digest))


def _areas(deprivation: Deprivation | None) -> str:
    if deprivation is None:
        return "SELECT '' AS lsoa, 0::TINYINT AS decile WHERE false"
    return f"SELECT * FROM {columnar.parquet([deprivation.path])}"  # noqa: S608 - our file


def _fill(sql: duckdb.DuckDBPyConnection, generation: Generation) -> dict[str, int]:
    sql.execute(f"CREATE TEMP VIEW delivered_people AS {generation.live_people}")
    sql.execute(f"CREATE TEMP VIEW delivered AS {generation.live_events}")
    for statement in _DICTIONARIES:
        sql.execute(statement)
    sql.execute(_PEOPLE)
    sql.execute(_WHO)
    sql.execute(CODED_TABLE.format(schema="store"))
    sql.execute(_coded(sql))
    rows = {name: _count(sql, f"store.{name}") for name in TABLES}
    if rows["coded"] != _count(sql, "delivered"):
        raise LakeDamaged(f"{generation.id} has events of people who are not in it.")
    return rows


def _count(sql: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(sql.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608 - ours


def _coded(sql: duckdb.DuckDBPyConnection) -> str:
    """The statement that fills the large table."""
    units = _names(sql, "SELECT name FROM store.units ORDER BY unit")
    sources = _names(sql, "SELECT name FROM store.sources ORDER BY source")
    numbered = {"unit": units, "source": sources, "setting": list(SETTINGS)}
    numbers = ", ".join(f"{_position(name, known)} AS {name}" for name, known in numbered.items())
    rows = f"{_ROW.format(numbers=numbers, episode=0)} FROM delivered e {_JOINS}"
    if sql.execute("SELECT 1 FROM delivered WHERE episode <> '' LIMIT 1").fetchall():
        sql.execute(_EPISODES)
        rows = (
            f"{rows} WHERE e.episode = '' UNION ALL "
            f"{_ROW.format(numbers=numbers, episode='a.number')} FROM delivered e {_JOINS} "
            "JOIN episodes a USING (nhs_number, source, episode)"
        )
    return _SORTED.format(rows=rows)


def _names(sql: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [name for (name,) in sql.execute(query).fetchall()]


def _position(column: str, known: Sequence[str]) -> str:
    """The number of a word in a short list: DuckDB asks once for each word, not for each row."""
    small = "SMALLINT" if column != "setting" else "TINYINT"
    return f"(list_position([{', '.join(map(quoted, known))}], e.{column}) - 1)::{small}"


_DICTIONARIES = (
    """
CREATE TABLE store.codes AS
SELECT (row_number() OVER (ORDER BY system, code) - 1)::INTEGER AS code, system,
       code AS written, term
FROM (SELECT system, code, max(term) AS term FROM delivered GROUP BY ALL)
ORDER BY 1
""",
    """
CREATE TABLE store.units AS
SELECT (row_number() OVER (ORDER BY name) - 1)::SMALLINT AS unit, name
FROM (SELECT unit AS name FROM delivered UNION SELECT '') ORDER BY 1
""",
    """
CREATE TABLE store.sources AS
SELECT (row_number() OVER (ORDER BY name) - 1)::SMALLINT AS source, name
FROM (SELECT source AS name FROM delivered UNION SELECT source FROM delivered_people) ORDER BY 1
""",
    """
CREATE TABLE store.practices AS
SELECT (row_number() OVER (ORDER BY code) - 1)::SMALLINT AS practice, code
FROM (SELECT practice_code AS code FROM delivered_people UNION SELECT '') ORDER BY 1
""",
)
_PEOPLE = f"""
CREATE TABLE store.people AS
SELECT (row_number() OVER (ORDER BY p.nhs_number) - 1)::INTEGER AS person, p.nhs_number,
       p.birth_date AS born, p.birth_precision,
       coalesce(list_position({list(SEXES)!r}, p.sex) - 1, 9)::TINYINT AS sex,
       r.practice, p.registered_on, p.left_on, coalesce(p.deceased, false) AS is_dead,
       p.deceased_on AS died_on, coalesce(p.opted_out, false) AS objected, p.care_home,
       coalesce(a.decile, 0)::TINYINT AS decile, s.source
FROM delivered_people p
JOIN store.practices r ON r.code = p.practice_code JOIN store.sources s ON s.name = p.source
LEFT JOIN areas a ON a.lsoa = p.lsoa AND p.lsoa <> ''
ORDER BY p.nhs_number
"""  # noqa: S608 - words of our own
# A day as the number yyyymmdd: the difference of two, over 10,000, is whole years. Of somebody
# whose birth is not known, every age comes out below nought, and is written as 0.
_WHO = """
CREATE TEMP TABLE who AS
SELECT nhs_number, person,
       coalesce(year(born) * 10000 + month(born) * 100 + day(born), 99999999)::INTEGER AS born
FROM store.people
"""
_EPISODES = """
CREATE TEMP TABLE episodes AS
SELECT nhs_number, source, episode,
       (row_number() OVER (PARTITION BY nhs_number ORDER BY source, episode))::INTEGER AS number
FROM (SELECT DISTINCT nhs_number, source, episode FROM delivered WHERE episode <> '')
"""
CODED_TABLE = """
CREATE TABLE {schema}.coded (
  code INTEGER USING COMPRESSION rle,
  person INTEGER USING COMPRESSION bitpacking,
  "on" DATE USING COMPRESSION bitpacking,
  value DOUBLE USING COMPRESSION alp,
  unit SMALLINT USING COMPRESSION rle,
  source SMALLINT USING COMPRESSION rle,
  setting TINYINT USING COMPRESSION rle,
  episode INTEGER USING COMPRESSION bitpacking,
  age UTINYINT USING COMPRESSION bitpacking
)
"""
_JOINS = (
    "JOIN who p USING (nhs_number) JOIN store.codes c ON (c.system, c.written) = (e.system, e.code)"
)
_ROW = f"""
SELECT (c.code::BIGINT << {DAY_BITS + PERSON_BITS}) | (p.person::BIGINT << {DAY_BITS})
         | (e."on" - {FIRST_DAY}) AS place,
       e.value, {{numbers}}, {{episode}}::INTEGER AS episode,
       greatest(0, least(255, (year(e."on") * 10000 + month(e."on") * 100 + day(e."on")
                               - p.born) // 10000))::UTINYINT AS age
"""
_SORTED = f"""
INSERT INTO store.coded
SELECT (place >> {DAY_BITS + PERSON_BITS})::INTEGER,
       ((place >> {DAY_BITS}) & {(1 << PERSON_BITS) - 1})::INTEGER,
       {FIRST_DAY} + (place & {(1 << DAY_BITS) - 1})::INTEGER,
       value, unit, source, setting, episode, age
FROM ({{rows}}) ORDER BY place
"""  # noqa: S608 - a statement of our own
