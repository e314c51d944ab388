"""A day typed into three boxes."""

from datetime import date

import pytest

from openprotect.web.design.days import NotADay, read_day

TODAY = date(2026, 5, 5)


def read(*typed):
    return read_day(typed, subject="Date of birth", latest=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        ("1", "2", "1950"),
        ("01", "02", "1950"),
        (" 1 ", "Feb", "1950"),
        ("1", "february", "50"),
        ("01-02-1950", "", ""),
        ("1/2/1950", "", ""),
        ("1 Feb 1950", "", ""),
    ],
)
def test_a_day_with_one_meaning_is_read_however_it_is_typed(typed):
    assert read(*typed) == date(1950, 2, 1)


def test_three_empty_boxes_are_no_answer():
    assert read("", " ", "") is None


@pytest.mark.parametrize(
    ("typed", "words", "boxes"),
    [
        (("1", "", "1950"), "must include a month", ("month",)),
        (("1", "", ""), "must include a month and a year", ("month", "year")),
        (("31", "2", "1950"), "must be a real date", ("day", "month", "year")),
        (("1", "13", "1950"), "must be a real date", ("day", "month", "year")),
        (("x", "2", "1950"), "must be a real date", ("day",)),
        (("1", "ma", "1950"), "must be a real date", ("month",)),
        (("1", "2", "15"), "a year of 4 figures", ("year",)),
        (("1", "2", "950"), "a year of 4 figures", ("year",)),
        (("\u0661", "2", "1950"), "must be a real date", ("day",)),
    ],
)
def test_what_is_no_day_or_two_is_asked_again_at_its_box(typed, words, boxes):
    with pytest.raises(NotADay, match=words) as why:
        read(*typed)

    assert why.value.boxes == boxes


def test_a_year_of_two_figures_is_not_guessed_when_the_day_may_be_ahead():
    with pytest.raises(NotADay, match="4 figures"):
        read_day(("1", "2", "50"), subject="The day of the visit")
