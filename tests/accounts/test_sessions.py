"""A session: looked up by the database, of one role at a time, over the moment it is ended."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprotect.accounts.actions import (
    acting_as,
    add_membership,
    sign_out,
    switch_to,
)
from openprotect.accounts.models import Credential, Membership, Session, User
from openprotect.accounts.queries import own_memberships, viewer
from openprotect.accounts.rules import Role, digest
from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.people.models import Person
from tests import given
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db


def another_role(someone, role=Role.GOVERNANCE, **dates):
    return add_membership(
        someone,
        organisation=given.area().system,
        role=role,
        purpose=given.programme().purpose,
        starts_at=clock.now() - timedelta(hours=1),
        **dates,
    )


def test_the_viewer_is_who_the_session_says(worker):
    practice = given.area().practice
    someone = given.user("PRACTICE", practice)

    with given.acting(someone) as seen:
        assert (seen.user_id, seen.role, seen.organisation_id) == (
            someone.pk,
            Role.PRACTICE,
            practice.pk,
        )
        assert seen.purpose == given.programme().purpose


@pytest.mark.parametrize("token", ["", "made-up", "' OR true --", "\u00e9" * 50])
def test_a_token_that_nobody_was_given_is_nobody(worker, token):
    with acting_as(token):
        assert viewer() is None
        assert not Person.objects.exists()


def test_signing_out_ends_the_session_at_once(worker):
    token = given.token_of(given.user("LEAD"))

    with acting_as(token):
        sign_out()
        assert viewer() is None
    with acting_as(token):
        assert viewer() is None


def test_signing_out_ends_no_other_session_of_the_same_user(worker):
    someone = given.user("LEAD")
    here, there = given.token_of(someone), given.token_of(someone)

    with acting_as(here):
        sign_out()
    with acting_as(there):
        assert viewer().user_id == someone.pk


def test_a_user_who_is_switched_off_loses_the_session_at_once(worker):
    someone = given.user("LEAD")
    token = given.token_of(someone)
    User.objects.filter(pk=someone.pk).update(is_active=False)

    with acting_as(token):
        assert viewer() is None


def test_a_role_that_ends_takes_the_session_with_it(worker):
    someone = given.user("LEAD")
    token = given.token_of(someone)
    Membership.objects.filter(user=someone).update(ends_at=clock.now() - timedelta(seconds=1))

    with acting_as(token):
        assert viewer() is None


def test_changing_role_goes_on_in_the_other(worker):
    someone = given.user("LEAD")
    other = another_role(someone)

    with acting_as(given.token_of(someone)):
        switch_to(other.pk)
        assert viewer().role == Role.GOVERNANCE


def test_a_role_of_somebody_else_is_refused(worker):
    someone, other = given.user("LEAD"), given.user("GOVERNANCE")
    theirs = Membership.objects.get(user=other)

    with acting_as(given.token_of(someone)):
        with pytest.raises(Refused, match="not one of yours"):
            switch_to(theirs.pk)
        assert viewer().role == Role.LEAD


def test_nobody_can_change_into_the_worker(worker):
    of_worker = Membership.objects.get(role="WORKER")

    with given.acting(given.user("LEAD")), pytest.raises(Refused):
        switch_to(of_worker.pk)


def test_a_role_that_is_over_opens_nothing(worker):
    someone = given.user("LEAD")
    over = another_role(someone, Role.PRACTICE)
    Membership.objects.filter(pk=over.pk).update(ends_at=clock.now() - timedelta(minutes=1))
    given.enrolment()

    with acting_as(given.token_of(someone)):
        switch_to(over.pk)
        assert viewer() is None
        assert not Person.objects.exists()


def test_roles_are_listed_oldest_first_and_only_ones_own(worker):
    someone = given.user("LEAD")
    another_role(someone)
    given.user("GOVERNANCE")

    with given.acting(someone) as seen:
        assert [each.role for each in own_memberships(seen)] == ["LEAD", "GOVERNANCE"]


def test_after_acting_one_is_who_one_was_before(worker):
    someone = given.user("LEAD")

    with given.acting(someone):
        with given.as_worker():
            assert viewer() is None
        assert viewer().user_id == someone.pk


def test_what_fails_leaves_nobody_elses_session_behind(worker):
    someone = given.user("LEAD")

    with pytest.raises(ZeroDivisionError), transaction.atomic(), given.acting(someone):
        raise ZeroDivisionError

    assert viewer() is None
    assert given.person().pk, "the worker's session is in hand again"


def test_who_is_refused_does_not_stay_signed_in_for_what_comes_next(worker):
    def refused():
        with given.acting(given.user("LEAD")):
            raise Refused("No.")

    with pytest.raises(Refused):
        refused()

    assert viewer() is None
    assert given.person().pk


def test_a_transaction_that_failed_is_asked_nothing_more(worker):
    def failing():
        with transaction.atomic(), given.acting(given.user("LEAD")):
            connection.cursor().execute("SELECT 1 / 0")

    with pytest.raises(DatabaseError, match="division by zero"):
        failing()

    assert given.person().pk


def test_no_token_is_stored_but_its_digest(worker_committing, administrator):
    token = given.token_of(given.user("LEAD"))
    rows = administrator.execute("SELECT token_digest, s::text FROM accounts_session s").fetchall()

    assert digest(token) in [bytes(stored) for stored, _ in rows]
    assert not any(token in row or token.encode().hex() in row for _, row in rows)


def test_the_application_reads_neither_sessions_nor_credentials(worker):
    given.user("LEAD")

    with row_security_refuses():
        Session.objects.count()
    with row_security_refuses():
        Credential.objects.count()


def test_staff_cannot_give_themselves_a_role(worker):
    someone = given.user("LEAD")

    with given.acting(someone), row_security_refuses():
        Membership.objects.create(
            user=someone, organisation=given.area().system, role="GOVERNANCE", purpose="p",
            starts_at=clock.now(),
        )  # fmt: skip


def test_staff_cannot_lengthen_a_role(worker):
    someone = given.user("LEAD")

    with given.acting(someone):
        changed = Membership.objects.filter(user=someone).update(role="SURVEILLANCE")

    assert changed == 0


def test_a_session_in_a_setting_of_its_own_making_is_nobody(worker):
    someone = given.user("LEAD")

    with acting_as(""), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('openprotect.user', %s, true)", [str(someone.pk)])
        assert viewer() is None


@pytest.mark.django_db(transaction=True)
def test_a_session_that_ends_with_its_transaction_leaves_nobody_behind(worker_committing):
    token = given.token_of(given.user("LEAD"))

    with transaction.atomic(), acting_as(token, until_commit=True):
        during = viewer()

    assert during.role == "LEAD"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('openprotect.session', true)")
        assert cursor.fetchone()[0] not in ("", token), "the worker goes on"
