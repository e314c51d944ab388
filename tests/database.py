"""The suite's own database: migrated once, then copied, and always used as the application role."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import errors, sql

from openprotect.accounts.actions import install_worker
from openprotect.base.isolation import APP
from openprotect.config import databases, environment, migrations, provision
from openprotect.config.databases import Server
from tests import shipped
from tests.putting_back import Baseline

CHECKOUT = Path(__file__).parents[1]
WORKER_KEY = bytes(range(32))
BUILDING = 0x0937C8  # locks: one process at a time builds the template,
RUNNING = 0x0937C9  # and a run holds its own number while it lives
TEMPLATES_KEPT = 3


class SuiteDatabase:
    """One run's copy of a migrated template, on a server where other runs may be under way."""

    current: "SuiteDatabase | None" = None
    wanted_role = APP

    def __init__(self, server: Server, admin: psycopg.Connection) -> None:
        self.server, self.admin = server, admin
        _let_end_others(admin)
        self.template = f"openprotect_template_{_fingerprint(admin)}"
        number = secrets.randbelow(2**31)
        admin.execute("SELECT pg_advisory_lock(%s, %s)", [RUNNING, number])
        self.name = f"openprotect_test_{number}"
        self.baseline: Baseline | None = None

    def build_template(self) -> None:
        """Migrate an empty database as the owner, unless one with the same migrations is kept."""
        self.admin.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        if not self._exists(self.template):
            fresh = f"{self.template}_new"
            self._drop(fresh)
            provision.provision(
                self.server.admin, fresh, with_passwords=_has_passwords(self.server)
            )
            _point_django(databases.renamed(self.server, fresh), APP)
            migrations.apply()
            a_year_ago = datetime.now(UTC) - timedelta(days=365)
            install_worker(WORKER_KEY, at=a_year_ago)
            shipped.publish(at=a_year_ago, using="owner")
            connections.close_all()
            self._run("ALTER DATABASE {} RENAME TO {}", fresh, self.template)
            self._forget_old_templates()
        self.admin.execute("SELECT pg_advisory_unlock(%s)", [BUILDING])

    def renew(self) -> None:
        """As the template is, however the last test left this copy."""
        connections.close_all()
        if self.baseline is None or not self.baseline.restore():
            self._copy()
            self.baseline = Baseline(self._above())

    def _above(self) -> psycopg.Connection:
        """The account above all roles, in this copy."""
        return psycopg.connect(**{**self.server.admin, "dbname": self.name}, autocommit=True)

    def _copy(self) -> None:
        """A fresh copy of the template."""
        if self.baseline:
            self.baseline.above.close()
        self._drop(self.name)
        try:
            self._run("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        except errors.InvalidCatalogName:  # a run of other code swept our template meanwhile
            self.build_template()
            self._run("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        provision.grant_database(self.admin, self.name)

    def log_in_as(self, role: str) -> None:
        """Make this the role of `default`, until told otherwise."""
        self.role = role
        connections.close_all()
        _point_django(self.here, role)

    @property
    def here(self) -> Server:
        return databases.renamed(self.server, self.name)

    def drop(self) -> None:
        connections.close_all()
        if self.baseline:
            self.baseline.above.close()
        self._drop(self.name)

    def sweep(self) -> None:
        """Drop what killed runs left behind."""
        rows = self.admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^openprotect_test_[0-9]+$'"
        ).fetchall()
        for (name,) in rows:
            number = int(name.rsplit("_", 1)[1])
            if name != self.name and self._try_lock(number):
                self._drop(name)
                self.admin.execute("SELECT pg_advisory_unlock(%s, %s)", [RUNNING, number])

    def _forget_old_templates(self) -> None:
        """Keep those of the last few sets of migrations, for a change of branch."""
        rows = self.admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^openprotect_template_'"
            " ORDER BY oid DESC OFFSET %s",
            [TEMPLATES_KEPT],
        ).fetchall()
        for (name,) in rows:
            self._drop(name)

    def _try_lock(self, number: int) -> bool:
        return self.admin.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", [RUNNING, number]
        ).fetchone()[0]

    def _exists(self, name: str) -> bool:
        found = self.admin.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        self.admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def suite_database(server: Server) -> Iterator[SuiteDatabase]:
    """A migrated database of this run alone, dropped at its end."""
    with provision.maintenance(server.admin) as admin:
        made = SuiteDatabase(server, admin)
        made.sweep()
        made.build_template()
        made.renew()
        made.log_in_as(SuiteDatabase.wanted_role)
        SuiteDatabase.current = made
        yield made
        SuiteDatabase.current = None
        made.drop()


def process_environment(server: Server) -> dict[str, str]:
    """What a process of its own needs in its environment to use this run's database."""
    return {
        environment.PREFIX + databases.OWN_URLS[role]: databases.url(login)
        for role, login in server.logins.items()
    }


def _let_end_others(admin: psycopg.Connection) -> None:
    """Dropping a database ends the connections to it, which needs the rights of who made them."""
    if not admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = user").fetchone()[0]:
        rights = "" if admin.info.server_version < 160000 else " WITH INHERIT TRUE"
        admin.execute(f"GRANT {', '.join(provision.LOGINS)} TO CURRENT_USER{rights}")


def _point_django(server: Server, role: str) -> None:
    """Change where Django's connections lead, in every thread, before they are made."""
    for alias, wanted in databases.django_databases(server, role).items():
        connections.databases[alias].update(
            {key: wanted[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD", "OPTIONS")}
        )


def _has_passwords(server: Server) -> bool:
    return server.local is None


def _fingerprint(admin: psycopg.Connection) -> str:
    """Changes whenever what a migrated database holds could change."""
    digest = hashlib.sha256(str(admin.info.server_version).encode())
    package = CHECKOUT / "openprotect"
    packed = CHECKOUT.glob("packs/**/*")
    migrations = package.glob("*/migrations/**/*")
    sources = sorted(path for path in (*migrations, *packed) if path.is_file())
    for path in [*sources, package / "base" / "isolation.py", CHECKOUT / "requirements.lock"]:
        if path.suffix != ".pyc":
            digest.update(str(path.relative_to(CHECKOUT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
