"""No author can hang a page: every expression ends soon."""

import time

import pytest

from openprotect.forms import fhirpath
from openprotect.forms.fhirpath import CannotEvaluate, TooCostly

TEN = "(" + "|".join(map(str, range(10))) + ")"


@pytest.mark.parametrize(
    "text",
    [
        f"{TEN}.select({TEN}).select({TEN}).select({TEN}).select({TEN}).select({TEN}).count()",
        "1.repeatAll($this)",
        "1.repeat($this + 1)",
        f"{TEN}.select({TEN}).aggregate($total & '{'a' * 100}' & $total, 'a').length()",
    ],
)
def test_what_costs_too_much_is_stopped_soon(text):
    began = time.perf_counter()

    with pytest.raises(TooCostly):
        fhirpath.compile(text).evaluate({})

    assert time.perf_counter() - began < 5


def test_a_pattern_that_defeats_other_engines_is_quick():
    expression = fhirpath.compile("%text.matches('^(a+)+$')")
    began = time.perf_counter()

    assert expression.evaluate({}, {"text": "a" * 30_000 + "b"}) == [False]

    assert time.perf_counter() - began < 2


def test_a_pattern_that_needs_to_go_back_is_refused():
    with pytest.raises(CannotEvaluate, match="cannot be used"):
        fhirpath.compile(r"'aa'.matches('(a)\\1')").evaluate({})


def test_a_power_without_end_is_empty():
    assert fhirpath.compile("9.power(9).power(9).power(9).power(9)").evaluate({}) == []
