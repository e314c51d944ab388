"""What is wrong with a database, by its own catalogue; nothing, when it is as it should be."""

from openprotect.base.isolation import APP, DEFINER, IMPORT, OWNER
from tests.isolation.rights import OPEN, SEE_PAST, written_down

OURS = "relnamespace = 'public'::regnamespace"
LETTERS = {"SELECT": "s", "INSERT": "i", "UPDATE": "u", "DELETE": "d", "TRUNCATE": "t"}


def faults(connection):
    """Every fault of protection and rights, in words."""
    return [
        fault
        for check in (unprotected, open_to_all, see_through, functions, ownership, other_rights)
        for fault in check(lambda query, *values: connection.execute(query, values).fetchall())
    ]


def unprotected(ask):
    """Every table is protected, owner included, or is written down as naming nobody."""
    tables = ask(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        f" WHERE {OURS} AND relkind IN ('r', 'p') ORDER BY 1"
    )
    for table, is_enabled, is_forced in tables:
        if not (is_enabled and is_forced) and table not in OPEN:
            yield f"{table} is not protected"
    about = ask(
        "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        f" WHERE c.{OURS} AND c.relkind IN ('r', 'p') AND (a.attname IN ('person_id', 'nhs_number')"
        " OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'"
        "            AND k.confrelid = 'people_person'::regclass))"
    )
    yield from (
        f"{table} is about people, and written down as open" for (table,) in about if table in OPEN
    )


def open_to_all(ask):
    """No policy and no right is for everybody."""
    policies = ask(
        "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND NOT"
        " roles <@ %s::name[]",
        [APP, IMPORT, DEFINER, OWNER],
    )
    yield from (f"the policy {policy} of {table} is for others" for table, policy in policies)
    granted = ask(
        "SELECT relname FROM pg_class, aclexplode(relacl) a"
        f" WHERE {OURS} AND a.grantee = 0 ORDER BY 1"
    )
    yield from (f"{table} is granted to everybody" for (table,) in granted)


def see_through(ask):
    """No view sees with its owner's eyes, and nothing keeps a copy of rows."""
    views = ask(
        "SELECT relname, relkind FROM pg_class"
        f" WHERE {OURS} AND (relkind IN ('m', 'f') OR (relkind = 'v' AND NOT"
        " coalesce('security_invoker=true' = ANY (reloptions), false)))"
    )
    yield from (f"{view} is seen through" for view, _ in views)


def functions(ask):
    """Only known functions see past row security, each pinned down and owned by no login."""
    found = ask(
        "SELECT proname, pg_get_userbyid(proowner), proconfig,"
        " EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
        "         WHERE a.grantee = 0)"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    pinned = ["search_path=pg_catalog, public, pg_temp"]
    for name, owner, settings, for_all in found:
        if name not in SEE_PAST:
            yield f"{name}() sees past row security and is not written down"
        if (owner, settings, for_all) != (DEFINER, pinned, False):
            yield f"{name}() is not pinned down"
    yield from (f"{name}() is gone" for name in SEE_PAST - {each[0] for each in found})


def ownership(ask):
    """The application owns nothing and may make nothing, not even for a while."""
    owned = ask(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN (%s, %s, %s)",
        APP, IMPORT, DEFINER,
    )  # fmt: skip
    yield from (f"{name} belongs to a role that uses it" for (name,) in owned)
    for role in (APP, IMPORT):
        may = ask(
            "SELECT has_schema_privilege(%s, 'public', 'CREATE'),"
            " has_database_privilege(%s, current_database(), 'TEMPORARY'),"
            " has_database_privilege(%s, current_database(), 'CREATE')",
            role, role, role,
        )  # fmt: skip
        if any(may[0]):
            yield f"{role} may make tables"


def other_rights(ask):
    """Each role has the rights that are written down, no more and no less."""
    should, found = written_down(), rights(ask)
    for table in sorted(should.keys() | found.keys()):
        if should.get(table) != found.get(table):
            yield f"rights on {table}: {found.get(table)} instead of {should.get(table)}"
    columns = ask(
        "SELECT DISTINCT attrelid::regclass::text FROM pg_attribute, aclexplode(attacl)"
        f" WHERE attrelid IN (SELECT oid FROM pg_class WHERE {OURS})"
    )
    yield from (f"{table} has rights of single columns" for (table,) in columns)


def rights(ask):
    """By table: what the application, imports and the look-up functions may do."""
    held = ask(
        "SELECT c.relname, role, array_agg(what ORDER BY at) FILTER"
        "   (WHERE has_table_privilege(role, c.oid, what))"
        " FROM pg_class c, unnest(%s::text[]) AS role,"
        "   unnest(%s::text[]) WITH ORDINALITY AS whats(what, at)"
        f" WHERE c.{OURS} AND c.relkind IN ('r', 'p') GROUP BY 1, 2",
        [APP, IMPORT, DEFINER], list(LETTERS),
    )  # fmt: skip
    found = {}
    for table, role, whats in held:
        letters = "".join(LETTERS[each] for each in whats or []) or "-"
        found.setdefault(table, {})[role] = letters
    return {table: (by[APP], by[IMPORT], by[DEFINER]) for table, by in found.items()}
