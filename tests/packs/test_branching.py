"""When a question is shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packs.given import HIDDEN, choice, coding, form, question, when


def shown(questionnaire, answers):
    return [item.link_id for item in questionnaire.visible(answers)]


def asked_when(operator, value, first):
    return form(first, question("then", "string", enableWhen=[when("first", operator, **value)]))


@pytest.mark.parametrize(
    ("operator", "value", "answer", "is_asked"),
    [
        ("=", 3, 3, True),
        ("=", 3, 4, False),
        ("=", 3, None, False),
        ("!=", 3, 4, True),
        ("!=", 3, 3, False),
        ("!=", 3, None, True),
        (">", 3, 3, False),
        (">", 3, 4, True),
        ("<", 3, 3, False),
        ("<", 3, 2, True),
        (">=", 3, 3, True),
        (">=", 3, 2, False),
        ("<=", 3, 3, True),
        ("<=", 3, 4, False),
        (">", 3, None, False),
        (">", 3, "many", False),
    ],
)
def test_every_comparison_of_numbers_follows_fhir(operator, value, answer, is_asked):
    asked = asked_when(operator, {"answerInteger": value}, question("first", "integer"))

    assert ("then" in shown(asked, {"first": answer})) is is_asked


@pytest.mark.parametrize(("exists", "answer"), [(True, "a"), (False, None)])
def test_a_question_can_wait_for_an_answer_or_for_its_absence(exists, answer):
    asked = asked_when("exists", {"answerBoolean": exists}, choice("first", "a", "b"))

    assert "then" in shown(asked, {"first": answer})
    assert "then" not in shown(asked, {"first": None if exists else "a"})


@pytest.mark.parametrize(
    ("kind", "value", "right", "wrong"),
    [
        ("boolean", {"answerBoolean": True}, True, False),
        ("decimal", {"answerDecimal": 37.5}, "37.5", "37.6"),
        ("date", {"answerDate": "2026-03-27"}, "2026-03-27", "2026-03-28"),
        ("string", {"answerString": "tea"}, "tea", "coffee"),
    ],
)
def test_each_kind_of_answer_can_open_a_branch(kind, value, right, wrong):
    asked = asked_when("=", value, question("first", kind))

    assert "then" in shown(asked, {"first": right})
    assert "then" not in shown(asked, {"first": wrong})


def test_dates_are_compared_by_day():
    asked = asked_when(">", {"answerDate": "2026-03-27"}, question("first", "date"))

    assert "then" in shown(asked, {"first": "2026-03-28"})
    assert "then" not in shown(asked, {"first": "2026-03-27"})


@pytest.mark.parametrize(("behaviour", "is_asked"), [("any", True), ("all", False)])
def test_several_conditions_are_joined_by_any_or_all(behaviour, is_asked):
    asked = form(
        choice("one", "a", "b"),
        choice("two", "a", "b"),
        question(
            "then",
            "string",
            enableWhen=[when("one", "=", **coding("a")), when("two", "=", **coding("a"))],
            enableBehavior=behaviour,
        ),
    )

    assert ("then" in shown(asked, {"one": "a", "two": "b"})) is is_asked


def test_a_group_hides_all_that_is_in_it():
    asked = form(
        choice("first", "a", "b"),
        question(
            "group",
            "group",
            enableWhen=[when("first", "=", **coding("a"))],
            item=[question("inside", "string")],
        ),
    )

    assert shown(asked, {"first": "a"}) == ["first", "inside"]
    assert shown(asked, {"first": "b"}) == ["first"]
    assert asked.item("inside").group == "group?"


def test_a_hidden_item_is_never_a_page():
    hidden = question("hidden", "string", extension=[{"url": HIDDEN, "valueBoolean": True}])
    asked = form(hidden, question("shown", "string"))

    assert shown(asked, {}) == ["shown"]


def test_an_answer_left_behind_by_a_hidden_question_opens_nothing():
    asked = chain(4)
    left_behind = {"q0": "no", "q1": "yes", "q2": "yes"}

    assert shown(asked, left_behind) == ["q0"]
    assert asked.prune(left_behind) == {"q0": "no"}


def test_a_required_question_is_not_missed_while_it_is_hidden():
    asked = form(
        choice("first", "a", "b"),
        question("then", "string", required=True, enableWhen=[when("first", "=", **coding("a"))]),
    )

    assert [item.link_id for item in asked.missing({"first": "a"})] == ["then"]
    assert asked.missing({"first": "b"}) == ()


def chain(length):
    """Each question is asked only after a yes to the one before."""
    items = [choice("q0", "yes", "no")]
    for place in range(1, length):
        before = when(f"q{place - 1}", "=", **coding("yes"))
        items.append(choice(f"q{place}", "yes", "no", enableWhen=[before]))
    return form(*items)


OPERATORS = ("=", "!=", "exists")


@st.composite
def forms(draw):
    """Questionnaires of up to eight questions whose conditions look back at random."""
    items = []
    for place in range(draw(st.integers(1, 8))):
        conditions = draw(st.lists(conditions_on(place), max_size=3)) if place else []
        more = {"enableWhen": conditions} if conditions else {}
        if len(conditions) > 1:
            more["enableBehavior"] = draw(st.sampled_from(["all", "any"]))
        items.append(choice(f"q{place}", "yes", "no", required=draw(st.booleans()), **more))
    return form(*items)


@st.composite
def conditions_on(draw, place):
    operator = draw(st.sampled_from(OPERATORS))
    value = {"answerBoolean": draw(st.booleans())} if operator == "exists" else None
    value = value or coding(draw(st.sampled_from(["yes", "no"])))
    return when(f"q{draw(st.integers(0, place - 1))}", operator, **value)


answers = st.dictionaries(
    st.sampled_from([f"q{place}" for place in range(10)]),
    st.one_of(st.sampled_from(["yes", "no", "gone"]), st.none(), st.integers()),
)


@settings(max_examples=150, deadline=None)
@given(forms(), answers)
def test_pruning_twice_is_pruning_once(asked, given_answers):
    once = asked.prune(given_answers)

    assert asked.prune(once) == once
    assert asked.visible(once) == asked.visible(given_answers)


@settings(max_examples=150, deadline=None)
@given(forms(), answers)
def test_walking_from_the_first_page_visits_exactly_what_is_visible(asked, given_answers):
    walked = []
    page = asked.first(given_answers)
    while page:
        walked.append(page)
        page = asked.next_after(page.link_id, given_answers)

    assert tuple(walked) == asked.visible(given_answers)


@settings(max_examples=150, deadline=None)
@given(forms(), answers)
def test_walking_back_is_the_same_way(asked, given_answers):
    pages = asked.visible(given_answers)

    assert [asked.previous(page.link_id, given_answers) for page in pages] == [None, *pages][:-1]


@settings(max_examples=150, deadline=None)
@given(forms(), answers)
def test_every_answer_to_a_visible_question_survives(asked, given_answers):
    visible = {item.link_id for item in asked.visible(given_answers)}
    kept = asked.prune(given_answers)

    assert kept == {
        name: value
        for name, value in given_answers.items()
        if name in visible and value is not None
    }


def test_a_page_that_does_not_exist_leads_to_the_first():
    asked = chain(2)

    assert asked.next_after("nowhere", {}).link_id == "q0"
    assert asked.previous("nowhere", {}) is None
