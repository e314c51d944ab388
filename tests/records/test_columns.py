"""Reading by column says of every value what the rules say of it alone."""

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openprotect.records.readers.columns import Fault, Faults, NhsNumbers, clean, first
from openprotect.records.rules import people, phones, text
from openprotect.records.rules.reasons import RowFault

digits = st.text("0123456789", min_size=9, max_size=11)
numbers = st.one_of(
    digits,
    st.sampled_from(["4505577104", "9990000018", "5900057208", "1111111111", "", "450 557 7104"]),
    st.text(max_size=12),
    st.text("٠١٢٣٤٥٦٧٨٩", min_size=10, max_size=10),
)


def alone(value, *, synthetic):
    try:
        return people.number(value, synthetic=synthetic), ""
    except RowFault as why:
        return None, why.reason


@given(st.lists(numbers, max_size=20), st.booleans())
def test_numbers_are_judged_together_as_they_are_alone(written, synthetic):
    faults = Faults()

    cells = NhsNumbers(faults, synthetic=synthetic).read(pa.array(written, pa.string()))

    said = zip(cells.values.to_pylist(), cells.faults, strict=True)
    for value, (found, fault) in zip(written, said, strict=True):
        assert (found, faults.known[fault].reason) == alone(value, synthetic=synthetic)


@given(st.lists(st.text(max_size=10), max_size=20))
def test_text_is_cleaned_together_as_it_is_alone(written):
    for column in (
        pa.array(written, pa.string()),
        pa.array(written, pa.string()).dictionary_encode(),
    ):
        values, changed = clean(column)

        assert list(zip(values.to_pylist(), changed, strict=True)) == [
            text.clean(each) for each in written
        ]


def test_a_fault_that_rejects_outweighs_one_that_holds():
    faults = Faults()
    holds, rejects = faults.number(Fault("a", held=True)), faults.number(Fault("b"))
    none, held, rejected = 0, holds, rejects

    columns = [np.array(each, dtype=np.int32) for each in ([none, held, held], [held, rejected, 0])]

    assert list(first(columns, faults.are("held"))) == [held, rejected, held]


def looked_up(written):
    """What the library says of a number, asked in full."""
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return None
    full = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phones.DRAMA_MOBILE.fullmatch(full) or phones.DRAMA_LANDLINE.fullmatch(full):
        return full, full.startswith("+447")
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.MOBILE:
        return full, True
    return (full, False) if kind in phones.RUNG else None


@pytest.mark.parametrize("lead", ["0", "+44", "0044", "+44 (0)"])
@given(body=st.text("0123456789", min_size=7, max_size=10), kind=st.sampled_from("12357789"))
def test_a_plain_number_is_what_the_library_says_it_is(lead, kind, body):
    written = f"{lead}{kind}{body}"
    try:
        said = phones.read(written)
    except RowFault:
        said = None

    assert said == looked_up(written)
