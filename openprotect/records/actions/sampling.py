"""A few of the people whom an import would add or change, as they would be and as they were.

They are chosen when it is matched and lie beside it, so that whoever decides about it needs no way
to the records themselves. Chosen by a digest, not by place in the file: no sender can foresee them.
"""

from pathlib import Path

import duckdb

from openprotect.records import lake

SAMPLES = "samples.parquet"
EACH = 20
COLUMNS = tuple(lake.PEOPLE_SCHEMA.names)


def write(sql: duckdb.DuckDBPyConnection, path: Path, *, seed: str) -> None:
    """From `judged_people`, `renewed` and `known_people`: twenty new ones and twenty changed."""
    target = str(path).replace("'", "''")
    sql.execute(f"COPY ({_CHOSEN.replace('$seed', seed)}) TO '{target}' (FORMAT parquet)")


_CHOSEN = f"""
WITH ranked AS (
  SELECT nhs_number, outcome,
         row_number() OVER (PARTITION BY outcome ORDER BY md5(nhs_number || '$seed')) AS place
  FROM judged_people WHERE outcome IN ('added', 'changed')
)
SELECT s.outcome, s.place, {", ".join(f"r.{name}::VARCHAR AS {name}" for name in COLUMNS)},
       {", ".join(f"k.{name}::VARCHAR AS was_{name}" for name in COLUMNS)}
FROM (FROM ranked WHERE place <= {EACH}) s
JOIN renewed r ON r.nhs_number = s.nhs_number
LEFT JOIN known_people k ON k.nhs_number = s.nhs_number
ORDER BY s.outcome, s.place
"""  # noqa: S608 - column names of our own
