"""A questionnaire in several languages: whole in each, and one set of answers for all."""

from tests.packs.given import choice, faults_of, form, form_text

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def translated(**words):
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


def option(code, display, **words):
    return {"valueCoding": {"code": code, "display": display, "_display": translated(**words)}}


WELL = choice(
    "well",
    answerOption=[option("yes", "Yes", pl="Tak"), option("no", "No", pl="Nie")],
    text="Are you well?",
    _text=translated(pl="Czy czuje się Pan dobrze?"),
)


def test_a_questionnaire_is_read_in_each_of_its_languages():
    polish = form(WELL).in_language("pl-PL")

    assert polish.item("well").text == "Czy czuje się Pan dobrze?"
    assert polish.in_words({"well": "yes"}) == (("Czy czuje się Pan dobrze?", "Tak"),)


def test_a_language_that_is_not_there_is_met_with_the_one_it_was_written_in():
    assert form(WELL).in_language("lt").item("well").text == "Are you well?"


def test_a_translation_that_leaves_out_one_answer_is_refused():
    half = WELL | {"answerOption": [option("yes", "Yes", pl="Tak"), option("no", "No")]}

    assert any("'No' is not translated into pl" in each for each in faults_of(form_text(half)))
