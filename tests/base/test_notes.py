"""What a note may hold by mistake: a stranger's number, the way into a home."""

import pytest

from openprotect.base.nhs_number import spaced, synthetic_number
from openprotect.base.notes import cautions

OWN, OTHER = synthetic_number("own"), synthetic_number("other")


@pytest.mark.parametrize(
    "note", ["", "Rang twice, will try at four", "Temperature 38.5 for 3 days"]
)
def test_an_ordinary_note_is_not_questioned(note):
    assert cautions(note, own_number=OWN) == ()


@pytest.mark.parametrize("written", [OTHER, spaced(OTHER), spaced(OTHER).replace(" ", "-")])
def test_another_persons_nhs_number_is_asked_about(written):
    assert "another person's NHS number" in cautions(f"See {written}", own_number=OWN)[0]


def test_the_persons_own_number_is_not_asked_about():
    assert cautions(f"Checked {spaced(OWN)}", own_number=OWN) == ()


def test_any_number_is_asked_about_where_nobody_is_meant():
    assert "an NHS number" in cautions(OTHER)[0]


def test_ten_digits_that_are_no_nhs_number_pass():
    assert cautions("ring 0123456789", own_number=OWN) == ()


@pytest.mark.parametrize(
    "note", ["key safe 4521", "keysafe is C2580X", "Door code: 1379", "key-safe by the door, 0042"]
)
def test_the_code_of_a_key_safe_is_asked_about(note):
    assert "key safe or a door" in cautions(note)[0]


def test_a_key_safe_without_its_code_passes():
    assert cautions("There is a key safe; ask her daughter") == ()
