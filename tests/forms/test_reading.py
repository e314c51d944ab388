"""What reading a form takes, mends and says, and what it refuses."""

import json
from datetime import date
from decimal import Decimal

import pytest

from openprotect.forms.documents import read_document
from openprotect.forms.notes import FormRefused
from openprotect.forms.reading import read_form
from openprotect.forms.value_sets import Library, by_address
from openprotect.forms.values import Coding, Quantity
from tests.forms.given import (
    HL7,
    SDC,
    choice,
    extension,
    form,
    formula,
    item,
    questionnaire,
    reading,
    said,
    when,
)


def words(found):
    return " | ".join(text for _, _, text in said(found))


def why(*items, **more):
    with pytest.raises(FormRefused) as refusal:
        reading(*items, **more)
    return str(refusal.value)


def test_a_whole_form_gives_nothing_to_say():
    found = reading(item("a", required=True), choice("b", "x", "y"))

    assert said(found) == []
    assert [each.kind for each in found.form.everything] == ["string", "choice"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"a\x00b", "binary"),
        (b"[]", "not one JSON object"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999999}', "absurd size"),
        (b'{"a":' * 500 + b"1" + b"}" * 500, "deeper"),
        (b'{"a":' * 90000, "deeper"),
        (b'{"a": 1,}', "is not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "too long"),
        (b"<a/>", "not FHIR's"),
        (b"<Questionnaire", "is not XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not FHIR's"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
    ],
)
def test_a_file_that_is_no_resource_is_refused_with_its_reason(content, reason):
    with pytest.raises(FormRefused, match=reason):
        read_document(content)


def test_xml_is_read_as_json_is():
    found = read_document(
        b'<Questionnaire xmlns="http://hl7.org/fhir"><status value="active"/><item>'
        b'<extension url="http://hl7.org/fhir/StructureDefinition/minValue">'
        b'<valueDecimal value="1.50"/></extension>'
        b'<linkId value="a"/><code><code value="c"/></code><text value="One"/>'
        b'<type value="decimal"/><required value="true"/></item></Questionnaire>'
    )

    assert found["item"] == [
        {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/minValue",
                    "valueDecimal": Decimal("1.50"),
                }
            ],
            "linkId": "a",
            "code": [{"code": "c"}],
            "text": "One",
            "type": "decimal",
            "required": True,
        }
    ]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"resourceType": "Patient"}, "is a Patient, not a Questionnaire"),
        ({}, "not a FHIR resource"),
        (questionnaire(), "no items"),
        (questionnaire(item("a", "radio")), "'radio' is not one that FHIR R4 knows"),
        (questionnaire({"linkId": "a"}), "has no type"),
        (questionnaire(item("a"), modifierExtension=[{"url": "x"}]), "modifierExtension"),
        (questionnaire(item("a", modifierExtension=[{"url": "x"}])), "modifierExtension"),
        (questionnaire(*(item(str(each)) for each in range(2001))), "more than 2000 items"),
        (questionnaire(item("a", text="x" * 20001)), "at most 20000"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(resource, reason):
    with pytest.raises(FormRefused, match=reason):
        read_form(resource)


def test_an_expression_that_decides_on_a_question_must_be_sound():
    broken = formula(SDC + "enableWhenExpression", "%resource.item.where(linkId='a'")
    undefined = formula(SDC + "enableWhenExpression", "%nothing > 1")

    assert "broken expression" in why(item("a"), item("b", extension=[broken]))
    assert "%nothing, which is not defined" in why(item("b", extension=[undefined]))


def test_an_initial_expression_that_is_broken_is_said_and_has_no_effect():
    broken = formula(SDC + "initialExpression", "1 +")

    assert "has no effect" in words(reading(item("a", extension=[broken])))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (item("a") | {"linkId": ""}, "has no linkId; it is called item-0 here"),
        (item("a", required="true"), "taken as true"),
        (item("a", "integer", maxLength="3"), "a number in quotes"),
        (item("a", enableWhen={"question": "b", "operator": "=", "answerBoolean": True}), "a list"),
        (item("a", enableWhen=[when("gone", answerBoolean=True)]), "'gone', which is not in"),
        (item("a", enableWhen=[when("a", answerBoolean=True)]), "depends on itself"),
        (item("a", "question"), "abstract"),
        (item("a", "coding", answerOption=[{"valueString": "x"}]), "FHIR R5"),
        (item("a", "choice", option=[{"valueString": "x"}]), "STU3"),
        (item("a", "choice"), "offers no answers"),
        (item("a", "boolean", answerOption=[{"valueString": "x"}]), "offers no answers to choose"),
        (item("a", colour="red"), "'colour' is not an element that FHIR R4 knows"),
        (item("a", initialString="x"), "STU3"),
        (item("a", "integer", initial=[{"valueString": "x"}]), "not a integer"),
    ],
)
def test_a_broken_detail_is_let_pass_and_said(made, expected):
    assert expected in words(reading(made, item("z")))


def test_a_link_id_that_is_there_twice_gets_a_name_of_its_own():
    found = reading(item("a"), item("a"))

    assert [each.link_id for each in found.form.everything] == ["a", "a~2"]
    assert [each.fhir_id for each in found.form.everything] == ["a", "a"]
    assert "has the linkId of an item before it" in words(found)


def test_conditions_in_a_circle_are_shown_with_the_way_round():
    found = reading(
        item("a", enableWhen=[when("b", answerString="x")]),
        item("b", enableWhen=[when("a", answerString="x")]),
    )

    assert "a → b → a" in words(found)


def test_what_has_no_effect_is_said_with_its_item():
    strange = extension("https://example.org/strange", valueBoolean=True)
    found = reading(item("a", extension=[strange]))

    assert said(found) == [
        (
            "unsupported",
            "a",
            "the extension https://example.org/strange is not understood here and has no effect",
        )
    ]


def test_answers_come_from_a_list_that_the_form_contains():
    listed = {
        "resourceType": "ValueSet",
        "id": "colours",
        "compose": {
            "include": [
                {"system": "s", "concept": [{"code": "r", "display": "Red"}, {"code": "g"}]}
            ]
        },
    }
    asked = form(item("a", "choice", answerValueSet="#colours"), contained=[listed])

    assert [(each.code, each.display) for each in asked.item("a").options] == [
        ("r", "Red"),
        ("g", "g"),
    ]


def test_answers_come_from_a_list_beside_the_form_and_the_codes_it_takes():
    system = {
        "resourceType": "CodeSystem",
        "url": "https://example.org/codes",
        "concept": [
            {"code": "a", "display": "A", "concept": [{"code": "a1"}, {"code": "a2"}]},
            {"code": "b", "display": "B"},
        ],
    }
    listed = {
        "resourceType": "ValueSet",
        "url": "https://example.org/list",
        "compose": {
            "include": [
                {
                    "system": "https://example.org/codes",
                    "filter": [{"property": "concept", "op": "is-a", "value": "a"}],
                }
            ],
            "exclude": [{"system": "https://example.org/codes", "concept": [{"code": "a2"}]}],
        },
    }
    library = Library(by_address([system, listed]))
    made = questionnaire(item("q", "choice", answerValueSet="https://example.org/list|1.0"))

    found = read_form(made, library)

    assert [each.code for each in found.form.item("q").options] == ["a", "a1"]


def test_a_list_that_is_not_here_is_said_and_the_answer_asked_for_in_words():
    found = reading(item("a", "choice", answerValueSet="http://loinc.org/vs/LL1-9"))

    assert found.form.item("a").takes_own_words
    assert "is not here; the answer is asked for in words" in words(found)


def test_scores_are_read_wherever_they_stand():
    ordinal = extension(HL7 + "ordinalValue", valueDecimal=Decimal(2))
    weight = extension(HL7 + "itemWeight", valueDecimal=Decimal(3))
    options = [
        {"extension": [ordinal], "valueCoding": {"code": "a"}},
        {"valueCoding": {"code": "b", "extension": [weight]}},
        {"valueCoding": {"code": "c"}},
    ]

    found = form(item("q", "choice", answerOption=options)).item("q")

    assert [each.score for each in found.options] == [Decimal(2), Decimal(3), None]


def test_limits_units_and_presentation_are_read():
    found = form(
        item(
            "q",
            "quantity",
            extension=[
                extension(HL7 + "questionnaire-unit", valueCoding={"code": "Cel", "display": "°C"}),
                extension(SDC + "minQuantity", valueQuantity={"value": 30, "code": "Cel"}),
                extension(HL7 + "maxDecimalPlaces", valueInteger=1),
                extension(HL7 + "regex", valueString="(a+)+b"),
            ],
        ),
        item("d", "date", extension=[extension(HL7 + "maxValue", valueDate="2026-03-27")]),
    )

    quantity = found.item("q")
    assert quantity.unit == "°C"
    assert quantity.units == (Coding("Cel", "°C"),)
    assert quantity.low == Quantity(Decimal(30), code="Cel")
    assert quantity.limits.places == 1
    assert quantity.limits.pattern == "(a+)+b"
    assert found.item("d").high == date(2026, 3, 27)


def test_a_pattern_that_cannot_run_in_linear_time_is_said_and_not_run():
    found = reading(item("a", extension=[extension(HL7 + "regex", valueString=r"(a)\1")]))

    assert "cannot be run in safe time" in words(found)
    assert found.form.item("a").limits.pattern == ""


def test_words_are_read_in_the_language_that_is_wanted():
    translated = {
        "extension": [
            extension(
                HL7 + "translation",
                extension=[
                    extension("lang", valueCode="pl"),
                    extension("content", valueString="Jak się Pan czuje?"),
                ],
            )
        ]
    }
    translated["extension"][0].pop("value", None)
    made = questionnaire(item("a", text="How are you?", _text=translated), item("b"))

    assert read_form(made, language="pl").form.item("a").text == "Jak się Pan czuje?"
    assert read_form(made).form.item("a").text == "How are you?"
    assert read_form(made).form.languages == ("pl",)
    assert "'About b' is not translated into pl" in words(read_form(made))


def test_a_form_is_read_the_same_from_text_and_from_values():
    made = questionnaire(item("a", "decimal", initial=[{"valueDecimal": 1}]))

    assert (
        read_form(read_document(json.dumps(made).encode())).form.items == read_form(made).form.items
    )


def test_lists_that_every_installation_has_are_found_by_their_address():
    gender = form(
        item("a", "choice", answerValueSet="http://hl7.org/fhir/ValueSet/administrative-gender")
    )
    ethnic = "https://fhir.hl7.org.uk/ValueSet/UKCore-EthnicCategory"

    assert [each.code for each in gender.item("a").options] == [
        "male",
        "female",
        "other",
        "unknown",
    ]
    assert len(form(item("a", "choice", answerValueSet=ethnic)).item("a").options) > 15
