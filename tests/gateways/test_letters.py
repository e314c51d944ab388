"""Letters: tagged, titled, in their language, large enough; and a folder that a printer empties."""

import json
import re
import zlib
from uuid import uuid4

import pytest

from openprotect.gateways.letter_drop import LetterDrop
from openprotect.gateways.letters import POINTS, as_page, as_pdf, form_for
from openprotect.messages.rules import BRAILLE, LARGE_PRINT, PRINT, Letter
from openprotect.people.actions.choosing import record_need
from tests import given
from tests.given import NOON

TO = "Ada Example\n1 Canary Row, Cromer\nNR27 0AA"
SENDER = "the Protect check-in team\nNorfolk\n01632 960123"
BODY = (
    "Dear Ada Example\n\nHow are you? Go to check.example/code and type ABCD EFG HJK.\n\nThank you."
)


@pytest.fixture(scope="module")
def drawn():
    return {form: _drawn(form) for form in (PRINT, LARGE_PRINT)}


def _drawn(form, language="en"):
    page = as_page(TO, SENDER, "How are you?", BODY, form=form, language=language)
    return as_pdf(page, POINTS[form])


def inside(pdf):
    """Everything a PDF says, its compressed parts unpacked."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_a_letter_is_a_tagged_pdf_with_title_and_language(drawn):
    said = inside(drawn[PRINT])

    assert drawn[PRINT].startswith(b"%PDF-")
    for mark in (b"/MarkInfo", b"/Marked true", b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert mark in said, mark
    assert b"/H1" in said
    assert b"How are you?" in said


def test_large_print_is_larger_print(drawn):
    def sizes(pdf):
        return {float(each) for each in re.findall(rb"([0-9.]+) 0 0 -?[0-9.]+ [0-9.]+ [0-9.]+ Tm",
                                                  inside(pdf))}  # fmt: skip

    assert POINTS[PRINT] >= 14
    assert POINTS[LARGE_PRINT] >= 18
    assert drawn[PRINT] != drawn[LARGE_PRINT]
    assert max(sizes(drawn[LARGE_PRINT]), default=1) >= max(sizes(drawn[PRINT]), default=0)


def test_a_letter_in_a_language_from_right_to_left_says_so():
    page = as_page(TO, SENDER, "سلام", "سلام", form=PRINT, language="ar")

    assert 'dir="rtl"' in page
    assert 'lang="ar"' in page
    assert '<p class="to" dir="ltr">' in page


def test_what_people_wrote_stays_words_in_a_letter():
    page = as_page("<b>Ada</b>\n1 Row", SENDER, "<i>x</i>", "<script>x</script>", form=PRINT,
                   language="en")  # fmt: skip

    assert "<script>" not in page
    assert "<b>" not in page


@pytest.mark.django_db
def test_the_form_is_what_the_person_or_their_carer_needs(worker):
    person = given.person()
    given.enrolment(of=person)
    assert form_for(person) == PRINT

    record_need(person.pk, "LARGE_PRINT", via="LINK", at=NOON, whose="CARER")
    assert form_for(person) == LARGE_PRINT
    record_need(person.pk, "BRAILLE", via="PRACTICE", at=NOON)
    assert form_for(person) == BRAILLE


def test_a_letter_is_dropped_whole_and_once(tmp_path):
    drop, reference = LetterDrop(tmp_path / "letters"), uuid4()

    for _ in range(2):
        drop.post_letter(reference, Letter(TO, b"%PDF-", BRAILLE))

    names = sorted(each.name for each in (tmp_path / "letters").iterdir() if each.is_file())
    assert names == [f"{reference}.json", f"{reference}.pdf"]
    slip = json.loads((tmp_path / "letters" / f"{reference}.json").read_text())
    assert (slip["form"], slip["is_plain_print"]) == ("BRAILLE", False)
    assert "Ada" not in json.dumps(slip)


def test_only_our_own_account_may_read_what_lies_there(tmp_path):
    drop, reference = LetterDrop(tmp_path / "letters"), uuid4()
    drop.post_letter(reference, Letter(TO, b"%PDF-"))

    assert (tmp_path / "letters").stat().st_mode & 0o077 == 0
    assert (tmp_path / "letters" / f"{reference}.pdf").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("place", "status"), [("", "sending"), ("posted", "sending"),
                                               ("returned", "failed")])  # fmt: skip
def test_where_a_letter_lies_tells_what_became_of_it(tmp_path, place, status):
    drop, reference = LetterDrop(tmp_path), uuid4()
    assert drop.find(reference, "LETTER") is None
    drop.post_letter(reference, Letter(TO, b"%PDF-"))

    for kind in ("pdf", "json"):
        file = tmp_path / f"{reference}.{kind}"
        file.rename(tmp_path / place / file.name)

    assert drop.find(reference, "LETTER").status == status


def test_a_letter_that_nobody_has_fetched_can_be_recalled(tmp_path):
    drop, reference = LetterDrop(tmp_path), uuid4()
    drop.post_letter(reference, Letter(TO, b"%PDF-"))

    assert drop.recall(reference)
    assert drop.recall(reference)  # as it was: it need not be known that it came back before
    assert drop.find(reference, "LETTER") is None


def test_a_letter_that_was_fetched_cannot_be_recalled(tmp_path):
    drop, reference = LetterDrop(tmp_path), uuid4()
    drop.post_letter(reference, Letter(TO, b"%PDF-"))
    for kind in ("pdf", "json"):
        name = f"{reference}.{kind}"
        (tmp_path / name).replace(tmp_path / "posted" / name)

    assert not drop.recall(reference)
    assert drop.find(reference, "LETTER").status == "sending"
