"""Forms with anything anywhere in them: read and said, or refused; nothing falls over."""

import json
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from openprotect.forms.checking import files_of, found_in, verdict_on
from openprotect.forms.reading import read_form
from openprotect.forms.validating import verdict_of
from openprotect.forms.value_sets import Library
from tests.forms.given import choice, item, questionnaire

SAMPLES = [
    each.resource
    for file in files_of(Path(__file__).parent / "samples")
    for each in found_in(file, name=file.name)
    if each.kind in ("Questionnaire", "QuestionnaireResponse")
]
ODD = [
    *(None, True, 0, -1, 10**18, Decimal("1.5"), "", " ", "x", "a" * 300, [], {}, [None], [[]]),
    *({"a": 1}, ["x"], [{}], "2020-02-30", "24:00:00", "%x", "#", "1e5", {"url": "x"}),
]
FORM = read_form(
    questionnaire(item("1", "group", item("1.1"), repeats=True), choice("q1", "a", "b"))
).form


def places(value, here=()):
    yield here
    children = value.items() if isinstance(value, dict) else ()
    for key, child in enumerate(value) if isinstance(value, list) else children:
        yield from places(child, (*here, key))


@st.composite
def mangled(draw):
    """A sample with up to four of its parts replaced or taken away."""
    whole = json.loads(json.dumps(draw(st.sampled_from(SAMPLES)), default=float))
    for _ in range(draw(st.integers(1, 4))):
        everywhere = [each for each in places(whole) if each]
        if not everywhere:
            break
        place = draw(st.sampled_from(everywhere))
        around = whole
        for key in place[:-1]:
            around = around[key]
        if draw(st.booleans()):
            del around[place[-1]]
        else:
            around[place[-1]] = deepcopy(draw(st.sampled_from(ODD)))
    return whole


@settings(max_examples=60, deadline=None)
@given(mangled())
def test_an_odd_form_is_read_or_refused(resource):
    verdict = verdict_on("odd", resource, Library())

    assert verdict.kind in ("supported fully", "supported but", "refused")
    assert verdict.kind == "supported fully" or verdict.reasons or verdict.stuck


@settings(max_examples=60, deadline=None)
@given(mangled())
def test_an_odd_response_is_judged(resource):
    verdict = verdict_of(resource, FORM)

    assert verdict.is_valid is (verdict.errors == ())
