"""Made-up people behave in the shares that were published."""

from openprotect.messages.rules import TryLater, Undeliverable
from openprotect.simulation.behaviour import (
    CALM,
    Phone,
    answers_at,
    character,
    on_the_phone,
    says,
)
from openprotect.simulation.chance import Dice
from openprotect.simulation.people import numbers
from openprotect.simulation.provider import Provider
from openprotect.simulation.replying import whole
from tests import given

DICE = Dice(1)
DAYS = 84
MANY = 6000
PEOPLE = [character(DICE, number, days=DAYS) for number in range(MANY)]


def share(count):
    return count / MANY


def test_a_fifth_cannot_be_reached_by_phone_and_half_are_engaged():
    assert 0.19 < share(sum(each.phone is not Phone.GOOD for each in PEOPLE)) < 0.23
    assert 0.52 < share(sum(each.keenness > 0 for each in PEOPLE)) < 0.58


def test_one_in_a_hundred_dies_or_moves_and_nobody_does_both():
    dead = [each for each in PEOPLE if each.dies_on is not None]
    moved = [each for each in PEOPLE if each.moves_on is not None]

    assert 0.008 < share(len(dead) + len(moved)) < 0.016
    assert not {each.number for each in dead} & {each.number for each in moved}


def test_an_engaged_person_answers_about_one_day_in_eight():
    answers = sum(
        answers_at(DICE, each, day, (11, 14)) is not None
        for each in PEOPLE[:1500]
        for day in range(0, DAYS, 4)
    )
    engaged = sum(each.keenness > 0 for each in PEOPLE[:1500])

    assert 1 / 10 < answers / (engaged * DAYS / 4) < 1 / 6


def test_one_answer_in_twenty_asks_for_help():
    calls = sum(says(DICE, each, 1) != dict(CALM) for each in PEOPLE)

    assert 0.04 < share(calls) < 0.06


def test_the_dead_answer_nothing_and_whoever_picks_up_says_so():
    dead = next(e for e in PEOPLE if e.dies_on is not None and e.phone is Phone.GOOD)

    assert answers_at(DICE, dead, dead.dies_on, (11,)) is None
    assert on_the_phone(DICE, dead, dead.dies_on, 0) == "DIED"


def test_ringing_a_wrong_number_reaches_nobody():
    wrong = next(each for each in PEOPLE if each.phone is Phone.WRONG)

    assert on_the_phone(DICE, wrong, 0, 0) == "WRONG_NUMBER"


def test_what_anybody_says_is_a_finished_form():
    form = given.covid_protect().questionnaire

    for each in PEOPLE:
        assert not form.missing(whole(form, says(DICE, each, 2)))


def test_what_nobody_answers_in_the_story_gets_the_first_answer():
    form = given.covid_protect().questionnaire

    assert not form.missing(whole(form, {}))


def test_everybody_has_a_number_of_their_own_that_is_issued_to_nobody():
    drawn = [number for number, _ in zip(numbers(), range(50_000), strict=False)]

    assert len(set(drawn)) == 50_000
    assert all(number.startswith("999") and len(number) == 10 for number in drawn)


def test_the_provider_keeps_what_it_accepted_even_in_silence():
    provider, posted, silent, refused = Provider(DICE), 0, 0, 0
    for number in range(MANY):
        try:
            provider.post_text(number, "+447700900123", "Come: https://x/c/token-1 now")
            posted += 1
        except TryLater:
            silent += 1
        except Undeliverable:
            refused += 1

    assert posted > 0.99 * MANY
    assert silent
    assert refused
    assert provider.accepted == sum(
        provider.find(number, "TEXT") is not None for number in range(MANY)
    )
    assert set(provider.links.values()) == {"token-1"}


def test_a_text_to_the_number_that_fails_is_not_delivered():
    provider = Provider(DICE)
    provider.post_text(1, "+447700900002", "Hello")
    provider.post_text(2, "+447700900123", "Hello")

    assert _end(provider, 1) == "failed"
    assert _end(provider, 2) == "delivered"
    assert provider.find(3, "TEXT") is None


def _end(provider, reference):
    """What became of a text, asked until it has arrived somewhere."""
    status = "sending"
    while status == "sending":
        status = provider.find(reference, "TEXT").status
    return status
