"""Notes after listening in, and the week's sample: kind words, for the call handler alone."""

from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish
from openprotect.floor.actions.coaching import coach, review
from openprotect.floor.models import Coaching, Review
from openprotect.floor.queries.quality import in_the_hands_of, sample, words_for
from openprotect.floor.rules.sampling import ASKED, week_of
from tests import given
from tests.floor.given_floor import calls
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
MARKS = dict.fromkeys(dict(ASKED), "yes")


@pytest.fixture
def boss(worker):
    return given.user("SUPERVISOR")


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


def ended(caller, many):
    calls(many)
    with given.acting(caller) as me:
        for _ in range(many):
            finish(claim_next(viewer=me, at=me.at), "NO_ANSWER", note="", viewer=me, at=me.at)


def held(caller):
    calls(1)
    with given.acting(caller) as me:
        return claim_next(viewer=me, at=me.at)


def listened(boss, call, **given_):
    with given.acting(boss) as viewer:
        found = in_the_hands_of(viewer, call.pk)
        said = {"has_agreed": True, "went_well": "You gave them time", "try_next": ""} | given_
        return coach(found, viewer=viewer, at=viewer.at, **said)


def test_a_note_reaches_its_call_handler_and_nobody_else(boss, caller):
    call = held(caller)
    listened(boss, call, try_next="Say when we ring again")

    with given.acting(caller) as me:
        (word,) = words_for(me)
    assert (word.went_well, word.try_next) == ("You gave them time", "Say when we ring again")
    practice = call.person.practice
    for who in (
        given.user("CALLER"), given.user("PRACTICE", practice), given.user("LEAD"),
        given.user("SURVEILLANCE"), given.user("LOCALITY", given.area().locality),
        given.user("GOVERNANCE"),
    ):  # fmt: skip
        with given.acting(who) as viewer:
            assert not Coaching.objects.exists()
            assert words_for(viewer) == ()


def test_nobody_listens_without_the_persons_word(boss, caller):
    call = held(caller)

    with pytest.raises(Refused, match="asked and agreed"):
        listened(boss, call, has_agreed=False)
    with given.acting(boss) as viewer, the_database_refuses("nobody_listens_without_consent"):
        Coaching.objects.create(
            call=call, programme_id=call.programme_id, caller=caller, has_agreed=False,
            went_well="x", by_id=viewer.user_id, at=viewer.at,
        )  # fmt: skip


def test_a_call_handler_writes_no_note_even_past_the_pages(boss, caller):
    call = held(caller)

    with given.acting(given.user("CALLER")) as me, row_security_refuses():
        Coaching.objects.create(
            call=call, programme_id=call.programme_id, caller=caller, has_agreed=True,
            went_well="x", by_id=me.user_id, at=me.at,
        )  # fmt: skip


def test_two_ended_calls_of_each_are_drawn_the_same_for_whoever_asks(boss, caller):
    ended(caller, 5)
    ended(given.user("CALLER"), 1)

    found = []
    for who in (boss, given.user("SUPERVISOR")):
        with given.acting(who) as viewer:
            found.append(sample(viewer, week_of(viewer.at)))

    assert found[0] == found[1]
    assert [each.caller_id == caller.pk for each in found[0]].count(True) == 2
    assert len(found[0]) == 3
    assert {each.outcome for each in found[0]} == {"No answer"}


def test_a_call_of_the_sample_is_looked_at_once_and_told(boss, caller):
    ended(caller, 3)
    with given.acting(boss) as viewer:
        drawn = sample(viewer, week_of(viewer.at))[0]
        review(drawn, marks=MARKS, words="Clear and warm", viewer=viewer, at=viewer.at)
        with pytest.raises(Refused, match="looked at"):
            review(drawn, marks=MARKS, words="Again", viewer=viewer, at=viewer.at)
        assert sample(viewer, week_of(viewer.at))[0].reviewed_by == boss.name

    with given.acting(caller) as me:
        (word,) = words_for(me)
    assert (word.went_well, word.marks["greeting"]) == ("Clear and warm", "yes")
    assert Review.objects.count() == 1


def test_the_sheet_is_filled_in_whole_and_says_something(boss, caller):
    ended(caller, 1)
    with given.acting(boss) as viewer:
        (drawn,) = sample(viewer, week_of(viewer.at))
        for marks, words in (({}, "Good"), (MARKS, " "), (MARKS | {"note": "10"}, "Good")):
            with pytest.raises(Refused):
                review(drawn, marks=marks, words=words, viewer=viewer, at=viewer.at)
        assert sample(viewer, week_of(viewer.at) - timedelta(days=7)) == ()
