"""Why this process may not serve: its database role, or the server, could break a promise."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from openprotect.config import migrations

OLDEST = 150000
# Every role that the login could act as, itself included.
POWERS = """
    SELECT role.rolname, role.rolsuper, role.rolbypassrls, role.rolcreaterole,
           EXISTS (SELECT FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace
                   WHERE s.nspname = 'public' AND t.relkind IN ('r', 'p', 'v', 'm')
                   AND t.relowner = role.oid)
    FROM pg_roles role WHERE pg_has_role(session_user, role.oid, 'MEMBER') ORDER BY role.rolname
"""
SERVER = """
    SELECT current_setting('fsync'), current_setting('full_page_writes'),
           current_setting('synchronous_commit'), current_setting('server_version_num')::int,
           timestamptz '2026-07-01 12:00 Europe/London' = timestamptz '2026-07-01 11:00 UTC',
           timestamptz '2026-12-01 12:00 Europe/London' = timestamptz '2026-12-01 12:00 UTC'
"""


class UnsafeDatabase(Exception):
    """The service must not run on this database with this role."""


def refuse_unsafe_database() -> None:
    """Raise with every reason at once, so that one visit to the server mends them all."""
    if reasons := unsafe():
        raise UnsafeDatabase("Refusing to serve. " + " ".join(reasons))


def refuse_outdated_tables() -> None:
    """Raise when the code has migrations that the database has not."""
    if missing := migrations.waiting():
        raise UnsafeDatabase(f"Refusing to serve. Run migrate first: {', '.join(missing)}.")


def unsafe() -> tuple[str, ...]:
    """Each reason not to serve, in a sentence."""
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        powers = cursor.fetchall()
        cursor.execute(SERVER)
        server = cursor.fetchone()
    return (*(reason for power in powers for reason in _of_role(*power)), *_of_server(*server))


def _of_role(
    name: str, is_super: bool, bypasses: bool, makes_roles: bool, owns: bool
) -> Sequence[str]:
    reasons = {
        "is a superuser": is_super,
        "bypasses row security": bypasses,
        "may create roles": makes_roles,
        "owns tables": owns,
    }
    return [f"The database role {name} {what}." for what, holds in reasons.items() if holds]


def _of_server(
    fsync: str, full_pages: str, commit: str, version: int, summer: bool, winter: bool
) -> Sequence[str]:
    reasons = {
        "fsync is off: what is acknowledged could be lost.": fsync != "on",
        "full_page_writes is off: a crash could corrupt tables.": full_pages != "on",
        "synchronous_commit is off: what is acknowledged could be lost.": commit == "off",
        "PostgreSQL is older than 15.": version < OLDEST,
        "The server's time zone data are wrong for Europe/London.": not (summer and winter),
    }
    return [why for why, holds in reasons.items() if holds]


@register(Tags.database)
def database_is_safe(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The same refusals as a Django check, for `openprotect check`."""
    if not databases or "default" not in databases:
        return []
    return [Error(why, id="openprotect.E001") for why in unsafe()]
