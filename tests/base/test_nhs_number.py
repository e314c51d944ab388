"""The NHS number: ten digits, a check digit, and a range that is allocated."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from nhs_number import calculate_checksum

from openprotect.base.nhs_number import NotAnNhsNumber, parse, spaced, synthetic_number

REAL_LOOKING = "4010232137"  # the data dictionary's own range, with a right check digit


def test_a_valid_number_is_its_ten_digits():
    assert parse(REAL_LOOKING) == REAL_LOOKING


@pytest.mark.parametrize("text", ["401 023 2137", "401-023-2137", "401\u00a0023\u00a02137"])
def test_spaces_and_dashes_are_dropped(text):
    assert parse(text) == REAL_LOOKING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not ten digits"),
        ("401023213", "not ten digits"),
        ("40102321370", "not ten digits"),
        ("401023213O", "not ten digits"),
        ("\u0664\u0660\u0661\u0660\u0662\u0663\u0662\u0661\u0663\u0667", "not ten digits"),
        ("4.01023E+09", "not ten digits"),
        ("0000000000", "one digit repeated"),
        ("4444444444", "one digit repeated"),
        ("4010232138", "the check digit is wrong"),
        ("9990000026", "a test number"),
    ],
)
def test_what_is_no_nhs_number_says_why(text, reason):
    with pytest.raises(NotAnNhsNumber, match=reason):
        parse(text)


def test_a_scottish_number_is_outside_the_range():
    nine = "010190000"
    number = f"{nine}{calculate_checksum(nine)}"

    with pytest.raises(NotAnNhsNumber, match="outside the range"):
        parse(number)


def test_the_reason_never_holds_the_number():
    with pytest.raises(NotAnNhsNumber) as refusal:
        parse("4010232138")

    assert "4010232138" not in str(refusal.value) + repr(refusal.value)


@for_all(st.text(max_size=40))
def test_a_made_up_number_is_valid_stable_and_of_the_range_never_issued(seed):
    number = synthetic_number(seed)

    assert number == synthetic_number(seed)
    assert number.startswith("999")
    assert parse(number, synthetic=True) == number


@for_all(st.text(max_size=40))
def test_a_made_up_number_is_refused_where_people_are_real(seed):
    with pytest.raises(NotAnNhsNumber):
        parse(synthetic_number(seed))


@for_all(st.text(max_size=30))
def test_any_text_gives_ten_digits_or_a_reason(text):
    said = _parsed_or_reason(text)

    assert (len(said) == 10 and said.isdigit()) or " " in said


def _parsed_or_reason(text):
    try:
        return parse(text, synthetic=True)
    except NotAnNhsNumber as refusal:
        return refusal.reason


@for_all(st.text(max_size=20), st.integers(0, 9), st.integers(1, 9))
def test_one_digit_mistyped_is_always_found(seed, position, by):
    number = synthetic_number(seed)
    wrong = str((int(number[position]) + by) % 10)
    mistyped = number[:position] + wrong + number[position + 1 :]

    with pytest.raises(NotAnNhsNumber):
        parse(mistyped, synthetic=True)


def test_it_is_spaced_as_printed_on_letters():
    assert spaced("9991234567") == "999 123 4567"
