"""What the server's own catalogue says about who may do what."""

import pytest
from django.db import connection

from openprotect.config import checks, provision

pytestmark = pytest.mark.django_db


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_only_our_roles_may_connect():
    assert (
        rows(
            "SELECT 1 FROM pg_database, aclexplode(datacl) WHERE datname = current_database()"
            " AND grantee = 0"
        )
        == []
    )


def test_no_function_that_sees_past_row_security_is_open_to_everybody():
    """Rights on a function are given before it is handed to the definer: later has no effect."""
    assert (
        rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND (proacl IS NULL OR EXISTS"
            "      (SELECT FROM aclexplode(proacl) WHERE grantee = 0)) ORDER BY 1"
        )
        == []
    )


def test_every_such_function_has_a_search_path_of_its_own_and_no_login_for_an_owner():
    assert (
        rows(
            "SELECT proname, pg_get_userbyid(proowner) FROM pg_proc WHERE prosecdef"
            " AND pronamespace = 'public'::regnamespace"
            " AND (NOT coalesce(array_to_string(proconfig, ','), '') LIKE '%%search_path=%%'"
            "      OR pg_get_userbyid(proowner) <> 'openprotect_definer') ORDER BY 1"
        )
        == []
    )


def test_making_ready_twice_changes_nothing(own_database):
    server = own_database.server
    passwords = provision.provision(
        server.admin, own_database.name, with_passwords=server.local is None
    )

    again = provision.provision(
        server.admin, own_database.name, with_passwords=server.local is None
    )

    assert passwords == again


def test_an_administrator_is_refused_for_serving(own_database, monkeypatch):
    reasons = checks._of_role("postgres", True, True, True, True)

    assert len(reasons) == 4


@pytest.mark.parametrize(
    ("server", "word"),
    [
        (("off", "on", "on", 180000, True, True), "fsync"),
        (("on", "off", "on", 180000, True, True), "full_page_writes"),
        (("on", "on", "off", 180000, True, True), "synchronous_commit"),
        (("on", "on", "on", 140000, True, True), "older than 15"),
        (("on", "on", "on", 180000, False, True), "time zone"),
    ],
)
def test_a_server_that_could_lose_what_it_acknowledged_is_refused(server, word):
    (reason,) = checks._of_server(*server)

    assert word in reason
