"""Whatever a test commits or changes is gone before the next one begins."""

import psycopg
import pytest
from django.db import connection

from openprotect.events.models import Event
from tests import given
from tests.database import SuiteDatabase
from tests.putting_back import SHAPE, Baseline

CHANGED = [
    "CREATE TABLE left_behind ()",
    "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
    "DROP POLICY {policy} ON people_person",
    "GRANT DELETE ON people_person TO openprotect_app",
    "CREATE OR REPLACE FUNCTION may_do_all() RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "ALTER TABLE people_person DISABLE TRIGGER ALL",
    "ALTER TABLE people_person ADD left_behind int",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_what_a_test_commits_is_gone_in_the_next(turn, administrator):
    administrator.execute("CREATE TABLE left_behind ()")

    assert "left_behind" in connection.introspection.table_names()


@pytest.fixture
def copy(own_database):
    """Another copy of the template, which a test may spoil."""
    made = SuiteDatabase(own_database.server, own_database.admin)
    made.renew()
    yield made
    made.drop()


def contents(above, baseline):
    """Every row of every table, and how far every sequence is."""
    rows = {
        name.as_string(above): above.execute(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name.as_string(above)} t"
        ).fetchone()
        for name in baseline.tables
    }
    reached = [
        above.execute(f"SELECT last_value, is_called FROM {name.as_string(above)}").fetchone()
        for name in baseline.sequences
    ]
    return rows, reached


def test_rows_and_sequences_are_put_back_without_a_new_copy(copy):
    above, first = copy.baseline.above, copy.baseline
    before = contents(above, first)
    above.execute("DELETE FROM django_migrations WHERE app = 'people'")
    above.execute("UPDATE governance_installation SET is_demonstration = true")
    above.execute(
        "INSERT INTO events_event (name, subject_id, at, detail, attempts, try_at, problem)"
        " VALUES ('x', gen_random_uuid(), now(), '{}', 0, now(), '')"
    )
    assert contents(above, first) != before

    copy.renew()

    assert copy.baseline is first
    assert contents(above, first) == before
    copy.renew()
    assert contents(above, first) == before


@pytest.mark.parametrize("statement", CHANGED)
def test_a_copy_that_was_changed_otherwise_is_made_anew(copy, statement):
    above, first = copy.baseline.above, copy.baseline
    (policy,) = above.execute(
        "SELECT polname FROM pg_policy WHERE polrelid = 'people_person'::regclass LIMIT 1"
    ).fetchone()
    before = above.execute(SHAPE).fetchone()
    above.execute(statement.format(policy=policy))

    copy.renew()

    assert copy.baseline is not first
    assert copy.baseline.above.execute(SHAPE).fetchone() == before


def test_whoever_is_still_connected_is_shown_out(copy):
    server = copy.here
    with psycopg.connect(**{**server.admin, "dbname": server.name}) as left:
        left.execute("LOCK TABLE events_event")

        copy.renew()

        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_what_the_service_does_in_a_test_is_gone_in_the_next(turn, own_database):
    first = own_database.baseline
    with given.as_worker():
        given.alert()
        assert Event.objects.count() == 0

    own_database.renew()

    assert isinstance(first, Baseline)
    assert own_database.baseline is first
