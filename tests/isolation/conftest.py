import psycopg
import pytest
from django.db import connections, transaction

from tests import given
from tests.isolation.world import World


@pytest.fixture(scope="module")
def world(own_database, django_db_setup, django_db_blocker):
    """The world, committed once for a module; each test looks in a transaction of its own."""
    server = own_database.here
    admin = {**server.admin, "dbname": server.name}
    with django_db_blocker.unblock(), psycopg.connect(**admin, autocommit=True) as administrator:
        with given.as_worker(), transaction.atomic():
            made = World()
        made.complete(administrator)
        connections.close_all()
        yield made
    with django_db_blocker.unblock():
        own_database.renew()
