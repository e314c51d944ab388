"""The shipped programmes: their cards come out as written, and their words suit their readers."""

import json
import re
from functools import cache

import pytest

from openprotect.packs import load
from openprotect.packs.messages import NAMES
from openprotect.packs.proving import play_cards
from openprotect.packs.response_check import faults
from tests.packs.given import SHIPPED
from tests.packs.test_responses import NOON

PROGRAMMES = sorted(each.parent for each in SHIPPED.parent.glob("*/questionnaire.json"))
SOURCES = (
    r"NHS |NICE |National shielding form|Safety rule|to be signed|Quality and Outcomes|"
    r"Accessible Information Standard|GOV\.UK"
)
SHIPPED_NOW = {
    "cervical-screening", "covid-protect", "diabetes-prevention", "falls", "winter-respiratory",
}  # fmt: skip
ONCE_A_DAY_OR_WEEK = 12


@cache
def pack_of(folder):
    return load(folder)


@cache
def played_of(folder):
    return play_cards(pack_of(folder))


def urgent_of(pack):
    return {e.name for e in pack.triage.rules if (e.kind, e.urgency) == ("clinical", "now")}


every_programme = pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda each: each.name)
every_card = pytest.mark.parametrize(
    ("folder", "played"),
    [(folder, played) for folder in PROGRAMMES for played in played_of(folder)],
    ids=lambda each: each.name if hasattr(each, "name") else each.card.name,
)


def test_the_programmes_of_this_release_are_shipped():
    assert {folder.name for folder in PROGRAMMES} >= SHIPPED_NOW


@every_programme
def test_there_are_enough_cards(folder):
    assert len(played_of(folder)) >= 30


@every_programme
def test_every_rule_names_its_source_or_asks_to_be_signed(folder):
    for rule in pack_of(folder).triage.rules:
        assert re.search(SOURCES, rule.source), rule.name


@every_programme
def test_an_owner_is_named_and_asked_to_sign(folder):
    assert "to be named and to sign" in pack_of(folder).clinical_owner


@every_card
def test_every_card_can_leave_as_fhir_and_come_back(folder, played):
    pack = pack_of(folder)
    sent = pack.questionnaire.to_fhir(
        played.card.answers, authored_at=NOON, response_id="r1", version=pack.version
    )

    assert faults(json.loads(json.dumps(sent)), pack.questionnaire, pack.version) == ()


@every_programme
def test_the_calmest_card_asks_little(folder):
    asked = pack_of(folder).questionnaire
    calm = played_of(folder)[0].card.answers

    assert played_of(folder)[0].fired == frozenset()
    assert len(asked.visible(calm)) <= ONCE_A_DAY_OR_WEEK
    assert asked.missing(calm) == ()


@every_programme
def test_every_answer_that_alone_means_now_shows_an_emergency_text(folder):
    asked, triage = pack_of(folder).questionnaire, pack_of(folder).triage
    alone = {
        rule.name
        for rule in triage.rules
        if rule.name in urgent_of(pack_of(folder))
        and len(rule.cells) == 1
        and not triage.facts[next(iter(rule.cells))].is_free_text
    }
    shown = [each for each in played_of(folder) if each.fired & alone]

    assert shown
    for each in shown:
        answers = each.card.answers
        told = [asked.emergency(item, answers.get(item.link_id)) for item in asked.questions]
        assert any(told), each.card.name


@every_programme
def test_a_caller_has_words_for_every_question(folder):
    questions = pack_of(folder).questionnaire.questions

    assert [item.link_id for item in questions if not item.caller_wording] == []


@every_programme
def test_every_choice_lets_people_say_they_are_not_sure(folder):
    choices = [e for e in pack_of(folder).questionnaire.questions if e.kind == "choice"]

    assert [item.link_id for item in choices if not item.option("not-sure")] == []


@every_programme
def test_questions_are_short_and_in_plain_words(folder):
    for item in pack_of(folder).questionnaire.questions:
        words = [
            *item.text.split(),
            *(word for each in item.options for word in each.display.split()),
        ]
        assert len(item.text.split()) <= 15, item.text
        assert max(len(word.strip("?,.:")) for word in words) <= 11, item.text


@every_programme
@pytest.mark.parametrize("name", NAMES)
def test_texts_in_every_language_are_plain_and_cost_three_at_most(folder, name):
    pack = pack_of(folder)
    for language in pack.languages:
        assert pack.message(name, language=language).parts <= 3, language
    assert not [each for each in pack.warnings if each.file.startswith("messages/")]


@every_programme
def test_what_no_professional_translated_is_marked_for_signature(folder):
    pack = pack_of(folder)

    assert set(pack.awaiting_translation) == set(pack.languages) - {"en"}
    assert {"pl", "pt", "lt", "en-x-easy"} <= set(pack.awaiting_translation)
    assert len([e for e in pack.warnings if e.column == "awaiting_translation"]) == 4


@every_programme
def test_voicemail_reveals_nothing(folder):
    spoken = pack_of(folder).call_script.sections[-1]
    message = next(each.text for each in spoken.passages if each.kind == "say")

    assert spoken.title == "No answer"
    assert not re.search(r"protect|practice|health|check-in|covid|test", message, re.IGNORECASE)


@every_programme
def test_a_call_handler_is_told_what_to_do_at_every_moment_of_a_call(folder):
    titles = [each.title for each in pack_of(folder).call_script.sections]

    assert titles == [
        "Before you ring", "Introduction", "Is it safe to talk?", "Who am I speaking to?",
        "The questions", "Red flag: stop the script", "If they are upset or grieving", "Ending",
        "No answer",
    ]  # fmt: skip


@every_programme
def test_the_reception_card_fits_one_page(folder):
    assert len((folder / "practice-card.md").read_text().split()) <= 300


@every_programme
def test_a_caller_who_speaks_another_language_has_every_word_to_say_in_it(folder):
    pack = pack_of(folder)
    english = said_aloud(pack.call_script)

    for language in set(pack.languages) - {"en"}:
        script = pack.call_script_in(language)
        spoken = said_aloud(script)
        assert [each.title for each in script.sections] == [
            each.title for each in pack.call_script.sections
        ]
        assert len(spoken) == len(english)
        assert not set(spoken) & set(english), language
        assert "999" in spoken[-2]


def said_aloud(script):
    return [e.text for section in script.sections for e in section.passages if e.kind == "say"]
