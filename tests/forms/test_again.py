"""Answers of last time given again, and the scores of answers."""

from decimal import Decimal

from openprotect.forms.again import as_last_time
from openprotect.forms.computing import settled
from openprotect.forms.scoring import Score, scores
from tests.forms.given import HL7, choice, extension, form, item, when
from tests.packs.given import answer, red_flag

BEFORE = {"ill": False, "heat": "37.5", "gone": "x"}


def test_answers_that_still_stand_are_offered_again():
    asked = form(item("ill", "boolean", required=True), item("heat", "decimal"))

    again = as_last_time(asked, BEFORE)

    assert again.answers == {"ill": False, "heat": "37.5"}
    assert again.may_be_offered


def test_what_is_new_or_no_longer_allowed_must_be_asked():
    hot = extension(HL7 + "minValue", valueDecimal=Decimal(38))
    asked = form(
        item("ill", "boolean"),
        item("heat", "decimal", extension=[hot], required=True),
        item("cough", "boolean", required=True),
    )

    again = as_last_time(asked, BEFORE)

    assert again.answers == {"ill": False}
    assert again.open == ("heat", "cough")
    assert not again.may_be_offered


def test_what_hung_on_an_answer_that_is_gone_goes_with_it():
    asked = form(
        choice("how", "well", "bad"),
        item("since", enableWhen=[when("how", answerCoding={"code": "ill"})]),
    )

    assert as_last_time(asked, {"how": "ill", "since": "May"}).answers == {}


def test_answers_that_call_for_help_at_once_are_asked_anew():
    asked = form(item("fell", "boolean", extension=[red_flag(answer("yes"))]))

    again = as_last_time(asked, {"fell": True})

    assert [each.call for each in again.urgent] == ["999"]
    assert not again.may_be_offered
    assert not as_last_time(asked, {}).may_be_offered


def scored(link_id, *points):
    options = [
        {
            "valueCoding": {"code": f"p{each}"},
            "extension": [extension(HL7 + "ordinalValue", valueDecimal=Decimal(each))],
        }
        for each in points
    ]
    return item(link_id, "choice", answerOption=options)


def test_scores_are_summed_by_group_and_as_a_whole():
    asked = form(item("mood", "group", scored("a", 0, 1), scored("b", 0, 3)), scored("c", 2, 4))

    some = scores(settled(asked, {"a": "p1", "b": "p3"}))
    every = scores(settled(asked, {"a": "p1", "b": "p3", "c": "p2"}))

    assert some == (Score("mood", "About mood", Decimal(4)), Score("", "", None))
    assert every[-1] == Score("", "", Decimal(6))
    assert scores(settled(form(item("x")), {})) == ()
