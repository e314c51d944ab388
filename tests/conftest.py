"""What every test stands on: a database used as the application role, and a scratch home."""

import os
import sys
from dataclasses import replace
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
os.environ["OPENPROTECT_HOME"] = str(
    Path(os.environ.get("OPENPROTECT_HOME") or CHECKOUT / "var") / "test"
)
os.environ["OPENPROTECT_MODE"] = "demo"
os.environ["DJANGO_SETTINGS_MODULE"] = "openprotect.config.settings"
# How much some tests try; the service refuses names that it does not know, so it never sees them.
TRIED = {
    f"OPENPROTECT_{each}": os.environ.pop(f"OPENPROTECT_{each}")
    for each in ("HALF_WAY", "MUTATIONS", "RACES", "SEED", "STEPS")
    if f"OPENPROTECT_{each}" in os.environ
}

import django
import psycopg
import pytest
from django.conf import settings as django_settings

django_settings.STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True
django.setup()
os.environ.update(TRIED)

from django.test import TransactionTestCase

from openprotect.base.isolation import APP, IMPORT
from openprotect.config import databases
from tests import given, sizes
from tests.database import SuiteDatabase, process_environment, suite_database
from tests.listening import logged_lines, personal

FIRST = "tests/test_role.py"


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="proofs at their full counts: hours")


def pytest_configure(config):
    sizes.is_full = config.getoption("--full")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """The suite proves nothing about row security unless its own role is bound by it: ask first.

    What is slow begins before the rest, so that no worker is left alone with it in the end.
    """
    items.sort(
        key=lambda item: (not item.nodeid.startswith(FIRST), not item.get_closest_marker("slow"))
    )
    left_out = [] if sizes.is_full else [each for each in items if each.get_closest_marker("full")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [each for each in items if each not in left_out]


@pytest.fixture(scope="session")
def own_database(django_test_environment, django_db_blocker):
    with (
        databases.running() as server,
        django_db_blocker.unblock(),
        suite_database(server) as made,
    ):
        yield made


@pytest.fixture(scope="session")
def django_db_setup(own_database, django_db_blocker):
    """In place of Django's own: migrated by the owner, used by the application."""
    emptied = TransactionTestCase._fixture_teardown

    def renew(case):
        """The application may not empty tables; a fresh copy also has what migrations wrote."""
        own_database.renew()

    TransactionTestCase._fixture_teardown = renew
    with django_db_blocker.unblock():
        yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test marked import_role runs as the role of imports and cohort runs."""
    wanted = IMPORT if item.get_closest_marker("import_role") else APP
    current, SuiteDatabase.wanted_role = SuiteDatabase.current, wanted
    if current and current.role != wanted:
        current.log_in_as(wanted)


@pytest.fixture
def processes(own_database):
    """The environment for processes that a test starts, on this run's database."""
    return {**os.environ, **process_environment(own_database.here)}


@pytest.fixture
def administrator(own_database):
    """The account above all roles, to look past row security at what has been committed."""
    server = own_database.here
    with psycopg.connect(**{**server.admin, "dbname": server.name}, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def demonstration(own_database):
    """A demonstration for a module's tests: its clock can be moved, which each test undoes."""
    server = own_database.here
    with psycopg.connect(**{**server.admin, "dbname": server.name}, autocommit=True) as above:
        above.execute("UPDATE governance_installation SET is_demonstration = true")
        yield
        above.execute("UPDATE governance_installation SET is_demonstration = false")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own for each test: lake, outbox and other files."""
    settings.OPENPROTECT = replace(settings.OPENPROTECT, home=tmp_path)
    return tmp_path


@pytest.fixture
def say(request):
    """Tell a figure whatever is captured: it is what a promise is published with."""

    def line(text):
        request.node.user_properties.append(("told", str(text)))

    return line


def pytest_runtest_logreport(report):
    """Print the figures of a test where it is reported, also when a worker of xdist ran it."""
    if report.when == "call" and not os.environ.get("PYTEST_XDIST_WORKER"):
        for name, text in report.user_properties:
            if name == "told":
                sys.stdout.write(f"\n  {text}")


@pytest.fixture
def worker(db):
    """Arrange and look as the background worker: row security is on, and lets it see."""
    with given.as_worker():
        yield


@pytest.fixture
def worker_committing(transactional_db):
    """As `worker`, where everything is committed as it happens."""
    with given.as_worker():
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_personal_in_any_line():
    """Every line that the suite logs, as the service would write it, is read at the end."""
    with logged_lines() as lines:
        yield
    assert personal(lines) == []
