"""An id or a code under which answers are kept is never used again for something else."""

import json

from openprotect.packs import from_files
from openprotect.packs.differences.reuse import reused
from openprotect.packs.doubts import doubts, finds_everybody
from tests.packs.given import COHORT, FILE, pack_files


def with_form(old, new):
    text = pack_files()[FILE].decode()
    assert old in text
    return pack_files() | {FILE: text.replace(old, new).encode()}


def of_type(link_id, kind):
    form = json.loads(pack_files()[FILE])
    for group in form["item"]:
        for item in group.get("item", ()):
            if item["linkId"] == link_id:
                item["type"] = kind
    return pack_files() | {FILE: json.dumps(form).encode()}


def test_an_id_of_another_type_needs_a_new_id():
    """Bad input N03."""
    (found,) = reused(pack_files(), of_type("medicines-days", "string"))

    assert found.startswith("The question medicines-days was of type integer and would be string")


def test_the_same_answer_under_another_code_is_refused():
    """Bad input N07, after publishing."""
    (found,) = reused(pack_files(), with_form('"a-bit"', '"somewhat"'))

    assert "was kept as a-bit and would be somewhat" in found


def test_what_is_new_gone_or_worded_otherwise_is_free():
    assert (
        list(reused(pack_files(), with_form('"How do you feel today', '"How are you today'))) == []
    )
    assert list(reused(pack_files(), pack_files())) == []


def everybody():
    """A cohort of whoever is registered."""
    ages = COHORT.replace(b'codes = ["diabetes"]', b"age = { from = 0 }")
    return pack_files() | {"cohort.toml": ages}


def test_a_cohort_of_everyone_is_held_for_a_second_person():
    """Bad input R15."""
    pack = from_files(everybody())

    assert finds_everybody(pack.cohort)
    assert any("would select everyone" in str(each) for each in doubts(pack))


def test_a_cohort_of_some_is_not():
    assert not finds_everybody(from_files(pack_files()).cohort)
