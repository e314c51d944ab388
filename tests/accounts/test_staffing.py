"""What call handlers can do, when their queue rests, and how many calls the floor can make."""

from datetime import UTC, datetime, timedelta

import pytest

from openprotect.accounts.actions.staffing import NotOnThisFloor, note_abilities, pause, resume
from openprotect.accounts.models import Ability, Pause, Shift
from openprotect.accounts.queries import abilities_of, paused_until
from openprotect.accounts.queries.working import colleagues, own_rest, staffed_calls
from openprotect.accounts.rules import Away, OnShift, calls_possible
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from tests import given
from tests.given import NOON
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)


def on_shift(user="ada", *, hours=8, pace=4):
    return OnShift(user, NINE, NINE + hours * HOUR, pace)


def away(start, end, user="ada"):
    return Away(user, NINE + start * HOUR, NINE + end * HOUR)


def possible(shifts, pauses=(), start=0, end=24):
    return calls_possible(shifts, pauses, NINE + start * HOUR, NINE + end * HOUR)


@pytest.mark.parametrize(
    ("pauses", "start", "end", "expect"),
    [
        ((), 0, 24, 32),
        ((), 2, 4, 8),
        ((), -3, 1, 4),
        ((), 9, 12, 0),
        ([away(1, 2)], 0, 24, 28),
        ([away(1, 3), away(2, 4)], 0, 24, 20),
        ([away(1, 6), away(2, 3)], 0, 24, 12),
        ([away(-5, 30)], 0, 24, 0),
        ([away(1, 2, "ben")], 0, 24, 32),
        ([away(1, 3)], 2, 4, 4),
    ],
)
def test_calls_possible_are_hours_on_shift_less_pauses_by_pace(pauses, start, end, expect):
    assert possible([on_shift()], pauses, start, end) == pytest.approx(expect)


def test_the_parts_of_a_day_add_up_to_the_day():
    shifts, pauses = [on_shift(), on_shift("ben", hours=5, pace=6)], [away(1, 2), away(3, 9, "ben")]

    hours = sum(possible(shifts, pauses, each, each + 1) for each in range(24))

    assert hours == pytest.approx(possible(shifts, pauses))


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


@pytest.fixture
def supervisor(worker):
    return given.user("SUPERVISOR")


def test_what_a_call_handler_can_do_is_what_was_noted_last(caller, supervisor):
    with given.acting(supervisor) as viewer:
        note_abilities(caller.pk, {"LANGUAGE:pl", "TEXTPHONE"}, viewer=viewer, at=viewer.at)
        changed = note_abilities(caller.pk, {"LANGUAGE:pl", "BSL"}, viewer=viewer, at=viewer.at)
        again = note_abilities(caller.pk, {"LANGUAGE:pl", "BSL"}, viewer=viewer, at=viewer.at)

    assert abilities_of(caller.pk) == {"LANGUAGE:pl", "BSL"}
    assert (changed, again, Ability.objects.count()) == (True, False, 3)
    assert Event.objects.filter(name="ability.noted", subject_id=caller.pk).count() == 2


def test_nothing_noted_is_nothing_special(caller):
    assert abilities_of(caller.pk) == frozenset()


@pytest.mark.parametrize("code", ["LANGUAGE", "LANGUAGE:", "TEXTPHONE:pl", "JUGGLING", ""])
def test_an_ability_that_we_do_not_know_is_refused(caller, supervisor, code):
    with given.acting(supervisor) as viewer, pytest.raises(Refused, match="nothing that we know"):
        note_abilities(caller.pk, {code}, viewer=viewer, at=viewer.at)


def test_a_supervisor_notes_nothing_of_somebody_who_rings_for_another_programme(supervisor):
    stranger = given.user("CALLER", purpose="another")

    with given.acting(supervisor) as viewer, pytest.raises(NotOnThisFloor):
        note_abilities(stranger.pk, {"BSL"}, viewer=viewer, at=viewer.at)


def test_a_queue_paused_by_its_call_handler_is_theirs_to_go_on_with(caller):
    with given.acting(caller) as me:
        pause(caller.pk, because="Lunch", until=me.at + HOUR, viewer=me, at=me.at)
        assert paused_until(caller.pk, me.at + HOUR / 2) == me.at + HOUR
        assert paused_until(caller.pk, me.at + HOUR) is None
        assert own_rest(me).because == "Lunch"

        assert resume(caller.pk, viewer=me, at=me.at)
        assert not resume(caller.pk, viewer=me, at=me.at)

    assert paused_until(caller.pk, NOON) is None


def test_a_supervisors_pause_is_not_the_call_handlers_to_end(caller, supervisor):
    with given.acting(supervisor) as viewer:
        pause(caller.pk, because="A hard call", until=viewer.at + HOUR, viewer=viewer, at=viewer.at)

    with given.acting(caller) as me:
        for act in (
            lambda: resume(caller.pk, viewer=me, at=me.at),
            lambda: pause(caller.pk, because="x", until=me.at + HOUR, viewer=me, at=me.at),
        ):
            with pytest.raises(Refused, match="Ask them"):
                act()
        assert Pause.objects.update(ends_at=me.at) == 0


@pytest.mark.parametrize(
    ("because", "after", "said"),
    [(" ", HOUR, "Say why"), ("Lunch", -HOUR, "later than now"), ("x", 29 * 24 * HOUR, "four")],
)
def test_a_pause_says_why_and_ends_in_sensible_time(caller, because, after, said):
    with given.acting(caller) as me, pytest.raises(Refused, match=said):
        pause(caller.pk, because=because, until=me.at + after, viewer=me, at=me.at)


def test_one_call_handler_does_not_pause_another(caller, worker):
    with given.acting(given.user("CALLER")) as me, pytest.raises(Refused, match="supervisor"):
        pause(caller.pk, because="x", until=me.at + HOUR, viewer=me, at=me.at)


def shift(user, supervisor, **given_):
    with given.acting(supervisor) as viewer:
        Shift.objects.create(
            **{
                "user": user,
                "purpose": viewer.purpose,
                "starts_at": viewer.at - HOUR,
                "ends_at": viewer.at + 3 * HOUR,
                "told_at": viewer.at,
                "told_by_id": viewer.user_id,
            }
            | given_
        )


def test_the_floor_is_counted_from_shifts_less_pauses(caller, supervisor):
    with given.acting(supervisor) as viewer:
        assert staffed_calls(viewer.purpose, viewer.at, viewer.at + 9 * HOUR) is None
    shift(caller, supervisor)

    with given.acting(supervisor) as viewer:
        assert staffed_calls(viewer.purpose, viewer.at, viewer.at + 2 * HOUR) == 8
        pause(caller.pk, because="Lunch", until=viewer.at + HOUR, viewer=viewer, at=viewer.at)
        assert staffed_calls(viewer.purpose, viewer.at, viewer.at + 2 * HOUR) == 4
        (colleague,) = [each for each in colleagues(viewer) if each.user_id == caller.pk]

    assert colleague.is_on_shift
    assert not colleague.takes_calls
    assert colleague.rest.by == supervisor.name


def test_a_shift_is_told_once_and_ends_after_it_starts(caller, supervisor):
    shift(caller, supervisor, starts_at=NOON, ends_at=NOON + HOUR)

    with the_database_refuses("shift_on_the_floor_told_once"):
        shift(caller, supervisor, starts_at=NOON, ends_at=NOON + 2 * HOUR)
    with the_database_refuses("shift_on_the_floor_ends_after_it_starts"):
        shift(caller, supervisor, starts_at=NOON, ends_at=NOON)
    with the_database_refuses("shift_has_a_human_pace"):
        shift(caller, supervisor, calls_an_hour=21)
