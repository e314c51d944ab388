"""What people read is there in every language of a pack, and says the same (bad input N11)."""

import json

import pytest

from openprotect.packs.problems import Reading
from openprotect.packs.translations import TRANSLATION, check_translations
from tests.packs.given import changed, emergency, said, shipped
from tests.packs.test_programmes import PROGRAMMES, pack_of

PLAIN, SWAPPED = {"yes": "Tak", "no": "Nie"}, {"yes": "Nie", "no": "Tak"}


def beside(**words):
    """The element beside a text that holds what it is in other languages."""
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": language},
                    {"url": "content", "valueString": text},
                ],
            }
            for language, text in words.items()
        ]
    }


def question(link_id, options=PLAIN, text="Na pewno?"):
    coded = [
        {"valueCoding": {"code": code, "display": code.title(), "_display": beside(pl=theirs)}}
        for code, theirs in options.items()
    ]
    item = {"linkId": link_id, "type": "choice", "text": "Sure?", "answerOption": coded}
    return item | {"_text": beside(pl=text)}


def form(*items, told="Zadzwon 999.", **more):
    first = emergency()
    first["extension"][0]["_valueString"] = beside(pl=told)
    whole = {"resourceType": "Questionnaire", "title": "Small", "_title": beside(pl="Maly")}
    return json.dumps(whole | {"extension": [first], "item": list(items)} | more, indent=1)


def problems(text, *languages):
    reading = Reading()
    check_translations(reading, "questionnaire.json", text, ("en", *(languages or ("pl",))))
    return [str(each) for each in reading.problems]


def test_a_form_that_is_whole_in_its_languages_is_left_in_peace():
    assert problems(form(question("a"), question("b"))) == []


def test_languages_that_the_pack_does_not_list_need_nothing():
    assert problems(form(question("a")), "en") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (form(question("a", text="")), "item a: 'Sure?' is not translated into Polish"),
        (form(question("a", {"yes": "Tak", "no": " "})), "item a: 'No' is not translated"),
        (form(question("a"), told="Zadzwon 112."), "in Polish must name 999"),
        (form(question("a"), _title=beside(lt="Mazas")), "'Small' is not translated into Polish"),
        (form(question("a", {"yes": "Tak", "no": "tak"})), "'Yes' and 'No' are the same in Polish"),
    ],
)
def test_what_is_missing_or_dangerous_refuses_the_pack(text, words):
    (told,) = problems(text)

    assert words in told
    assert "warning" not in told


def test_a_yes_and_a_no_that_changed_places_are_warned_of():
    told = problems(form(question("a"), question("b", SWAPPED)))

    assert len(told) == 2
    assert "item b: warning: 'Yes' is 'Nie' here and 'Tak' before, in Polish" in told[0]


def test_a_fault_is_told_at_the_line_of_its_item():
    text = form(question("a"), question("b", text=""))
    row = next(n for n, line in enumerate(text.splitlines(), 1) if '"linkId": "b"' in line)

    (told,) = problems(text)
    assert told.startswith(f"questionnaire.json:{row}:item b")


@pytest.mark.parametrize("text", ["{", "[]", '{"item": [1, {"linkId": null}]}', '{"_title": 3}'])
def test_what_is_no_form_is_for_others_to_tell(text):
    assert not any("Traceback" in line for line in problems(text))


def test_a_shipped_pack_with_one_answer_left_in_english_is_refused():
    files = changed("questionnaire.json", '"Mniej więcej tak samo"', '""')

    assert any("'About the same' is not translated into Polish" in line for line in said(files))


@pytest.mark.parametrize("folder", PROGRAMMES, ids=lambda each: each.name)
def test_the_questions_keep_their_codes_and_flags_in_every_language(folder):
    pack = pack_of(folder)
    for language in pack.languages:
        asked = pack.questionnaire_in(language)
        for item, theirs in zip(pack.questionnaire.items, asked.items, strict=True):
            assert item.link_id == theirs.link_id
            assert [each.code for each in item.options] == [each.code for each in theirs.options]
            for flag, same in zip(item.red_flags, theirs.red_flags, strict=True):
                assert (flag.codes, flag.emergency.call) == (same.codes, same.emergency.call)
                assert flag.emergency.call in same.emergency.text


def test_the_questions_are_in_the_nearest_language_or_in_english():
    pack = shipped()

    assert pack.questionnaire_in("pl-PL").title == "Jak się Pan/Pani dziś czuje?"
    assert pack.questionnaire_in("lt").items[1].options[0].display == "Geriau"
    assert "Ligue 999" in pack.questionnaire_in("pt").emergency_text.text
    assert pack.questionnaire_in("so") is pack.questionnaire
    assert (
        pack.questionnaire_in("en-x-easy")
        .item("breath")
        .red_flags[0]
        .emergency.text.startswith("Ring 999 now. Do not wait for us.")
    )
