"""What the database refuses of users, roles and sessions, whoever asks."""

import pytest
from psycopg.errors import CheckViolation, UniqueViolation

from openprotect.accounts.models import Membership, User
from tests import given
from tests.given import NOON
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db


def role(**given_):
    someone = User.objects.create(login="ada", name="Ada")
    return Membership(
        **{
            "user": someone,
            "organisation": given.area().system,
            "role": "LEAD",
            "purpose": "p",
            "starts_at": NOON,
        }
        | given_
    )


def test_two_users_cannot_have_one_login(worker):
    User.objects.create(login="ada", name="Ada")

    with the_database_refuses("accounts_user_login"):
        User.objects.create(login="ada", name="Another")


def test_a_role_ends_after_it_starts(worker):
    with the_database_refuses("membership_ends_after_it_starts"):
        role(ends_at=NOON).save(force_insert=True)


def test_only_the_worker_is_of_no_organisation(worker):
    with the_database_refuses("only_the_worker_has_no_organisation"):
        role(organisation=None).save(force_insert=True)


INSERT = """
INSERT INTO accounts_session (id, token_digest, user_id, membership_id, person_id, checkin_id,
                              opened_at, expires_at)
SELECT gen_random_uuid(), %(token)s, user_id, id, %(person)s, %(checkin)s, now(), now()
  FROM accounts_membership WHERE role = 'WORKER'
"""


def test_a_session_is_of_staff_or_of_a_person_and_never_both(administrator):
    token = {"token": b"t", "person": "00000000-0000-4000-8000-000000000000", "checkin": None}

    with pytest.raises(CheckViolation, match="session_is_of_staff_or_of_a_person"):
        administrator.execute(INSERT, token)


def test_two_sessions_cannot_have_one_token(administrator):
    token = {"token": b"once", "person": None, "checkin": None}

    with administrator.transaction(force_rollback=True):
        administrator.execute(INSERT, token)
        with pytest.raises(UniqueViolation, match="token_digest"), administrator.transaction():
            administrator.execute(INSERT, token)
