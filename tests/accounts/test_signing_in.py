"""Who gets in: the right password, and nobody who has left, guesses, or asks too often."""

from datetime import timedelta

import pytest
from django.db import connection

from openprotect.accounts.actions import (
    WrongLogin,
    acting_as,
    add_membership,
    add_user,
    set_key,
    sign_in,
    sign_in_to_demonstration,
    sign_in_with_key,
)
from openprotect.accounts.models import Membership, User
from openprotect.accounts.queries import viewer
from openprotect.accounts.rules import Role, key_of
from openprotect.base import clock
from tests import given
from tests.given import KEY, NOON

pytestmark = pytest.mark.django_db
SALT = b"0123456789abcdef"
WRONG = b"w" * 32


def someone_with_password(password):
    """A member of staff who signs in by password."""
    made = add_user("ada", name="Ada")
    add_membership(
        made, organisation=given.area().system, role=Role.LEAD, purpose="p", starts_at=NOON
        - timedelta(days=2),
    )  # fmt: skip
    set_key(made, salt=SALT, key=key_of(password, SALT))
    return made


def wrong_tries(login, times):
    for _ in range(times):
        with pytest.raises(WrongLogin):
            sign_in_with_key(login, WRONG)


def test_the_right_password_opens_a_session(worker):
    someone_with_password("correct horse")

    with acting_as(sign_in("ada", "correct horse")):
        assert viewer().name == "Ada"


def test_a_wrong_password_opens_nothing(worker):
    someone_with_password("correct horse")

    with pytest.raises(WrongLogin):
        sign_in("ada", "battery staple")


def test_an_unknown_login_is_refused_in_the_same_words(worker):
    someone_with_password("correct horse")

    with pytest.raises(WrongLogin) as known:
        sign_in("ada", "battery staple")
    with pytest.raises(WrongLogin) as unknown:
        sign_in("nobody", "battery staple")

    assert str(known.value) == str(unknown.value)


def test_an_unknown_login_has_a_salt_that_stays_the_same(worker):
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt_of('nobody'), salt_of('nobody'), salt_of('noone')")
        first, again, other = map(bytes, cursor.fetchone())

    assert first == again != other
    assert len(first) == 16


def test_wrong_passwords_are_counted_although_each_is_refused(worker):
    someone_with_password("correct horse")
    for _ in range(5):
        with pytest.raises(WrongLogin):
            sign_in("ada", "battery staple")

    with pytest.raises(WrongLogin):
        sign_in("ada", "correct horse")


def test_four_wrong_keys_do_not_lock_anyone_out(worker):
    someone = given.user("LEAD")
    wrong_tries(someone.login, 4)

    assert sign_in_with_key(someone.login, KEY)


def test_the_fifth_wrong_key_makes_even_the_right_one_wait(worker):
    someone = given.user("LEAD")
    wrong_tries(someone.login, 5)

    with pytest.raises(WrongLogin):
        sign_in_with_key(someone.login, KEY)


def test_another_persons_failures_do_not_make_one_wait(worker):
    one, other = given.user("LEAD"), given.user("LEAD")
    wrong_tries(one.login, 6)

    assert sign_in_with_key(other.login, KEY)


def test_a_user_who_is_switched_off_gets_no_session(worker):
    someone = given.user("LEAD")
    User.objects.filter(pk=someone.pk).update(is_active=False)

    with pytest.raises(WrongLogin):
        sign_in_with_key(someone.login, KEY)


@pytest.mark.parametrize(
    ("starts", "ends"), [(-30, -1), (1, None)], ids=["ended yesterday", "starts tomorrow"]
)
def test_without_a_role_in_force_there_is_no_session(worker, starts, ends):
    someone = given.user("LEAD")
    now = clock.now()
    Membership.objects.filter(user=someone).update(
        starts_at=now + timedelta(days=starts), ends_at=ends and now + timedelta(days=ends)
    )

    with pytest.raises(WrongLogin):
        sign_in_with_key(someone.login, KEY)


def test_someone_whose_first_role_ended_comes_in_by_the_next(worker):
    someone = given.user("LEAD")
    Membership.objects.filter(user=someone).update(ends_at=clock.now() - timedelta(days=1))
    add_membership(
        someone, organisation=given.area().system, role=Role.GOVERNANCE, purpose="p",
        starts_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip

    with given.acting(someone) as seen:
        assert seen.role == Role.GOVERNANCE


def test_one_click_is_refused_where_people_are_real(worker):
    someone = given.user("LEAD")

    with pytest.raises(WrongLogin, match="demonstration only"):
        sign_in_to_demonstration(someone.login)


def test_a_user_asked_for_twice_is_one(worker):
    assert add_user("ada", name="Ada") == add_user("ada", name="Somebody else")


def test_a_role_asked_for_twice_is_one(worker):
    someone = given.user("LEAD")
    role = Membership.objects.get(user=someone)

    again = add_membership(
        someone, organisation=role.organisation, role=Role.LEAD, purpose=role.purpose,
        starts_at=NOON,
    )  # fmt: skip

    assert again == role
