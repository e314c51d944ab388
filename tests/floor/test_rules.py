"""Sharing out, drawing lots, reading rows, and looking a week ahead: pure arithmetic."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given as suppose
from hypothesis import strategies as some

from openprotect.base.refusals import Refused
from openprotect.base.tables import rows_of
from openprotect.checkins.rules import LOCAL
from openprotect.floor.rules.forecast import FEWEST, Closed, Hour, Shares, repeated
from openprotect.floor.rules.rota import BadRow, clash, planned
from openprotect.floor.rules.sampling import drawn, week_of
from openprotect.floor.rules.spreading import Ringer, spread

SPACE = UUID(int=0)
HOUR = timedelta(hours=1)


def ids(name, many):
    return [uuid5(SPACE, f"{name}{each}") for each in range(many)]


def anybody(_who, _call):
    return True


@suppose(some.integers(0, 60), some.lists(some.integers(0, 9), min_size=1, max_size=8))
def test_calls_are_spread_so_that_nobody_has_two_more_than_another(many, have):
    people = [Ringer(who, room=99, has=0) for who in ids("p", len(have))]

    dealt = spread(ids("c", many), people, anybody)

    loads = Counter(dealt.to.values())
    shares = [loads[each.user_id] for each in people]
    assert sum(shares) == many
    assert max(shares) - min(shares) <= 1


@suppose(some.integers(0, 40), some.integers(1, 5), some.integers(1, 6))
def test_nobody_is_given_more_than_there_is_room_for_and_none_is_lost(many, people, room):
    ringers = [Ringer(who, room) for who in ids("p", people)]
    calls = ids("c", many)

    dealt = spread(calls, ringers, anybody)

    assert len(dealt.to) == min(many, people * room)
    assert [*dealt.to, *dealt.no_room] == calls
    assert all(load <= room for load in Counter(dealt.to.values()).values())


def test_a_call_goes_only_to_who_can_take_it_and_what_nobody_can_is_said():
    ada, ben = ids("p", 2)
    polish, plain, signed = ids("c", 3)
    can = {ada: {plain, polish}, ben: {plain}}

    dealt = spread(
        [polish, plain, signed],
        [Ringer(ada, 5), Ringer(ben, 5)],
        lambda who, call: call in can[who],
    )

    assert dealt.to == {polish: ada, plain: ben}
    assert dealt.beyond_all == (signed,)


def test_who_has_a_call_keeps_it_where_that_is_as_fair():
    ada, ben = ids("p", 2)
    calls = ids("c", 4)
    now_with = {calls[0]: ben, calls[1]: ada, calls[2]: ben, calls[3]: ada}

    assert spread(calls, [Ringer(ada, 9), Ringer(ben, 9)], anybody, now_with).to == now_with


@suppose(some.integers(0, 30), some.randoms())
def test_a_sample_is_the_same_in_any_order_and_for_everybody(many, random):
    calls = ids("c", many)
    shuffled = list(calls)
    random.shuffle(shuffled)

    first = drawn("covid-protect", date(2026, 11, 23), SPACE, calls)

    assert first == drawn("covid-protect", date(2026, 11, 23), SPACE, [*shuffled, *shuffled])
    assert len(first) == min(many, 2)
    assert set(first) <= set(calls)


def test_another_week_or_call_handler_draws_other_lots():
    calls, other = ids("c", 40), ids("p", 1)[0]
    weeks = {drawn("x", date(2026, 1, 5) + timedelta(7 * n), SPACE, calls) for n in range(8)}

    assert len(weeks) > 5
    assert drawn("x", date(2026, 1, 5), other, calls) != drawn("x", date(2026, 1, 5), SPACE, calls)


def test_a_late_call_changes_the_sample_by_itself_at_most():
    calls, (late,) = ids("c", 20), ids("late", 1)

    before, after = (drawn("x", date(2026, 1, 5), SPACE, each) for each in (calls, [*calls, late]))

    assert set(after) - set(before) <= {late}


def test_every_call_is_as_likely_to_be_drawn():
    calls, times = ids("c", 10), Counter()
    for caller in ids("p", 500):
        times.update(drawn("x", date(2026, 1, 5), caller, calls))

    assert all(60 <= times[each] <= 140 for each in calls)


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), date(2026, 7, 6)),  # already Monday in summer
    ],
)
def test_a_week_begins_on_monday_by_the_clock_on_the_wall(at, monday):
    assert week_of(at) == monday


def row(**cells):
    return {"login": "tom", "day": "2026-11-30", "from": "08:00", "until": "13:00"} | cells


def test_a_row_of_a_rota_is_a_shift_in_local_time():
    shift = planned(row(**{"calls an hour": "6"}))
    summer = planned(row(day="2026-07-01"))

    assert shift.starts_at == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert (shift.ends_at - shift.starts_at, shift.calls_an_hour) == (5 * HOUR, 6)
    assert summer.starts_at == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_a_night_shift_ends_the_day_after():
    shift = planned(row(**{"from": "22:00", "until": "02:30"}))

    assert shift.ends_at == datetime(2026, 12, 1, 2, 30, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"login": ""}, "login"),
        ({"day": "30.11.2026"}, "no day"),
        ({"day": ""}, "no day"),
        ({"from": "8"}, "no time"),
        ({"until": "25:00"}, "no time"),
        ({"until": "08:00"}, "longer than 13 hours"),
        ({"until": "22:30"}, "longer than 13 hours"),
        ({"calls an hour": "0"}, "1 to 20"),
        ({"calls an hour": "4.5"}, "1 to 20"),
        ({"calls an hour": "²"}, "1 to 20"),
        ({"": "cell too many"}, "more cells"),
    ],
)
def test_a_row_that_says_no_shift_is_refused_with_the_reason(cells, said):
    with pytest.raises(BadRow, match=said):
        planned(row(**cells))


def test_nobody_is_in_two_places():
    early, late = planned(row()), planned(row(**{"from": "12:00", "until": "16:00"}))
    after = planned(row(**{"from": "13:00", "until": "16:00"}))

    assert "08:00" in clash(late, [early])
    assert clash(after, [early]) == ""
    assert clash(planned(row(login="ben", **{"from": "12:00"})), [early]) == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'login,day\n"a', "quote"),
        ("login,day\nä".encode("utf-16"), "UTF-8"),
        (b"login\nx", "no column .day."),
        (b"login,day,Login\nx,y,z", "twice"),
        (b"", "no column"),
        (b"login,day\n" + b"x,y\n" * 2001, "2000 rows"),
        (b"x" * 1_000_001, "megabyte"),
        (b"login,day\n\0,y", "not text"),
    ],
)
def test_what_is_no_table_is_refused_whole(content, said):
    with pytest.raises(Refused, match=said):
        rows_of(content, needed=("login", "day"))


def test_a_table_is_read_whatever_its_case_blanks_and_order():
    content = "\ufeff Day ,LOGIN,more\r\n 2026-11-30 , tom ,x\r\n".encode()

    assert rows_of(content, needed=("login", "day")) == [
        {"day": "2026-11-30", "login": "tom", "more": "x"}
    ]


MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=LOCAL)


def test_an_hour_of_the_week_has_its_own_share_where_enough_was_seen():
    shares = Shares({
        (1, 9): Closed(FEWEST, 5), (1, 10): Closed(FEWEST - 1, 0), (2, 9): Closed(3, 3),
    })  # fmt: skip

    assert shares.at(MONDAY_NINE) == 5 / FEWEST
    assert shares.at(MONDAY_NINE + HOUR) == 5 / (2 * FEWEST - 1)  # of Monday
    assert shares.at(MONDAY_NINE + 24 * HOUR) == 8 / (2 * FEWEST + 2)  # of all
    assert Shares({}).at(MONDAY_NINE) == 0


def test_calls_of_an_hour_are_silence_and_what_waits_by_attempts():
    hour = Hour(MONDAY_NINE, due=100, share=0.2, queued=4, attempts=1.5, staffed=30)

    assert hour.calls == pytest.approx(36)
    assert hour.short == pytest.approx(6)
    assert Hour(MONDAY_NINE, 100, 0.2, 4, 1.5, None).short == 0


def test_check_ins_follow_by_the_cadence_until_the_end_and_not_before_the_beginning():
    until = MONDAY_NINE + timedelta(days=5)

    closing = repeated(
        [(MONDAY_NINE - timedelta(days=3), 7)], timedelta(days=2), until, MONDAY_NINE
    )

    assert closing == {MONDAY_NINE + timedelta(days=1): 7, MONDAY_NINE + timedelta(days=3): 7}


def test_what_is_asked_once_is_not_repeated():
    until = MONDAY_NINE + timedelta(days=5)

    assert repeated([(MONDAY_NINE, 7)], None, until, MONDAY_NINE) == {MONDAY_NINE: 7}


def test_an_hour_on_the_wall_stays_that_hour_when_the_clocks_change():
    friday = datetime(2026, 10, 23, 9, tzinfo=LOCAL)

    closing = repeated([(friday, 1)], timedelta(days=1), friday + timedelta(days=4), friday)

    assert {each.hour for each in closing} == {9}
    assert len({each.astimezone(UTC).hour for each in closing}) == 2
