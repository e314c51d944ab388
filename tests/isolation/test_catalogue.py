"""What the database says of itself; and each fault that this would find, made and found."""

import pytest
from django.db import connection

from openprotect.base.isolation import OWNER
from tests.isolation.catalogue import faults, rights, unprotected
from tests.isolation.conftest import acting_in_the_database_as
from tests.isolation.rights import OPEN

MADE = {
    "a table about people": "CREATE TABLE visits (person_id uuid)",
    "a table that nobody thought about": "CREATE TABLE thoughts (words text)",
    "protection that its owner escapes": "ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY",
    "protection switched off": "ALTER TABLE alerts_alert DISABLE ROW LEVEL SECURITY",
    "a policy for everybody": "CREATE POLICY all_of_it ON people_person USING (true)",
    "a right for everybody": "GRANT SELECT ON programmes_programme TO PUBLIC",
    "a view": "CREATE VIEW everybody AS SELECT * FROM people_person",
    "a copy": "CREATE MATERIALIZED VIEW everybody AS SELECT * FROM people_person",
    "a function that sees past": "CREATE FUNCTION peep() RETURNS bigint LANGUAGE sql SECURITY"
    " DEFINER AS 'SELECT count(*) FROM people_person'",
    "a right too many": "GRANT DELETE ON checkins_answer TO openprotect_app",
    "a right to one column": "GRANT SELECT (token_digest) ON accounts_session TO openprotect_app",
    "a right too few": "REVOKE INSERT ON governance_access FROM openprotect_app",
    "room to make tables": "GRANT CREATE ON SCHEMA public TO openprotect_app",
}


@pytest.fixture
def owner(own_database, db):
    """As the role that migrates, in a transaction that is undone."""
    with acting_in_the_database_as(OWNER, own_database) as found:
        found.autocommit = False
        yield found
        found.rollback()


def test_the_catalogue_is_as_it_is_written_down(owner, say):
    assert faults(owner) == []

    found = rights(lambda query, *values: owner.execute(query, values).fetchall())
    say(f"tables covered {len(found) - len(OPEN)} of {len(found)}, naming nobody {len(OPEN)}")


@pytest.mark.parametrize("what", MADE)
def test_a_fault_that_somebody_makes_is_found(owner, what):
    owner.execute(MADE[what])

    assert len(faults(owner)) >= 1


def test_a_table_added_later_is_a_fault_until_it_is_protected(owner):
    def ask(query, *values):
        return owner.execute(query, values).fetchall()

    owner.execute("CREATE TABLE visits (person_id uuid)")
    assert list(unprotected(ask)) == ["visits is not protected"]

    owner.execute("ALTER TABLE visits ENABLE ROW LEVEL SECURITY")
    owner.execute("ALTER TABLE visits FORCE ROW LEVEL SECURITY")
    assert list(unprotected(ask)) == []


def test_the_application_cannot_even_make_a_table_for_a_while(db):
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE accounts_session (id uuid)")
