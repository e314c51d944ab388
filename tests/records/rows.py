"""People's rows as readers leave them for matching, and what SQL decides about them."""

from dataclasses import asdict
from datetime import date

import duckdb
import pyarrow as pa

from openprotect.records import lake
from openprotect.records.actions import deciding
from openprotect.records.rules.values import Kind, Person, Position, Row

ANN = Person(
    "4505577104", given="Ann", family="Ames", birth_date=date(1950, 4, 3), postcode="NR1 1AA"
)


def rows_of(readings):
    return [
        Row(Kind.PEOPLE, Position("p", at), person=person, outcome=outcome, reason=reason)
        for at, (person, (outcome, reason)) in enumerate(readings)
    ]


def incoming(rows, **more):
    """Rows as readers leave them for matching."""
    found = []
    for row in rows:
        person = row.person
        key = f"{row.position.file}|{person.subject}" if person.subject else person.nhs_number
        found.append(
            {
                "line": row.position.row, "who": key, "file": row.position.file,
                "row": row.position.row, "outcome": str(row.outcome or ""), "reason": row.reason,
                "asked": "", "partial": False, "released": False, **asdict(person), **more,
            }
        )  # fmt: skip
    return pa.Table.from_pylist(found, deciding.COMING)


def decided(coming, known=(), superseded=()):
    sql = duckdb.connect()
    sql.execute("SET TimeZone = 'UTC'")
    pairs = [{"old": old, "new": new} for old, new in superseded]
    sql.register("coming", coming)
    sql.register("known_people", lake.people_table(known))
    sql.register("known_superseded", pa.Table.from_pylist(pairs, deciding.PAIRS))
    deciding.decide(sql)
    return sql


def outcomes(sql):
    return sql.sql("SELECT line, outcome, reason FROM judged_people ORDER BY line").fetchall()


def renewed(sql):
    found = sql.table("renewed").to_arrow_table().to_pylist()
    return {row["nhs_number"]: Person(**row) for row in found}
