"""The shipped pack: its cards come out as written, and its words are fit for those they are for."""

import json
import re

import pytest

from openprotect.packs.cards import unproven
from openprotect.packs.checking import play_cards
from openprotect.packs.response_check import faults
from tests.packs.given import SHIPPED, shipped
from tests.packs.test_responses import NOON

PLAYED = play_cards(shipped())


@pytest.mark.parametrize("played", PLAYED, ids=lambda played: played.card.name)
def test_a_card_comes_out_as_signed(played):
    assert played.is_right, played.difference


def test_there_are_enough_cards():
    assert len(PLAYED) >= 30


def test_each_rule_is_shown_firing_and_silent_and_each_bound_on_both_sides():
    assert unproven(PLAYED, shipped().triage) == ()


def test_every_rule_names_its_source_or_asks_to_be_signed():
    for rule in shipped().triage.rules:
        assert re.search(r"NHS|National shielding form|Safety rule|to be signed", rule.source)


@pytest.mark.parametrize("played", PLAYED, ids=lambda played: played.card.name)
def test_every_card_can_leave_as_fhir_and_come_back(played):
    asked = shipped().questionnaire
    sent = asked.to_fhir(
        played.card.answers, authored_at=NOON, response_id="r1", version=shipped().version
    )

    assert faults(json.loads(json.dumps(sent)), asked, shipped().version) == ()


def test_somebody_who_is_well_is_asked_ten_questions_at_most():
    well = next(played.card.answers for played in PLAYED if played.card.name == "all-well")

    assert len(shipped().questionnaire.visible(well)) <= 10
    assert shipped().questionnaire.missing(well) == ()


def test_every_answer_that_means_now_shows_an_emergency_text():
    asked = shipped().questionnaire
    for played in PLAYED:
        urgent = {rule.name for rule in shipped().triage.rules if rule.kind == "clinical"}
        urgent &= {rule.name for rule in shipped().triage.rules if rule.urgency == "now"}
        urgent -= {"words-urgent", "fever-breathless"}
        if played.fired & urgent:
            answers = played.card.answers
            assert any(asked.emergency(item, answers.get(item.link_id)) for item in asked.questions)


def test_a_caller_has_words_for_every_question():
    assert [
        item.link_id for item in shipped().questionnaire.questions if not item.caller_wording
    ] == []


def test_every_choice_lets_people_say_they_are_not_sure():
    choices = [item for item in shipped().questionnaire.questions if item.kind == "choice"]

    assert all(item.option("not-sure") for item in choices)


def test_questions_are_short_and_in_plain_words():
    for item in shipped().questionnaire.questions:
        words = [
            *item.text.split(),
            *(word for each in item.options for word in each.display.split()),
        ]
        assert len(item.text.split()) <= 14
        assert max(len(word.strip("?,.")) for word in words) <= 11


def test_voicemail_reveals_nothing():
    spoken = shipped().call_script.sections[-1]
    message = next(each.text for each in spoken.passages if each.kind == "say")

    assert spoken.title == "No answer"
    assert not re.search(r"protect|practice|health|check-in|covid", message, re.IGNORECASE)


def test_the_reception_card_fits_one_page():
    assert len((SHIPPED / "practice-card.md").read_text().split()) <= 300
