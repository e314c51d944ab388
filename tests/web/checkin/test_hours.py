"""What the pages ask of check-ins: until when they are open, and by when somebody looks."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from openprotect.accounts.queries import Answering
from openprotect.alerts.queries.promised import promises
from openprotect.checkins import actions
from openprotect.checkins.models import Channel
from openprotect.checkins.queries import asked_of
from openprotect.checkins.rules import NoLongerOpen, by_when
from openprotect.web.checkin.surroundings import day, moment
from tests import given
from tests.given import NOON

LONDON = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)
TUESDAY = datetime(2026, 5, 5, tzinfo=LONDON)


def at(text, on=TUESDAY):
    return datetime.combine(on.date(), time.fromisoformat(text), LONDON)


@pytest.mark.parametrize(
    ("asked", "hours", "promised"),
    [
        ("10:00", 2, at("12:00")),
        ("07:00", 2, at("10:00")),
        ("19:00", 2, at("09:00", TUESDAY + timedelta(1))),
        ("20:00", 2, at("10:00", TUESDAY + timedelta(1))),
        ("23:30", 0.5, at("08:30", TUESDAY + timedelta(1))),
        ("15:00", 24, at("15:00", TUESDAY + timedelta(1))),
        ("21:00", 48, at("08:00", TUESDAY + timedelta(3))),
    ],
)
def test_a_promise_counts_the_hours_when_somebody_is_there(asked, hours, promised):
    within = timedelta(hours=hours)

    assert by_when(at(asked), within, opens=time(8), closes=time(20)) == promised


@pytest.mark.parametrize(
    ("moment_", "words"),
    [
        (at("14:30"), "2:30pm today"),
        (at("09:00", TUESDAY + timedelta(1)), "9am tomorrow"),
        (at("12:00", TUESDAY + timedelta(3)), "12 noon on Friday 8 May"),
        (at("00:00", TUESDAY + timedelta(1)), "midnight tomorrow"),
    ],
)
def test_a_moment_is_said_as_one_says_it(moment_, words):
    assert moment(moment_, at("10:00")) == words


def test_a_day_is_said_as_one_says_it():
    assert day(TUESDAY + timedelta(1), TUESDAY) == "tomorrow"
    assert day(TUESDAY + timedelta(4), TUESDAY) == "Saturday 9 May"


@pytest.mark.django_db
def test_an_answer_online_is_taken_until_the_second_it_closes(worker):
    checkin = given.checkin()
    actions.answer(checkin, "feeling", "same", channel=Channel.WEB, at=checkin.closes_at - SECOND)

    with pytest.raises(NoLongerOpen):
        actions.answer(checkin, "feeling", "worse", channel=Channel.WEB, at=checkin.closes_at)


@pytest.mark.django_db
def test_a_call_may_still_answer_what_has_closed(worker):
    checkin = given.checkin(status="MISSED")

    actions.answer(checkin, "feeling", "same", channel=Channel.PHONE, at=checkin.closes_at)

    assert checkin.answers.count() == 1


@pytest.mark.django_db
def test_a_check_in_may_not_be_read_by_link_once_its_legal_basis_has_ended(worker):
    given.basis("covid-protect", ends_at=NOON + timedelta(hours=1))
    checkin = given.checkin()

    before, after = (
        asked_of(Answering(checkin.person_id, checkin.pk, NOON + wait))
        for wait in (timedelta(0), timedelta(hours=1))
    )

    assert before.checkin == checkin
    assert after is None


@pytest.mark.django_db
def test_a_promise_is_made_for_each_kind_of_concern_soonest_first(worker):
    answers = {"feeling": "same", "breath": "moving", "medicines": "out", "food": "none"}
    response = given.response(answers=answers, at=at("10:00"))

    promised = {each.kind: each.look_by for each in promises(response)}

    assert promised == {
        "medication": at("11:00"),
        "social": at("11:00"),
        "clinical": at("12:00"),
    }


@pytest.mark.django_db
def test_what_no_rule_could_read_is_promised_to_be_looked_at_too(worker):
    response = given.response(answers={"temperature": "warm"}, at=at("10:00"))

    assert [each.kind for each in promises(response)] == ["data"]
