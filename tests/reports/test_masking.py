"""Small numbers are not told, and neither a total nor an earlier table gives them back."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openprotect.reports.rules.masking import LEAST, SMALL, Column, column, rounded, told


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (1, SMALL), (4, SMALL), (5, "5"), (7, "5"), (8, "10")]
)
def test_one_to_four_are_not_told_and_others_are_rounded(count, shown):
    assert told(count) == shown


def test_whoever_may_see_them_is_told_the_numbers_themselves():
    assert column([1, 8, 1200], exact=True) == Column(("1", "8", "1,200"), "1,209")


def test_a_total_is_rounded_for_itself():
    assert column([7, 7, 7]) == Column(("5", "5", "5"), "20")


def test_a_total_with_a_small_number_says_what_the_figures_shown_allow():
    assert column([0, 1, 3, 11]) == Column(("0", SMALL, SMALL, "10"), "10 to 20")


def test_a_small_number_is_drawn_as_the_smallest_that_is_told():
    assert [rounded(each) for each in (0, 1, 4, 12)] == [0, 5, 5, 10]


def could_be(shown):
    return [each for each in range(40) if told(each) == shown]


@given(st.lists(st.integers(0, 14), min_size=1, max_size=3))
def test_no_small_number_is_given_back_by_the_total(counts):
    shown = column(counts)

    found = [
        possible for possible in product(*map(could_be, shown.cells)) if column(possible) == shown
    ]

    for place, each in enumerate(counts):
        if 0 < each < 5:
            assert len({possible[place] for possible in found}) > 1


@given(before=st.integers(5, 60), joined=st.integers(0, 4), left=st.integers(0, 4))
def test_two_runs_beside_each_other_do_not_tell_how_few_joined(before, joined, left):
    """What a reader of both totals and both steps can still take to be so."""
    after = before + joined - left
    assume(after >= LEAST)

    found = {
        (into, out)
        for start in range(5, 70)
        if told(start) == told(before)
        for into in could_be(told(joined))
        for out in could_be(told(left))
        if told(start + into - out) == told(after)
    }

    assert (joined, left) in found
    assert not joined or len({into for into, _ in found}) > 1
    assert not left or len({out for _, out in found}) > 1
