"""A rota as a table: every row accounted for, and the same table again changes nothing."""

from datetime import timedelta

import pytest

from openprotect.accounts.models import Shift
from openprotect.base.refusals import Refused
from openprotect.checkins.rules import LOCAL
from openprotect.events.models import Event
from openprotect.floor.actions.rota import bring_rota
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
HEAD = "login,day,from,until,calls an hour\n"


@pytest.fixture
def boss(worker):
    for login in ("ada", "ben"):
        given.user("CALLER", login=login)
    given.user("CALLER", login="cat", purpose="another")
    return given.user("SUPERVISOR")


def day(ahead):
    return f"{(NOON + timedelta(days=ahead)).astimezone(LOCAL):%Y-%m-%d}"


def bring(boss, *rows):
    with given.acting(boss) as viewer:
        content = HEAD + "\n".join(rows)
        return bring_rota(content.encode(), viewer=viewer, at=viewer.at)


def test_each_row_is_new_changed_unchanged_or_refused_and_they_add_up(boss):
    bring(boss, f"ada,{day(3)},08:00,12:00,4", f"ben,{day(3)},08:00,12:00,4")

    found = bring(
        boss,
        f"ada,{day(3)},08:00,12:00,4",
        f"ben,{day(3)},08:00,13:00,4",
        f"ada,{day(4)},08:00,12:00,",
        f"cat,{day(4)},08:00,12:00,4",
        f"ada,{day(3)},10:00,14:00,4",
        f"ben,{day(3)},08:00,15:00,4",
        f"ben,{day(-3)},08:00,12:00,4",
    )

    assert str(found) == "7 rows = 1 new + 1 changed + 1 unchanged + 4 refused"
    assert found.balances
    assert [(each.row, each.because.split(".")[0]) for each in found.refused] == [
        (4, "Nobody with the login “cat” rings for this programme"),
        (5, f"The same person has a shift from 08:00 on {found_day(3)} already"),
        (6, "The table says something else of the same shift further up"),
        (7, "The shift is over"),
    ]


def found_day(ahead):
    return f"{(NOON + timedelta(days=ahead)).astimezone(LOCAL):%-d %B}"


def test_the_same_table_again_changes_nothing(boss):
    rows = [f"{who},{day(n)},08:00,12:00,5" for who in ("ada", "ben") for n in (2, 3, 4)]
    bring(boss, *rows)
    before = list(Shift.objects.order_by("pk").values())

    again = bring(boss, *rows, rows[0])

    assert str(again) == "7 rows = 0 new + 0 changed + 7 unchanged + 0 refused"
    assert list(Shift.objects.order_by("pk").values()) == before
    assert Event.objects.filter(name="shifts.brought").count() == 1


def test_shifts_that_a_table_does_not_name_stay(boss):
    bring(boss, f"ada,{day(3)},08:00,12:00,4")
    bring(boss, f"ben,{day(3)},08:00,12:00,4")

    assert Shift.objects.count() == 2


@pytest.mark.parametrize("role", ["CALLER", "LOCALITY", "GOVERNANCE"])
def test_only_who_staffs_the_floor_plans_it(boss, role):
    with given.acting(given.user(role)) as viewer, pytest.raises(Refused, match="supervisor"):
        bring_rota(HEAD.encode(), viewer=viewer, at=viewer.at)
