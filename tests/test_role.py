"""Asked before anything else: is this suite bound by row security at all?"""

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from openprotect.config import checks

pytestmark = pytest.mark.django_db


def test_the_suite_runs_as_the_application_which_can_bypass_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("openprotect_app", "openprotect_app")
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_the_application_may_act_as_nobody_else():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')"
        )
        assert cursor.fetchall() == [("openprotect_app",)]


def test_the_application_cannot_make_tables():
    with pytest.raises(Exception, match="permission denied") as refused:
        connection.cursor().execute("CREATE TABLE mine ()")
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.mark.import_role
def test_imports_run_as_a_role_that_can_bypass_nothing_either():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == ("openprotect_import",)
    assert checks.unsafe() == ()


def test_nothing_speaks_against_serving_from_here():
    assert checks.unsafe() == ()
