"""The way through a form: what is shown, what comes next, what is dropped."""

from decimal import Decimal

from openprotect.forms.answering import pruned, put, with_turns, without_turn
from openprotect.forms.computing import Known, as_asked, proposed, settled
from openprotect.forms.places import Place
from openprotect.forms.values import Coding
from openprotect.forms.walk import first_page, missing, next_page, page_before, pages
from tests.forms.given import SDC, choice, extension, form, formula, item, when


def keys(asked, answers=None):
    return [page.key for page in pages(settled(asked, answers or {}))]


def test_each_question_and_each_text_is_a_page_and_a_group_is_its_heading():
    asked = form(item("hello", "display"), item("g", "group", item("a"), item("b")))

    found = pages(settled(asked, {}))

    assert [(page.key, page.kind) for page in found] == [
        ("hello", "text"),
        ("a", "question"),
        ("b", "question"),
    ]
    assert found[1].headings == ("About g",)


def test_the_way_leads_on_and_back():
    state = settled(form(item("a"), item("b"), item("c")), {})

    assert first_page(state).key == "a"
    assert next_page(state, "a").key == "b"
    assert next_page(state, "c") is None
    assert page_before(state, "b").key == "a"
    assert page_before(state, "a") is None
    assert next_page(state, "gone") is None


def test_a_question_is_asked_when_its_condition_holds_and_its_answer_dropped_when_not():
    asked = form(
        item("ill", "boolean"),
        item("since", "date", enableWhen=[when("ill", answerBoolean=True)]),
        item("seen", "boolean", enableWhen=[when("since", "exists", answerBoolean=True)]),
    )
    answers = {"ill": True, "since": "2026-03-01", "seen": False}

    assert keys(asked, answers) == ["ill", "since", "seen"]
    assert pruned(asked, answers | {"ill": False}) == {"ill": False}


def test_a_condition_may_look_forward():
    asked = form(item("a", enableWhen=[when("b", answerBoolean=True)]), item("b", "boolean"))

    assert keys(asked, {"b": True}) == ["a", "b"]
    assert keys(asked, {"b": False}) == ["b"]


def test_conditions_in_a_circle_come_to_rest():
    asked = form(
        item("a", enableWhen=[when("b", "exists", answerBoolean=False)]),
        item("b", enableWhen=[when("a", "exists", answerBoolean=False)]),
    )

    assert keys(asked) == ["a", "b"]
    assert len(keys(asked, {"a": "x", "b": "y"})) in (0, 1, 2)


def test_what_is_beneath_a_question_follows_each_of_its_answers():
    asked = form(choice("medicine", "a", "b", repeats=True) | {"item": [item("dose")]})

    assert keys(asked) == ["medicine"]
    assert keys(asked, {"medicine": ["a", "b"]}) == ["medicine", "dose@1", "dose@2"]


def test_an_answer_beneath_another_goes_with_it_and_stays_with_it():
    asked = form(choice("medicine", "a", "b", repeats=True) | {"item": [item("dose")]})
    answers = {"medicine": ["a", "b"], "dose@1": "one", "dose@2": "two"}

    after = put(asked, answers, Place("medicine"), [Coding("b", "B")])

    assert after == {"medicine": ["b"], "dose@1": "two"}


def test_after_each_turn_of_a_group_the_form_asks_if_there_is_another():
    asked = form(item("child", "group", item("name"), repeats=True))

    assert keys(asked) == ["name@1", "child@1+"]
    answers = with_turns(asked, {"name@1": "Ann"}, Place("child"), 2)
    assert keys(asked, answers) == ["name@1", "child@1+", "name@2", "child@2+"]


def test_taking_a_turn_away_moves_the_later_ones_up():
    asked = form(item("child", "group", item("name"), repeats=True))
    answers = {"child": 3, "name@1": "Ann", "name@2": "Ben", "name@3": "Cat"}

    assert without_turn(asked, answers, Place("child"), 2) == {
        "child": 2,
        "name@1": "Ann",
        "name@2": "Cat",
    }
    assert with_turns(asked, answers, Place("child"), 1) == {"child": 1, "name@1": "Ann"}


def test_a_condition_within_a_turn_looks_at_the_same_turn():
    asked = form(
        item(
            "child",
            "group",
            item("ill", "boolean"),
            item("since", enableWhen=[when("ill", answerBoolean=True)]),
            repeats=True,
        )
    )

    found = keys(asked, {"child": 2, "ill@1": False, "ill@2": True})

    assert "since@2" in found
    assert "since@1" not in found


def test_a_table_is_one_page():
    control = extension(
        "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        valueCodeableConcept={"coding": [{"code": "gtable"}]},
    )
    asked = form(item("t", "group", item("a"), item("b"), extension=[control]))

    (page,) = pages(settled(asked, {}))

    assert page.kind == "table"
    assert [each.key for each in page.questions] == ["a", "b"]


def test_required_questions_that_are_shown_are_missing_until_they_are_answered():
    asked = form(
        item("a", required=True),
        item("b", required=True, enableWhen=[when("a", answerString="yes")]),
    )

    assert [each.key for each in missing(settled(asked, {}))] == ["a"]
    assert [each.key for each in missing(settled(asked, {"a": "yes"}))] == ["b"]
    assert missing(settled(asked, {"a": "no"})) == ()


def test_a_calculated_value_is_worked_out_and_not_asked():
    asked = form(
        item("weight", "decimal"),
        item("height", "decimal"),
        item(
            "bmi",
            "decimal",
            extension=[formula(SDC + "calculatedExpression", "(%w / %h.power(2)).round(1)")],
        ),
        extension=[
            formula(
                "http://hl7.org/fhir/StructureDefinition/variable",
                "%resource.item.where(linkId='weight').answer.value",
                name="w",
            ),
            formula(
                "http://hl7.org/fhir/StructureDefinition/variable",
                "%resource.item.where(linkId='height').answer.value",
                name="h",
            ),
        ],
    )

    state = settled(asked, {"weight": 80, "height": 2})

    assert state.at("bmi").values == (Decimal("20"),)
    assert [page.key for page in pages(state)] == ["weight", "height"]


def test_a_formula_can_show_a_question():
    asked = form(
        item("a", "integer"),
        item(
            "b",
            extension=[
                formula(
                    SDC + "enableWhenExpression",
                    "%resource.item.where(linkId='a').answer.value > 3",
                )
            ],
        ),
    )

    assert keys(asked, {"a": 2}) == ["a"]
    assert keys(asked, {"a": 4}) == ["a", "b"]


def test_initial_values_are_proposed_and_count_when_nobody_is_asked():
    asked = form(
        item("a", initial=[{"valueString": "x"}]),
        item("b", "integer", initial=[{"valueInteger": 3}], readOnly=True),
        item("c", extension=[formula(SDC + "initialExpression", "%patient.name.first().family")]),
        extension=[],
    )
    known = Known({"patient": {"resourceType": "Patient", "name": [{"family": "Example"}]}})
    state = settled(asked, {}, known)

    assert proposed(asked, state, "a") == ("x",)
    assert state.at("a").values == ()
    assert state.at("b").values == (Decimal(3),)
    assert proposed(asked, state, "c", known) == ("Example",)


def test_answers_to_choose_from_can_be_computed():
    asked = form(
        item("a", repeats=True),
        item(
            "b",
            "choice",
            extension=[
                formula(SDC + "answerExpression", "%resource.item.where(linkId='a').answer.value")
            ],
        ),
    )
    state = settled(asked, {"a": ["one", "two"]})

    assert [each.display for each in as_asked(asked, state, "b").options] == ["one", "two"]
