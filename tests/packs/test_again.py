"""Nothing has changed since last time: what of the answers may be given again, and when not."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openprotect.packs import from_files
from openprotect.packs.again import LastTime, given_again
from openprotect.packs.problems import PackRefused
from tests import given
from tests.packs.given import pack_files

LOCAL = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 12, tzinfo=LOCAL)
CALM = {
    "feeling": "same", "breath": "normal", "chest-pain": "no", "hot": "no", "cough": "no",
    "medicines": "enough", "food": "week", "care": "no-need", "mood": "no",
}  # fmt: skip


@pytest.fixture(scope="module")
def pack():
    return given.covid_protect()


def last(pack, answers=None, *, ago=timedelta(days=1), said=()):
    return LastTime(CALM if answers is None else answers, tuple(said), NOW - ago, pack)


def test_calm_answers_of_yesterday_may_be_given_again(pack):
    assert given_again(pack, last(pack), at=NOW) == CALM


def test_words_of_yesterday_are_not_words_of_today(pack):
    assert given_again(pack, last(pack, CALM | {"other": "My cat ran off"}), at=NOW) == CALM


@pytest.mark.parametrize(("name", "answer"), [("breath", "rest"), ("chest-pain", "yes")])
def test_after_an_emergency_answer_everything_is_asked(pack, name, answer):
    assert given_again(pack, last(pack, CALM | {name: answer}), at=NOW) is None


def test_an_emergency_that_was_taken_back_before_sending_counts(pack):
    assert given_again(pack, last(pack, said=[("chest-pain", "yes")]), at=NOW) is None


def test_an_emergency_of_the_version_answered_then_counts(pack):
    files = dict(pack_files())
    calmer = files["questionnaire.json"].replace(b'"valueCode": "drowsy"', b'"valueCode": "fall"')
    newer = from_files(files | {"questionnaire.json": calmer})
    drowsy = CALM | {"feeling": "worse", "worse-how": "drowsy"}

    assert given_again(newer, replace(last(newer, drowsy), pack=newer), at=NOW) == drowsy
    assert given_again(newer, last(pack, drowsy), at=NOW) is None


def test_once_the_review_is_due_everything_is_asked(pack):
    due = replace(pack, review_on=NOW.date())

    assert given_again(due, last(pack), at=NOW) is None


@pytest.mark.parametrize(("days", "is_offered"), [(0, True), (2, True), (3, False)])
def test_after_a_silence_everything_is_asked(pack, days, is_offered):
    found = given_again(pack, last(pack, ago=timedelta(days=days)), at=NOW)

    assert (found is not None) == is_offered


def test_what_today_asks_and_last_time_did_not_say_must_be_asked(pack):
    without = {name: each for name, each in CALM.items() if name != "cough"}

    assert given_again(pack, last(pack, without), at=NOW) is None


def test_an_option_that_is_gone_must_be_asked(pack):
    assert given_again(pack, last(pack, CALM | {"cough": "a-lot"}), at=NOW) is None


def changed(before, after):
    files = pack_files()
    text = files["pack.toml"].decode()
    assert before in text
    return from_files(files | {"pack.toml": text.replace(before, after).encode()})


def test_a_pack_may_ask_everything_always(pack):
    always = changed('default = "offer"', 'default = "ask-all"')

    assert given_again(always, last(pack), at=NOW) is None


def test_a_pack_that_says_nothing_of_it_asks_everything(pack):
    older = changed("settings.nothing_changed", "settings.something_else")

    assert given_again(older, last(pack), at=NOW) is None


def test_no_locality_may_decide_it():
    with pytest.raises(PackRefused, match="must be locked"):
        changed('default = "offer"\nlatitude = "locked"', 'default = "offer"\nlatitude = "free"')
