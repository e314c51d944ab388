"""Where a demonstration lives, and starting over; before any database is up."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from openprotect.base.refusals import Refused
from openprotect.config import databases, environment, provision

UNATTENDED = "unattended"
OURS = ("lake", "outbox", "logs", "static", "worker.key", UNATTENDED)


def prepare(words: Sequence[str]) -> None:
    """Choose the home and, where asked, forget the last demonstration.

    An unattended walk starts over each time, and never in the place of a visitor's own.
    """
    os.environ.setdefault("OPENPROTECT_MODE", "demo")
    if "--once" in words and _is_visited(environment.home()):
        os.environ["OPENPROTECT_HOME"] = str(environment.home() / "once")
        print(f"a demonstration is under way: this one is in {environment.home()}")
    if {"--once", "--fresh"}.intersection(words):
        start_over(environment.home())


def _is_visited(home: Path) -> bool:
    return (home / "worker.key").exists() and not (home / UNATTENDED).exists()


def start_over(home: Path) -> None:
    """Destroy a demonstration's database and files; a live installation is never touched."""
    if os.environ["OPENPROTECT_MODE"] != "demo":
        raise Refused("This is a live installation: there is nothing to start over.")
    server = databases.server(home)
    if server.local:
        server.local.destroy()
    elif server.admin:
        _drop(dict(server.admin), server.name)
    for name in OURS:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _drop(admin: dict[str, str], name: str) -> None:
    with provision.maintenance(admin) as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if row is None:
            return
        if not _is_demonstration(admin, name):
            raise Refused(f"The database {name} holds no demonstration: it is left alone.")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_demonstration(admin: dict[str, str], name: str) -> bool:
    with psycopg.connect(**{**admin, "dbname": name}) as inside:  # type: ignore[arg-type]
        try:
            row = inside.execute("SELECT is_demonstration FROM governance_installation").fetchone()
        except psycopg.errors.UndefinedTable:
            return False
    return bool(row and row[0])
