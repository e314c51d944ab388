"""Broken expressions are refused with their place and the reason, never silently empty."""

import pytest

from openprotect.forms import fhirpath
from openprotect.forms.fhirpath import BadExpression, problems


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("item.where(linkId='x'", 22, "ends too early"),
        ("", 1, "empty"),
        ("1 +", 4, "ends too early"),
        ("a ! b", 3, "token recognition"),
        ("item.wher(linkId='x')", 6, "there is no function wher()"),
        ("item.where()", 6, "where() takes 1 argument, not 0"),
        ("name.first(1)", 6, "first() takes no arguments, not 1"),
        ("'a'.substring(1, 2, 3)", 5, "takes 1 to 2 arguments"),
        ("value.ofType(Quantty)", 7, "no type 'Quantty'"),
        ("value is Coding2", 10, "no type 'Coding2'"),
        ("@2024-02-30", 1, "no such date"),
        ("@T14:00:00+01:00", 1, "no such date or time"),
        ("code.memberOf('x')", 6, "terminology server"),
        ("99999999999999999999", 1, "too large"),
    ],
)
def test_a_broken_expression_is_refused_with_its_place(text, column, reason):
    with pytest.raises(BadExpression) as refused:
        fhirpath.compile(text)

    assert refused.value.column == column
    assert reason in refused.value.reason


def test_problems_lists_what_is_broken_without_raising():
    (problem,) = problems("item.wher(1)")

    assert problem.is_fatal
    assert (problem.column, problem.reason) == (6, "there is no function wher()")


def test_problems_names_a_variable_that_will_not_be_there():
    (problem,) = problems("%weight / %hight", variables=["weight", "height"])

    assert (problem.column, problem.reason) == (11, "there is no %hight here")


def test_problems_names_an_element_that_the_model_does_not_have():
    (problem,) = problems("%resource.item.anser", root="QuestionnaireResponse")

    assert "no element 'anser'" in problem.reason


def test_a_choice_written_as_in_json_works_and_is_mentioned():
    (problem,) = problems("item.answer.valueInteger", root="QuestionnaireResponse")

    assert not problem.is_fatal
    assert "value" in problem.reason


@pytest.mark.parametrize("text", ["(" * 500 + "1" + ")" * 500, "-" * 2000 + "1", "1" + "+1" * 4000])
def test_what_goes_too_deep_is_refused(text):
    with pytest.raises(BadExpression, match="deep"):
        fhirpath.compile(text)


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(BadExpression, match="longer than"):
        fhirpath.compile("'" + "a" * 20_000 + "'")
