"""Make a PostgreSQL server ready: our roles, our database, who may do what in it."""

import secrets
from collections.abc import Mapping
from contextlib import suppress

import psycopg
from psycopg import Connection, errors, sql

from openprotect.base.isolation import APP, DEFINER, IMPORT, OWNER

LOGINS = (OWNER, APP, IMPORT)
OLDEST = 15
LOCK = 0x0937C7  # any number, the same in every process
MAINTENANCE = ("postgres", "template1")
VAULT = "openprotect_roles"  # a database of passwords, for homes that share one server
Parts = Mapping[str, str]


class CannotUse(Exception):
    """This server cannot serve us; the message says why in one line, without a password."""


def provision(admin: Parts, name: str, *, with_passwords: bool) -> dict[str, str]:
    """Make roles and database unless they are there; return the passwords of our logins.

    Several installations and the tests may share one server, whose roles are common to all. So
    passwords are made once for a server and kept on it, where only the account that provisions
    can read them, and no installation ever changes what another one uses.
    """
    with maintenance(admin) as connection:
        _check_server(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        passwords = _passwords(connection, admin) if with_passwords else {}
        for role in (*LOGINS, DEFINER):
            _make_role(connection, role, passwords.get(role))
        _join_roles(connection)
        _make_database(connection, name)
        with _connect(admin, name) as inside:
            _share_out(inside, name)
    return passwords


def grant_database(connection: Connection, name: str) -> None:
    """Our roles, and nobody else's, may connect to a database."""
    logins = sql.SQL(", ").join(map(sql.Identifier, LOGINS))
    database = sql.Identifier(name)
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {logins}",
        "GRANT CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
    ):
        connection.execute(
            sql.SQL(statement).format(database=database, logins=logins, owner=sql.Identifier(OWNER))
        )


def maintenance(admin: Parts) -> Connection:
    """Connect where every server lets an administrator in; always the same place, for the lock."""
    for name in (*MAINTENANCE, admin.get("dbname", "")):
        with suppress(errors.InsufficientPrivilege, errors.InvalidCatalogName):
            return _connect(admin, name)
    raise CannotUse("The database account may not connect to the database postgres.")


def _connect(admin: Parts, name: str) -> Connection:
    try:
        return psycopg.connect(
            **{**admin, "dbname": name, "connect_timeout": "10"},  # type: ignore[arg-type]
            autocommit=True,
        )
    except (errors.InsufficientPrivilege, errors.InvalidCatalogName):
        raise
    except psycopg.OperationalError as why:
        said = [line for line in str(why).splitlines() if "failed: " in line]
        reason = (said or [str(why).strip()])[-1].rsplit("failed: ", 1)[-1]
        where = f"{admin.get('host', 'this machine')}:{admin.get('port', '5432')}"
        raise CannotUse(f"The database server at {where} cannot be used: {reason}") from None


def _check_server(connection: Connection) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        raise CannotUse(f"PostgreSQL {version} is too old: {OLDEST} or newer is needed.")
    row = connection.execute(
        "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles"
        " WHERE rolname = current_user"
    ).fetchone()
    if not row or not row[0]:
        raise CannotUse(
            "The account in OPENPROTECT_DATABASE_URL may not create roles and databases:"
            " give it CREATEROLE and CREATEDB, or set"
            " OPENPROTECT_APP_URL and OPENPROTECT_OWNER_URL."
        )


def _passwords(connection: Connection, admin: Parts) -> dict[str, str]:
    """Read the passwords of our logins from the vault, which is made on first use."""
    _make_database(connection, VAULT)
    connection.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(VAULT))
    )
    with _opened_vault(admin) as vault:
        vault.execute(
            "CREATE TABLE IF NOT EXISTS login (role text PRIMARY KEY, password text NOT NULL)"
        )
        for role in LOGINS:
            made = vault.execute(
                "INSERT INTO login VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING password",
                [role, secrets.token_urlsafe(24)],
            ).fetchone()
            if made and _exists(connection, "pg_roles", "rolname", role):
                _set_password(connection, role, made[0])
        return dict(vault.execute("SELECT role, password FROM login").fetchall())


def _opened_vault(admin: Parts) -> Connection:
    try:
        return _connect(admin, VAULT)
    except errors.InsufficientPrivilege:
        raise CannotUse(
            "Another account made our roles on this server: use that one, or set"
            " OPENPROTECT_APP_URL and OPENPROTECT_OWNER_URL."
        ) from None


def _make_role(connection: Connection, role: str, password: str | None) -> None:
    if _exists(connection, "pg_roles", "rolname", role):
        return
    login = "NOLOGIN" if role == DEFINER else "LOGIN"
    connection.execute(
        sql.SQL("CREATE ROLE {} NOINHERIT NOCREATEROLE NOCREATEDB " + login).format(
            sql.Identifier(role)
        )
    )
    if password:
        _set_password(connection, role, password)


def _set_password(connection: Connection, role: str, password: str) -> None:
    """Only the verifier is sent: a server that logs its statements must not log a password."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _join_roles(connection: Connection) -> None:
    """The owner may hand functions to the definer; whoever provisions may act for the owner."""
    since_16 = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
    me = connection.info.user
    for granted, to in ((DEFINER, OWNER), (OWNER, me)):
        row = connection.execute(
            "SELECT pg_has_role(%s, %s, %s)", [to, granted, "SET" if since_16 else "MEMBER"]
        ).fetchone()
        if row and not row[0]:
            connection.execute(
                sql.SQL("GRANT {} TO {}" + since_16).format(
                    sql.Identifier(granted), sql.Identifier(to)
                )
            )


def _make_database(connection: Connection, name: str) -> None:
    if not _exists(connection, "pg_database", "datname", name):
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )


def _share_out(inside: Connection, name: str) -> None:
    """The owner makes tables, the definer's functions may live beside them, others look."""
    grant_database(inside, name)
    roles = {"owner": OWNER, "app": APP, "imports": IMPORT, "definer": DEFINER}
    named = {key: sql.Identifier(role) for key, role in roles.items()}
    owned = inside.execute(
        "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'"
    ).fetchone()
    statements = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}, {imports}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {definer}",
    ]
    with inside.transaction():
        if owned != (OWNER,):
            inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {owner}").format(**named))
        inside.execute(sql.SQL("SET LOCAL ROLE {owner}").format(**named))
        for statement in statements:
            inside.execute(sql.SQL(statement).format(**named))


def _exists(connection: Connection, table: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return connection.execute(query, [name]).fetchone() is not None
