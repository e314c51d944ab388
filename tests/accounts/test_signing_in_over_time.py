"""Signing in while time passes: waits that grow and end, sessions that run out, one click."""

from datetime import timedelta

import pytest

from openprotect.accounts.actions import (
    WrongLogin,
    acting_as,
    sign_in_to_demonstration,
    sign_in_with_key,
)
from openprotect.accounts.queries import viewer
from openprotect.governance.actions import move_demo_clock
from tests import given
from tests.given import KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WRONG = b"w" * 32


def wrong_tries(login, times):
    for _ in range(times):
        with pytest.raises(WrongLogin):
            sign_in_with_key(login, WRONG)


def test_each_further_wrong_key_doubles_the_wait_up_to_a_quarter_of_an_hour(worker):
    someone = given.user("LEAD")
    wrong_tries(someone.login, 5)

    for wait in (5, 10, 20, 40, 80, 160, 320, 640, 900, 900):
        move_demo_clock(by=timedelta(seconds=wait - 2))
        with pytest.raises(WrongLogin):
            sign_in_with_key(someone.login, KEY)
        move_demo_clock(by=timedelta(seconds=3))
        wrong_tries(someone.login, 1)


def test_nobody_is_locked_out_for_good_and_success_forgets_the_failures(worker):
    someone = given.user("LEAD")
    wrong_tries(someone.login, 6)
    move_demo_clock(by=timedelta(minutes=16))

    assert sign_in_with_key(someone.login, KEY)
    wrong_tries(someone.login, 4)
    assert sign_in_with_key(someone.login, KEY)


def test_one_click_opens_a_session_in_a_demonstration(worker):
    someone = given.user("LEAD")

    with acting_as(sign_in_to_demonstration(someone.login)):
        assert viewer().user_id == someone.pk


def test_one_click_never_makes_anybody_the_worker(worker):
    with pytest.raises(WrongLogin):
        sign_in_to_demonstration("worker")


@pytest.mark.parametrize(
    ("hours", "is_in"), [(11, True), (13, False)], ids=["within a shift", "after twelve hours"]
)
def test_a_session_runs_out_after_twelve_hours(worker, hours, is_in):
    token = given.token_of(given.user("LEAD"))
    move_demo_clock(by=timedelta(hours=hours))

    with acting_as(token):
        assert (viewer() is not None) == is_in


def test_the_workers_session_lasts_for_months(worker):
    move_demo_clock(by=timedelta(days=300))

    assert given.area().practice is not None
    assert given.person().pk
