"""What the standard says and the official sample does not show."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from openprotect.forms import fhirpath
from openprotect.forms.fhirpath import CannotEvaluate, element

NOON = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "weight", "answer": [{"valueQuantity": {"value": 80.5, "unit": "kg"}}]},
        {"linkId": "height", "answer": [{"valueDecimal": 1.75}]},
        {"linkId": "born", "answer": [{"valueDate": "1950-02"}]},
        {
            "linkId": "mood",
            "answer": [{"valueCoding": {"system": "urn:x", "code": "often", "display": "Often"}}],
        },
    ],
}


def of(text, variables=None, resource=RESPONSE, **rest):
    return fhirpath.compile(text).evaluate(resource, variables, **rest)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("item.where(linkId='height').answer.value", [Decimal("1.75")]),
        ("item.where(linkId='weight').answer.value.value / 1.75.power(2) > 26", [True]),
        ("item.where(linkId='mood').answer.valueCoding.code", ["often"]),
        ("item.where(linkId='born').answer.value < @1951", [True]),
        ("item.where(linkId='born').answer.value < @1950-02-10", []),
        ("item.where(linkId='nothing').answer.value + 1", []),
        ("item.linkId.join(', ')", ["weight, height, born, mood"]),
        ("(1 | 2 | 3).sum()", [6]),
        ("{}.sum()", [0]),
        ("(1 | 2 | 6).avg()", [Decimal(3)]),
        ("(3 | 1 | 2).min() & ''", None),
        ("(@2020 | @2021).max()", ["2021"]),
        ("{}.max()", []),
        ("@2024-01-31 + 1 month", ["2024-02-29"]),
        ("@2024-02-29 - 1 year", ["2023-02-28"]),
        ("@2024 + 18 months", ["2025"]),
        ("@2024-03-31T23:30:00Z + 45 minutes", ["2024-04-01T00:15:00Z"]),
        ("@T23:30 + 45 minutes", ["00:15"]),
        ("1 year = 1 'a'", []),
        ("1 year ~ 1 'a'", [True]),
        ("1 'kg' = 1 'm'", []),
        ("1 'kg' > 999 'g'", [True]),
        ("(1 'kg' + 500 'g').toString()", ["1.5 'kg'"]),
        ("60 'mm[Hg]' < 0.1 'bar'", [True]),
        ("true and {}", []),
        ("false and {}", [False]),
        ("{} or true", [True]),
        ("{} implies true", [True]),
        ("1 and true", [True]),
        ("'a' in {}", [False]),
        ("{} in ('a')", []),
        ("5 div 0", []),
        ("7 mod -2", [1]),
        ("-7 div 2", [-3]),
        ("2.5.round()", [3]),
        ("16.log(2)", [Decimal(4)]),
        ("2.power(-1)", [Decimal("0.5")]),
        ("9223372036854775807 + 1", []),
        ("'1.50'.toDecimal().toString()", ["1.50"]),
        ("'2 weeks'.toQuantity().toString()", ["2 week"]),
        ("'abc'.replaceMatches('(b)', '[$1]')", ["a[b]c"]),
        ("'a\\u00e9'.upper()", ["AÉ"]),
        ("('b' | 'a' | 'c').sort(-$this).join('')", ["cba"]),
        ("(1 | 2 | 3).skip(-1).count()", [3]),
        ("today().toString()", ["2026-03-04"]),
        ("now() = @2026-03-04T12:30:00Z", [True]),
        ("timeOfDay() >= @T12", []),
        ("timeOfDay().hourOf()", [12]),
        ("Patient.name", []),
        ("%ucum", ["http://unitsofmeasure.org"]),
        ("%`vs-administrative-gender`", ["http://hl7.org/fhir/ValueSet/administrative-gender"]),
    ],
)
def test_an_expression_gives(text, answer):
    if answer is None:
        with pytest.raises(CannotEvaluate):
            of(text, at=NOON)
    else:
        assert of(text, at=NOON) == answer


def test_the_clock_is_the_one_that_was_given_or_none():
    with pytest.raises(CannotEvaluate, match="needs a clock"):
        of("today()")


def test_a_variable_that_was_not_given_is_refused():
    with pytest.raises(CannotEvaluate, match="no %nobody"):
        of("%nobody.name")


def test_two_items_where_one_is_asked_for_are_refused():
    with pytest.raises(CannotEvaluate, match="must be one item"):
        of("item.linkId.upper() = 'A'")


def test_answers_of_one_expression_keep_their_type_as_a_variable_of_another():
    born = fhirpath.compile("item.where(linkId='born').answer.value").items(RESPONSE)

    assert of("%born is date", {"born": born}) == [True]


def test_a_part_of_a_form_can_be_the_context():
    item = element(RESPONSE["item"][1])

    assert of("%context.linkId & answer.value.toString()", context=item) == ["height1.75"]


def test_a_quantity_comes_back_as_fhir_writes_it():
    assert of("2 'kg' + 500 'g'") == [
        {
            "value": Decimal("2.5"),
            "unit": "kg",
            "system": "http://unitsofmeasure.org",
            "code": "kg",
        }
    ]


ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
FORM = {
    "resourceType": "Questionnaire",
    "item": [
        {
            "linkId": "mood",
            "type": "choice",
            "answerOption": [
                {"valueCoding": {"system": "urn:x", "code": "never"}},
                {
                    "extension": [{"url": ORDINAL, "valueDecimal": 2}],
                    "valueCoding": {"system": "urn:x", "code": "often"},
                },
            ],
        }
    ],
}


@pytest.mark.parametrize("function", ["weight", "ordinal"])
def test_the_score_of_an_answer_is_found_in_the_form(function):
    text = f"item.where(linkId='mood').answer.value.{function}()"

    assert of(text, {"questionnaire": FORM}) == [Decimal(2)]


def test_the_score_that_an_answer_carries_itself_comes_first():
    coding = {"code": "often", "extension": [{"url": ORDINAL, "valueDecimal": 7}]}
    response = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"linkId": "mood", "answer": [{"valueCoding": coding}]}],
    }

    assert of("item.answer.weight().sum()", {"questionnaire": FORM}, response) == [Decimal(7)]


def test_a_score_of_a_contained_value_set_is_found():
    concept = {"code": "often", "extension": [{"url": ORDINAL, "valueDecimal": 3}]}
    form = {
        "resourceType": "Questionnaire",
        "contained": [
            {
                "resourceType": "ValueSet",
                "id": "moods",
                "compose": {"include": [{"system": "urn:x", "concept": [concept]}]},
            }
        ],
        "item": [{"linkId": "mood", "type": "choice", "answerValueSet": "#moods"}],
    }

    assert of("item.answer.value.weight()", {"questionnaire": form}) == [Decimal(3)]
