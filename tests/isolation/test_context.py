"""Who is there is the database's to say: the application cannot say it is somebody else."""

import secrets
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from openprotect.accounts.actions import acting_as, sign_out, switch_to
from openprotect.accounts.models import Membership, User
from openprotect.base.refusals import Refused
from openprotect.people.models import Person
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db

SETTINGS = [
    "SET LOCAL openprotect.session = 'worker'",
    "SET LOCAL openprotect.role = 'WORKER'",
    "SET LOCAL openprotect.organisation = '00000000-0000-0000-0000-000000000000'",
    "SET LOCAL role = 'openprotect_owner'",
    "SET LOCAL role = 'openprotect_definer'",
    "SET LOCAL role = 'openprotect_import'",
    "SET LOCAL session_authorization = 'openprotect_import'",
    "SET LOCAL row_security = off",
    "SET LOCAL session_replication_role = replica",
    "SET LOCAL search_path = pg_temp, public",
    "SELECT set_config('openprotect.session', encode(sha256('x'), 'hex'), true)",
    "SELECT set_config('role', 'openprotect_owner', true)",
]
WRITES = [
    (
        "INSERT INTO accounts_session"
        " (id, token_digest, user_id, membership_id, opened_at, expires_at)"
        " SELECT gen_random_uuid(), sha256('mine'), m.user_id, m.id, now(), 'infinity'"
        " FROM accounts_membership m WHERE role = 'WORKER'"
    ),
    (
        "INSERT INTO accounts_membership (id, user_id, organisation_id, role, purpose, starts_at)"
        " SELECT gen_random_uuid(), u.id, o.id, 'SURVEILLANCE', 'covid-protect', '2020-01-01'"
        " FROM accounts_user u, places_organisation o WHERE o.code = 'SYS'"
    ),
    (
        "INSERT INTO accounts_user (id, login, name, title, is_active)"
        " VALUES (gen_random_uuid(), 'me', 'Me', '', true)"
    ),
    (
        "INSERT INTO accounts_credential (user_id, salt, key_digest, failures)"
        " SELECT id, 'salt', sha256('mine'), 0 FROM accounts_user WHERE login = 'worker'"
    ),
    "UPDATE accounts_membership SET role = 'WORKER', purpose = 'covid-protect'",
    (
        "UPDATE accounts_membership SET organisation_id = (SELECT id FROM places_organisation"
        " WHERE code = 'PRB')"
    ),
    "UPDATE accounts_user SET is_active = true",
    "UPDATE accounts_session SET expires_at = 'infinity'",
    "UPDATE accounts_credential SET key_digest = sha256('mine')",
    "UPDATE governance_installation SET is_demonstration = true",
    "UPDATE governance_legalbasis SET ends_at = 'infinity'",
    (
        "UPDATE places_team SET organisation_id = (SELECT id FROM places_organisation"
        " WHERE code = 'PRA')"
    ),
    (
        "INSERT INTO places_relationship (id, child_id, parent_id, kind, from_on)"
        " SELECT gen_random_uuid(), a.id, b.id, 'LIES_IN', '2020-01-01' FROM places_organisation a,"
        " places_organisation b WHERE a.code = 'PRB' AND b.code = 'LOC'"
    ),
    (
        "UPDATE calls_call SET claimed_by_id = (SELECT context_user()), status = 'CLAIMED',"
        " leased_until = 'infinity'"
    ),
    "UPDATE alerts_alert SET person_id = (SELECT id FROM people_person ORDER BY id LIMIT 1)",
]
READS = ["SELECT * FROM accounts_session", "SELECT salt FROM accounts_credential"]
ASKED = [
    "SELECT open_demo_session('surveillance', sha256('mine'))",
    "SELECT open_session('worker', 'a key', sha256('mine'))",
    "SELECT openprotect_move_clock(interval '1 day')",
    "SELECT open_link('a token', '1941-03-04', sha256('mine'))",
]
USERS = ["practice PRA", "locality LOC", "partner COU", "lead", "governance", "person by link", ""]


@pytest.fixture(params=USERS)
def token(request, world):
    """A session that somebody has, or none."""
    if request.param in ("", "person by link"):
        return world.person_token if request.param else ""
    return given.token_of(world.staff[request.param].user)


def people():
    return set(Person.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("statement", [*SETTINGS, *WRITES, *READS, *ASKED])
def test_no_statement_makes_anybody_see_more(token, statement):
    with acting_as(token):
        before = people()
        after, mine = seen_after(statement) or (before, set())

    assert after <= before
    assert not mine


def seen_after(statement):
    """Whom the session sees after a statement, and whom a session that it may have made."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            after = people()
            with acting_as("mine"):
                mine = people()
            transaction.set_rollback(True)
    except DatabaseError:
        return None
    return after, mine


@pytest.mark.parametrize("table", ["accounts_session", "accounts_credential"])
def test_sessions_and_keys_cannot_be_read(token, table):
    with (
        acting_as(token),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT * FROM {table}")


def test_a_session_is_not_to_be_guessed(world):
    digests = ["", "worker", str(uuid4()), *(secrets.token_urlsafe(32) for _ in range(500))]

    for guess in digests:
        with acting_as(guess):
            assert not people()


def test_nobody_changes_to_a_role_of_somebody_else(world):
    with given.as_worker():
        strangers = list(Membership.objects.exclude(user__login="practice PRA"))

    with acting_as(given.token_of(world.staff["practice PRA"].user)):
        for each in strangers:
            with pytest.raises(Refused):
                switch_to(each.pk)


def ask(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    "question",
    ["context_role()", "context_user()", "context_organisation()", "context_person()"],
)
def test_without_a_session_nobody_is_there(world, question):
    assert ask(f"SELECT {question}") is None


@pytest.mark.parametrize(
    "question", ["context_practices()", "live_programmes()", "people_alerted()",
                 "people_claimed()", "checkins_claimed()"]
)  # fmt: skip
def test_without_a_session_there_is_nothing_in_reach(world, question):
    assert ask(f"SELECT {question}") == []


@pytest.mark.parametrize("state", ["active", "vetoed", "alerted", "nowhere"])
def test_look_ups_by_number_tell_a_stranger_nothing(world, state):
    person = world.people["PRB", state].person.pk

    assert not ask("SELECT person_is_live(%s, true)", person)
    assert not ask("SELECT person_has_open_alert(%s)", person)
    with acting_as(given.token_of(world.staff["practice PRA"].user)):
        assert not ask("SELECT person_has_open_alert(%s)", person)


def end(world, how):
    """End what somebody may do, in one of the ways it ends."""
    nurse = world.staff["practice PRA"].user
    if how == "signed out":
        return sign_out()
    with given.as_worker():
        if how == "user disabled":
            User.objects.filter(pk=nurse.pk).update(is_active=False)
        elif how == "membership ended":
            held = Membership.objects.filter(user=nurse)
            held.update(ends_at=NOON - timedelta(days=2))
        elif how == "membership not begun":
            held = Membership.objects.filter(user=nurse)
            held.update(starts_at=NOON + timedelta(days=2))
    return None


@pytest.mark.parametrize(
    "how", ["signed out", "user disabled", "membership ended", "membership not begun"]
)
def test_what_has_ended_ends_on_the_very_next_statement(world, how):
    with acting_as(given.token_of(world.staff["practice PRA"].user)):
        assert people()

        end(world, how)

        assert not people()
