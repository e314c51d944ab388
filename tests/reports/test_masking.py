"""Small numbers are hidden, and neither the total nor the other numbers give them back."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openprotect.reports.rules.masking import HIDDEN, SMALL, Masked, masked, small

BOUNDS = {SMALL: range(1, 5), HIDDEN: range(37)}


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, SMALL), (4, SMALL), (5, "5")])
def test_a_count_of_one_to_four_is_not_shown(count, shown):
    assert small(count) == shown


def test_nothing_is_hidden_where_nothing_is_small():
    assert masked([0, 5, 1200]) == Masked(("0", "5", "1,200"), "1,205")


def test_one_small_count_takes_the_next_smallest_with_it():
    assert masked([3, 40, 7]).cells == (SMALL, "40", HIDDEN)


def test_two_small_counts_hide_each_other():
    assert masked([3, 2, 40]).cells == (SMALL, SMALL, "40")


def test_two_ones_do_not_hide_each_other():
    assert masked([1, 1, 40, 60]).cells == (SMALL, SMALL, HIDDEN, "60")


def test_a_small_total_is_hidden_as_well():
    assert masked([0, 3]).total == SMALL


def test_where_nothing_else_can_be_hidden_no_bounds_are_given():
    assert masked([4, 4]).cells == (HIDDEN, HIDDEN)


def possible(shown, total):
    """For each count, all that it could be, by what is shown."""
    ranges = [BOUNDS.get(each) or [int(each)] for each in shown]
    found = [set() for _ in shown]
    for counts in product(*ranges):
        if sum(counts) == total:
            for place, count in enumerate(counts):
                found[place].add(count)
    return found


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=3))
def test_no_small_count_is_given_back(counts):
    shown = masked(counts)
    if shown.total == SMALL:
        return

    found = possible(shown.cells, sum(counts))

    assert all(len(found[place]) > 1 for place, each in enumerate(counts) if 0 < each < 5)
    assert all(each in could_be for each, could_be in zip(counts, found, strict=True))
