"""A copy of the template put back as it was, row by row: a tenth of the work of a new copy.

What a test commits is a few rows in a few tables. Those go, what the template had in them comes
back, and sequences return to their beginning. Whatever else was changed (a table, a policy, a
right, a function) is not put back but noticed: then the copy is made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
TABLES = f"""
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND {OURS} ORDER BY 1, 2
"""
SEQUENCES = f"""
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND {OURS} ORDER BY 1, 2
"""
# What can be changed besides rows. Each row of a catalogue carries the number of the transaction
# that wrote it, so that another sum means that something was made, changed or dropped.
SHAPE = "SELECT (SELECT datacl::text FROM pg_database WHERE datname = current_database()), "
SHAPE += ", ".join(
    f"(SELECT (count(*), sum(t.xmin::text::bigint))::text FROM {catalogue} t {condition})"
    for catalogue, condition in {
        "pg_class": f"JOIN pg_namespace n ON n.oid = t.relnamespace WHERE {OURS}",
        "pg_attribute": "JOIN pg_class c ON c.oid = t.attrelid"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}",
        "pg_namespace": "WHERE nspname !~ '^pg_(toast_)?temp_'",
        **dict.fromkeys(
            (
                "pg_proc", "pg_trigger", "pg_event_trigger", "pg_policy", "pg_constraint",
                "pg_index", "pg_attrdef", "pg_rewrite", "pg_sequence", "pg_default_acl",
                "pg_enum", "pg_extension", "pg_inherits", "pg_largeobject_metadata",
            ),
            "",
        ),
        "pg_db_role_setting": "WHERE setdatabase IN"
        " (SELECT oid FROM pg_database WHERE datname = current_database())",
    }.items()
)  # fmt: skip
FIRING_ALWAYS = "SELECT FROM pg_trigger WHERE tgenabled IN ('A', 'R') LIMIT 1"
END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
MANY = 2000  # rows that leave enough room behind to be worth giving back


@dataclass(frozen=True)
class Rows:
    """How many rows a table has, and which transaction wrote the newest of them."""

    count: int
    newest: int | None


@dataclass(frozen=True)
class Contents:
    """Whole tables, by their numbers, and how far each sequence had come."""

    rows: Mapping[int, bytes]
    reached: Mapping[int, tuple[int, bool]]


class Baseline:
    """A fresh copy as it was when this was made; `restore` makes it so again, if rows suffice."""

    def __init__(self, above: psycopg.Connection) -> None:
        self.above = above
        self.tables = [sql.Identifier(*row) for row in above.execute(TABLES).fetchall()]
        self.sequences = [sql.Identifier(*row) for row in above.execute(SEQUENCES).fetchall()]
        self._count_all = _union(
            "SELECT {number}, count(*), max(xmin::text::bigint) FROM {name}", self.tables
        )
        self._ask_all = _union("SELECT {number}, last_value, is_called FROM {name}", self.sequences)
        self.can_restore = _is_superuser(above) and not above.execute(FIRING_ALWAYS).fetchone()
        above.execute("SET session_replication_role = replica")
        self.shape, self.rows, self.reached = self._shape(), self._rows(), self._reached()
        self.kept = {number: self._copied(number) for number, at in self.rows.items() if at.count}

    def restore(self) -> bool:
        """Whether the copy is as it was; if not, make another."""
        self.above.execute(END_OTHERS)
        if not self.can_restore or self._shape() != self.shape:
            return False
        now = self._rows()
        changed = [number for number, rows in now.items() if rows != self.rows[number]]
        for number in changed:
            self._put(number, self.kept.get(number, b""))
            if now[number].count > MANY:
                self.above.execute(sql.SQL("VACUUM {}").format(self.tables[number]))
        self._wind(self.reached)
        if self.kept.keys() & changed:
            self.rows = self._rows()
        return True

    def contents(self) -> "Contents":
        """What the copy holds now otherwise than in the beginning."""
        now = self._rows()
        changed = [number for number, rows in now.items() if rows != self.rows[number]]
        return Contents({number: self._copied(number) for number in changed}, self._reached())

    def put(self, contents: "Contents") -> None:
        """Have it hold that again, once it is as in the beginning."""
        for number, rows in contents.rows.items():
            self._put(number, rows)
        self._wind(contents.reached)

    def _shape(self) -> tuple[str, ...]:
        return self.above.execute(SHAPE).fetchone()

    def _rows(self) -> Mapping[int, Rows]:
        found = self.above.execute(self._count_all).fetchall()
        return {number: Rows(count, newest) for number, count, newest in found}

    def _reached(self) -> Mapping[int, tuple[int, bool]]:
        found = self.above.execute(self._ask_all).fetchall()
        return {number: (value, is_called) for number, value, is_called in found}

    def _wind(self, reached: Mapping[int, tuple[int, bool]]) -> None:
        for number, now in self._reached().items():
            if now != reached[number]:
                name = self.sequences[number].as_string(self.above)
                self.above.execute("SELECT setval(%s, %s, %s)", [name, *reached[number]])

    def _copied(self, number: int) -> bytes:
        statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(self.tables[number])
        with self.above.cursor() as cursor, cursor.copy(statement) as rows:
            return b"".join(rows)

    def _put(self, number: int, rows: bytes) -> None:
        """These rows in the table, and no others."""
        self.above.execute(sql.SQL("DELETE FROM {}").format(self.tables[number]))
        if rows:
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(self.tables[number])
            with self.above.cursor() as cursor, cursor.copy(statement) as there:
                there.write(rows)


def _union(select: str, names: list[sql.Identifier]) -> sql.Composed:
    """One question about every one of them, answered with their numbers."""
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(select).format(number=sql.Literal(number), name=name)
        for number, name in enumerate(names)
    )


def _is_superuser(above: psycopg.Connection) -> bool:
    return above.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]
