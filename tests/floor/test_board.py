"""The live board, and dealing calls out: counts and times, never whom a call is about."""

import pytest

from openprotect.accounts.actions.staffing import note_abilities, pause
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.assigning import NotWaiting
from openprotect.calls.actions.talking import finish
from openprotect.calls.models import Call
from openprotect.events.models import Event
from openprotect.floor.actions.dealing import give, rebalance, spread_evenly
from openprotect.floor.queries import capacity_left
from openprotect.floor.queries.board import board
from openprotect.people.models import Person
from tests import given
from tests.floor.given_floor import HOUR, calls, on_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(worker):
    return given.user("SUPERVISOR")


@pytest.fixture
def two(boss):
    both = given.user("CALLER"), given.user("CALLER")
    on_shift(boss, *both)
    return both


def shown(boss):
    with given.acting(boss) as viewer:
        return board(viewer)


def seat(found, user):
    return next(each for each in found.seats if each.who.user_id == user.pk)


def test_the_board_counts_what_waits_what_is_held_and_what_was_made(boss, two):
    calls(4)
    with given.acting(two[0]) as me:
        finish(claim_next(viewer=me, at=me.at), "NO_ANSWER", note="", viewer=me, at=me.at)
        finish(claim_next(viewer=me, at=me.at), "REFUSED", note="", viewer=me, at=me.at)
        claim_next(viewer=me, at=me.at)

    found = shown(boss)

    assert (found.counts.waiting, found.counts.in_call, found.made, found.reached) == (1, 1, 2, 1)
    mine, other = seat(found, two[0]), seat(found, two[1])
    assert (mine.made, mine.reached, other.made) == (2, 1, 0)
    assert mine.in_hand.since is not None
    assert not mine.in_hand.ends_soon
    assert (found.on_shift, found.paused) == (2, 0)


def test_a_supervisor_sees_no_person_behind_any_call(boss, two):
    calls(2)
    with given.acting(two[0]) as me:
        claim_next(viewer=me, at=me.at)

    with given.acting(boss) as viewer:
        board(viewer)
        assert Call.objects.count() == 2
        assert not Person.objects.exists()


def test_what_nobody_on_shift_can_take_is_listed_until_somebody_can(boss, two):
    calls(1, language="pl")
    (found,) = shown(boss).beyond_all
    assert found.needs == ("Polish",)

    with given.acting(boss) as viewer:
        note_abilities(two[0].pk, {"LANGUAGE:pl"}, viewer=viewer, at=viewer.at)

    assert shown(boss).beyond_all == ()


def test_today_is_staffed_by_shifts_less_pauses(boss, two):
    with given.acting(boss) as viewer:
        before = capacity_left(given.programme(), viewer.at)
        pause(two[0].pk, because="Lunch", until=viewer.at + HOUR / 2, viewer=viewer, at=viewer.at)
        assert before - capacity_left(given.programme(), viewer.at) in (1, 2)
        assert board(viewer).paused == 1


def test_without_a_rota_there_is_no_cap(worker):
    with given.acting(given.user("SUPERVISOR")) as viewer:
        assert capacity_left(given.programme(), viewer.at) is None


def test_the_queue_is_spread_evenly_over_who_takes_calls_now(boss, two):
    calls(6)
    resting = given.user("CALLER")
    on_shift(boss, resting)
    with given.acting(boss) as viewer:
        pause(resting.pk, because="Rest", until=viewer.at + HOUR, viewer=viewer, at=viewer.at)
        given_ = spread_evenly(viewer=viewer, at=viewer.at)
        again = spread_evenly(viewer=viewer, at=viewer.at)

    found = shown(boss)
    assert (given_.given, again.given) == (6, 0)
    assert [seat(found, each).given for each in (*two, resting)] == [3, 3, 0]
    named = Event.objects.filter(name="call.assigned")
    assert named.count() == 6
    assert not named.filter(person_id=None).exists()


def test_what_was_given_by_name_comes_first_to_them_and_to_nobody_else(boss, two):
    first, second = calls(2)
    with given.acting(boss) as viewer:
        give(second.pk, two[1].pk, viewer=viewer, at=viewer.at)

    with given.acting(two[1]) as me:
        assert claim_next(viewer=me, at=me.at).pk == second.pk
    with given.acting(two[0]) as me:
        assert claim_next(viewer=me, at=me.at).pk == first.pk


def test_balancing_takes_back_what_was_not_begun_and_leaves_what_was(boss, two):
    calls(4)
    with given.acting(boss) as viewer:
        for call in Call.objects.all():
            give(call.pk, two[0].pk, viewer=viewer, at=viewer.at)
    with given.acting(two[0]) as me:
        begun = claim_next(viewer=me, at=me.at)

    with given.acting(boss) as viewer:
        rebalance(viewer=viewer, at=viewer.at)

    found = shown(boss)
    assert sorted(seat(found, each).given for each in two) == [1, 2]
    begun.refresh_from_db()
    assert (begun.status, begun.claimed_by_id) == ("CLAIMED", two[0].pk)


def test_a_call_in_somebodys_hands_is_given_to_nobody(boss, two):
    calls(1)
    with given.acting(two[0]) as me:
        held = claim_next(viewer=me, at=me.at)

    with given.acting(boss) as viewer, pytest.raises(NotWaiting):
        give(held.pk, two[1].pk, viewer=viewer, at=viewer.at)


def test_there_is_nobody_to_give_calls_to_when_nobody_is_on_shift(boss):
    given.user("CALLER")
    calls(1)

    with given.acting(boss) as viewer, pytest.raises(Refused, match="no one to give"):
        spread_evenly(viewer=viewer, at=viewer.at)


def test_calls_go_only_to_who_rings_for_this_programme(boss, two):
    (call,) = calls(1)
    stranger = given.user("CALLER", purpose="another")

    with given.acting(boss) as viewer, pytest.raises(Refused, match="does not ring"):
        give(call.pk, stranger.pk, viewer=viewer, at=viewer.at)
