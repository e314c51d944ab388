"""What is different between two versions, as whoever signs reads it."""

import json

import pytest

from openprotect.packs import from_files
from openprotect.packs.differences import differences
from openprotect.packs.differences.asking import of_forms
from tests.packs.given import FILE, changed, pack_files, shipped


def told(files):
    return {str(each) for each in differences(from_files(pack_files()), from_files(files))}


def form_with(link_id, **parts):
    """The shipped form with one item changed."""
    form = json.loads(pack_files()[FILE])
    for group in form["item"]:
        for item in group.get("item", ()):
            if item["linkId"] == link_id:
                item.update(parts)
    return pack_files() | {FILE: json.dumps(form).encode()}


def test_the_same_pack_has_no_difference():
    assert told(pack_files()) == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("triage.csv", "fever,,,,,,>= 38", "fever,,,,,,> 38",
         'temperature? from "38 °C or more" to "more than 38 °C" (temperature: >= 38 → > 38)'),
        ("triage.csv", "clinical,today,Temperature of 38", "clinical,week,Temperature of 38",
         "triage: ! the rule fever: urgency lowered from today to week"),
        ("triage.csv", ",yes,\"< 38, missing\",yes,", ",yes,,yes,",
         "triage: the rule hot-cough: it no longer asks for If you have a thermometer, what"),
        ("routing.toml", 'function = "pharmacy"', 'function = "practice"',
         "routing: medication.today: its owner changes from pharmacy to practice"),
        ("routing.toml", "30 minutes", "1 hour",
         'routing: ! clinical.now: accept within from "30 minutes" to "1 hour"'),
        ("pack.toml", "default = 2\n", "default = 3\n",
         "settings: misses_before_call: what holds if nobody chose from 2 to 3"),
        ("pack.toml", "high = 5", "high = 4", "settings: misses_before_call: the most from 5 to 4"),
        ("messages/pl/stopped.text.txt", "{phone}", "tel. {phone}", "messages: stopped in pl from"),
        ("messages/pl/call-script.md", "Czy to dobry moment?", "Czy można teraz?",
         'call script: new: "> Czy'),
        ("pack.toml", 'when_unread = "nothing"', 'when_unread = "remind"',
         "pack: ways of reaching people: when unread from nothing to remind"),
        ("call-script.md", "Is it safe to talk?", "Can you talk?", 'call script: new: "# Can you'),
        ("cohort.toml", 'title = "Diabetes"', 'title = "Sugar"', "the group Diabetes is gone"),
        ("examples/triage.csv", "Chest pain now", "Pain now",
         "cards: examples/triage.csv: 1 lines gone, 1 lines new"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_plain_words(name, old, new, words):
    lines = told(changed(name, old, new))

    assert any(words in each for each in lines), lines


def test_an_answer_under_another_code_is_recoded_and_grave():
    form = json.loads(pack_files()[FILE])
    text = json.dumps(form).replace('"a-bit"', '"somewhat"')

    lines = told(pack_files() | {FILE: text.encode()})

    assert any("questions: ! mood: the answer" in e and "recoded from a-bit" in e for e in lines)


def test_a_question_that_is_no_longer_asked_is_grave():
    form = json.loads(pack_files()[FILE])
    for group in form["item"]:
        group["item"] = [each for each in group["item"] if each["linkId"] != "cough"]
    table = [
        line
        for line in pack_files()["triage.csv"].decode().replace(",cough,", ",age,", 1).splitlines()
        if not line.startswith(("cough,", "hot-cough,"))
    ]
    files = {FILE: json.dumps(form).encode(), "triage.csv": "\n".join(table).encode()}

    lines = told(pack_files() | files)

    assert any(each.startswith("questions: ! cough is no longer asked:") for each in lines), lines
    assert any(each.startswith("triage: ! the rule hot-cough is gone:") for each in lines)


def test_a_question_asked_otherwise_is_told():
    lines = told(form_with("mood", text="How is your mood?", required=False))

    assert any(each.startswith('questions: mood: the question from "') for each in lines)
    assert "questions: mood: required from yes to no" in lines


def test_a_translation_is_told_with_its_language():
    polish = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [
            {"url": "lang", "valueCode": "pl"},
            {"url": "content", "valueString": "Jak nastrój?"},
        ],
    }

    found = list(of_forms(pack_files(), form_with("mood", _text={"extension": [polish]})))

    was = shipped().questionnaire_in("pl").item("mood").text
    assert found[0].words == f'mood: the question in pl from "{was}" to "Jak nastrój?"'
