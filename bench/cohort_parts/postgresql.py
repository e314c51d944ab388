"""The task in PostgreSQL: our own binaries, in a cluster that is loaded for it, then deleted."""

import time
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa

from bench.cohort_parts import machine, task
from bench.cohort_parts.answer import SCHEMA
from bench.cohort_parts.engine import Engine
from bench.cohort_parts.sql import whole
from openprotect.base.postgres import LocalPostgres
from openprotect.base.postgres.server import SUPERUSER

# What a careful administrator gives a server of this size that does nothing else. No write-ahead
# log is kept of the load, which is the quickest way in.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "jit": "off",
    "autovacuum": "off",
}
TABLES = """
CREATE TABLE people (person integer PRIMARY KEY, nhs_number text, born date, practice smallint,
  registered_on date, left_on date, is_dead boolean, died_on date);
CREATE TABLE practices (practice smallint PRIMARY KEY, code text);
CREATE TABLE codes (code integer PRIMARY KEY, system text, written text);
CREATE TABLE coded (code integer, person integer, "on" date, value double precision);
CREATE TABLE listed (list integer, system text, code text);
CREATE TABLE asked (list integer, since date, low double precision, high double precision);
"""
INDEXES = (
    'CREATE INDEX coded_covering ON coded (code) INCLUDE (person, "on", value)',
    "CREATE UNIQUE INDEX codes_written ON codes (system, written)",
    "VACUUM (ANALYZE)",
)
# Numbers for people, practices and codes, made while reading what was delivered.
NUMBERED = """
CREATE TABLE practices AS SELECT (row_number() OVER (ORDER BY code) - 1)::SMALLINT AS practice, code
  FROM (SELECT DISTINCT practice_code AS code FROM delivered_people);
CREATE TABLE people AS SELECT (row_number() OVER (ORDER BY nhs_number) - 1)::INTEGER AS person,
    nhs_number, birth_date AS born, practice, registered_on, left_on, deceased AS is_dead,
    deceased_on AS died_on
  FROM delivered_people JOIN practices ON code = practice_code;
CREATE TABLE codes AS SELECT (row_number() OVER (ORDER BY system, written) - 1)::INTEGER AS code, *
  FROM (SELECT DISTINCT system, code AS written FROM delivered);
"""
EVENTS = """
SELECT c.code, p.person, e."on", e.value FROM '{file}' e
JOIN people p USING (nhs_number) JOIN codes c ON c.system = e.system AND c.written = e.code
"""


class Postgres(Engine):
    name, title = "postgresql", "PostgreSQL, covering index on code, mask plan"
    reads = "its own tables"

    def open(self):
        self.home = Path(self.spec.home)
        self.server = LocalPostgres(self.home, SETTINGS)
        self.server.start()
        try:
            began = time.perf_counter()
            self._load()
            self.prepared = time.perf_counter() - began
            self.server.stop()  # an empty cache of its own, before the first run
            self.bytes = sum(each.stat().st_size for each in self.files())
            machine.forget(self.files())
            self.server.start()
        except BaseException:
            self.server.destroy()
            raise
        self.root = int((self.server.cluster / "postmaster.pid").read_text().split()[0])
        self.connection = self._connect()

    def files(self):
        base = self.server.cluster / "base"
        return [each for each in base.rglob("*") if each.is_file()]

    def run(self):
        with self.connection.cursor() as cursor:
            cursor.execute(whole())
            rows = cursor.fetchall()
        return pa.table(
            {
                field.name: pa.array(column, field.type)
                for field, column in zip(SCHEMA, zip(*rows, strict=True), strict=True)
            }
        )

    def more_cpu(self):
        return machine.cpu_of_tree(self.root)

    def more_memory(self):
        return machine.memory_now(self.root)

    def close(self):
        self.connection.close()
        self.server.destroy()

    def _connect(self):
        return psycopg.connect(
            host=str(self.server.socket_directory),
            user=SUPERUSER,
            dbname="postgres",
            autocommit=True,
        )

    def _load(self):
        with self._connect() as connection, duckdb.connect() as sql:
            for name, paths in (
                ("delivered", self.spec.events),
                ("delivered_people", self.spec.people),
            ):
                files = ", ".join(f"'{path}'" for path in paths)
                sql.execute(f"CREATE VIEW {name} AS FROM read_parquet([{files}])")
            sql.execute(NUMBERED)
            # Rows of a table made in the same transaction need no log.
            with connection.transaction():
                connection.execute(TABLES)
                for name in ("people", "practices", "codes"):
                    self._copy(sql, f"FROM {name}", connection, name)
                for file in self.spec.events:
                    self._copy(sql, EVENTS.format(file=file), connection, "coded")
                _copy_rows(connection, "listed", task.listed_codes())
                _copy_rows(connection, "asked", task.asked())
            for statement in INDEXES:
                connection.execute(statement)

    def _copy(self, sql, query, connection, table):
        """By way of a file, a part at a time: one reads and the other writes."""
        draft = self.home / "draft.csv"
        sql.execute(f"COPY ({query}) TO '{draft}' (HEADER false)")
        with (
            draft.open("rb") as file,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy,
        ):
            while data := file.read(1 << 20):
                copy.write(data)
        draft.unlink()


def _copy_rows(connection, table, rows):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
