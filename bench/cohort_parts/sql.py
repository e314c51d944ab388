"""The task in SQL, hand-written and tuned; and as a first version is written, one scan a clause."""

from pathlib import Path

import duckdb
import pyarrow as pa

from bench.cohort_parts import task
from bench.cohort_parts.engine import Engine

HERE = Path(__file__).parent
LISTED = ("list", "system", "code")
ASKED = ("list", "since", "low", "high")


def text(*names):
    """SQL files one after the other, their open words filled in."""
    return "".join((HERE / f"{name}.sql").read_text() for name in names).format(**task.sql_words())


def whole():
    """Scan, facts, masks, rules and days in one statement."""
    return f"WITH {text('facts', 'judged')}"


def columns(names, rows):
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


class Hand(Engine):
    """The limit: the best plan we know, written by hand, on the product's own store."""

    name, title = "hand", "hand-written, hand-tuned SQL, DuckDB, code-sorted store"

    def open(self):
        self.sql = duckdb.connect(self.database(), read_only=self.reads == "store")
        for name, names, rows in (
            ("listed", LISTED, task.listed_codes()),
            ("asked", ASKED, task.asked()),
        ):
            self.sql.register("given", columns(names, rows))
            self.sql.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given")
        self.statement = text("hand")

    def database(self):
        return str(self.spec.store.database)

    def run(self):
        return self.sql.sql(self.statement).to_arrow_table()


class Scans(Hand):
    """Each clause asks the delivered files again."""

    name, title = "scans", "one scan a clause, DuckDB, Parquet as delivered"
    reads = "delivered"

    def database(self):
        return ":memory:"

    def open(self):
        super().open()
        for name, paths in (("events", self.spec.events), ("delivered", self.spec.people)):
            files = ", ".join(f"'{path}'" for path in paths)
            self.sql.execute(f"CREATE VIEW {name} AS FROM read_parquet([{files}])")
        self.sql.execute(text("people_of_parquet"))
        self.clause = (HERE / "scans.sql").read_text()
        self.rest = f"WITH {text('facts_of_clauses', 'judged')}"

    def run(self):
        for number, since, low, high in task.asked():
            believed = "" if low is None else f"AND value > {low} AND value < {high}"
            words = {"list": number, "since": f"DATE '{since}'", "believed": believed}
            self.sql.execute(self.clause.format(**words, **task.sql_words()))
        return self.sql.sql(self.rest).to_arrow_table()
