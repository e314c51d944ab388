from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections, transaction

from openprotect.base.isolation import DEFINER, OWNER
from tests import given
from tests.isolation.world import World


@contextmanager
def acting_in_the_database_as(role, own_database):
    """As one of our roles that nobody logs in as here; the account need not be a superuser."""
    server = own_database.here
    admin = {**server.admin, "dbname": server.name}
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}")
        yield connection


@pytest.fixture
def past_row_security(own_database):
    """Reads every row: what the look-up functions see."""
    with acting_in_the_database_as(DEFINER, own_database) as connection:
        yield connection


@pytest.fixture
def owner(own_database):
    """May change tables and rights, as migrations do."""
    with acting_in_the_database_as(OWNER, own_database) as connection:
        yield connection


@pytest.fixture(scope="session")
def made_before():
    """The world and what the database then held, once it has been made."""
    return []


@pytest.fixture(scope="module")
def world(own_database, django_db_setup, django_db_blocker, made_before):
    """The world, committed once for a module; each test looks in a transaction of its own."""
    with django_db_blocker.unblock():
        if made_before:
            made, contents = made_before
            own_database.baseline.put(contents)
        else:
            made = _made(own_database)
            made_before += [made, own_database.baseline.contents()]
        yield made
    with django_db_blocker.unblock():
        own_database.renew()


def _made(own_database):
    with given.as_worker(), transaction.atomic():
        made = World()
    with acting_in_the_database_as(OWNER, own_database) as owner:
        made.complete(owner)
    with acting_in_the_database_as(DEFINER, own_database) as reader:
        made.note_the_rest(reader)
    connections.close_all()
    return made
