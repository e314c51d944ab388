"""Row security as migrations: who may read and write which rows is PostgreSQL's business.

Every table about a person is protected with FORCE, so that even its owner sees nothing. Three
roles are named in policies: the application, which sees what the session in hand may see; the
import role, which writes people and cohorts; and the definer, which no one can log in as and
which owns the look-up functions that policies call.
"""

from django.db.migrations import RunSQL

APP, IMPORT, DEFINER, OWNER = (
    "openprotect_app",
    "openprotect_import",
    "openprotect_definer",
    "openprotect_owner",
)


def grant(table: str, *, app: str = "SELECT", imports: str = "", definer: str = "SELECT") -> RunSQL:
    """What each role may do with a table at all; row security narrows it further."""
    rights = ((APP, app), (IMPORT, imports), (DEFINER, definer))
    return RunSQL(
        [f"GRANT {right} ON {table} TO {role}" for role, right in rights if right], RunSQL.noop
    )


def protect(
    table: str,
    *,
    see: str,
    add: str | None = None,
    change: str | None = None,
    imports: bool = False,
    owner: bool = False,
) -> RunSQL:
    """Row security, forced: the application sees, adds and changes only rows that satisfy these.

    `see`, `add` and `change` are SQL conditions over the row. None forbids. `imports` opens the
    table to the import role, `owner` to the role that runs migrations (never for patients' tables).
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY app_see ON {table} FOR SELECT TO {APP} USING ({see})",
        f"CREATE POLICY definer_all ON {table} TO {DEFINER} USING (true) WITH CHECK (true)",
    ]
    if add:
        statements.append(
            f"CREATE POLICY app_add ON {table} FOR INSERT TO {APP} WITH CHECK ({add})"
        )
    if change:
        statements.append(
            f"CREATE POLICY app_change ON {table} FOR UPDATE TO {APP} USING ({change})"
        )
    if imports:
        statements.append(
            f"CREATE POLICY import_all ON {table} TO {IMPORT} USING (true) WITH CHECK (true)"
        )
    if owner:
        statements.append(
            f"CREATE POLICY owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)"
        )
    return RunSQL([*statements], RunSQL.noop)


def anchor(table: str, *columns: str) -> RunSQL:
    """These columns never change: no update may turn a row to somebody else.

    Whoever may change a row, such as a call handler a call, could otherwise make anybody theirs.
    """
    changed = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)
    return RunSQL(
        f"CREATE TRIGGER anchored BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN ({changed}) EXECUTE FUNCTION stay_about_one_person()",
        RunSQL.noop,
    )


def definer(
    signature: str, returns: str, body: str, *, volatile: bool = False, to: str = APP
) -> RunSQL:
    """A look-up function that runs as the definer, with a pinned search path.

    Written in PL/pgSQL, whose tables are found when it runs, so that it may name later ones.
    """
    name = signature.split("(")[0]
    kind = "VOLATILE" if volatile else "STABLE"
    kinds = ", ".join(
        part.split("DEFAULT")[0].strip().split(" ", 1)[1]
        for part in signature.split("(", 1)[1].rstrip(")").split(",")
        if part.strip()
    )
    made = (
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql {kind}"
        " SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
        f" AS $body${body}$body$"
    )
    return RunSQL(
        [
            made,
            f"REVOKE ALL ON FUNCTION {name}({kinds}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name}({kinds}) TO {to}, {DEFINER}",
            # Last of all: what it no longer owns, the migrating role can no longer share out.
            f"ALTER FUNCTION {name}({kinds}) OWNER TO {DEFINER}",
        ],
        RunSQL.noop,
    )
