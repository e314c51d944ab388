"""What is asked about before a note is kept."""

from openprotect.base.nhs_number import spaced, synthetic_number
from openprotect.base.notes import cautions

OWN, OTHER = synthetic_number("own"), synthetic_number("other")


def test_a_plain_note_raises_nothing():
    assert cautions("Rang at 10:30, her son on 01263 960456 will fetch the medicine.") == ()


def test_another_persons_number_is_noticed_however_it_is_spaced():
    for number in (OTHER, spaced(OTHER), spaced(OTHER).replace(" ", "-")):
        assert len(cautions(f"same as {number} next door", own_number=OWN)) == 1


def test_the_persons_own_number_is_no_surprise():
    assert cautions(f"checked {spaced(OWN)}", own_number=OWN) == ()


def test_a_key_safe_with_its_code_is_noticed():
    assert len(cautions("Key safe by the door, 4711")) == 1
    assert cautions("There is a key safe; ask her for the code") == ()
