"""A form on paper: every question that may be asked, in order, and readable aloud."""

import contextlib
import json
import re
import zlib

import pytest

from openprotect.cli.__main__ import main
from openprotect.forms.reading import read_form
from openprotect.web.design.example_pages import FORM
from openprotect.web.design.paper import paper, printed
from openprotect.web.design.phrases import ENGLISH, phrases

pytest.importorskip("weasyprint", reason="needs the system's Pango", exc_type=OSError)


def unpacked(pdf):
    """A PDF with its compressed parts opened."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = []
    for part in parts:
        with contextlib.suppress(zlib.error):
            opened.append(zlib.decompress(part))
    return pdf + b"\n".join(opened)


def form(language="", **changes):
    return read_form(json.loads(FORM.read_text()) | changes, language=language).form


def branched():
    asked = [
        {"linkId": "a", "type": "boolean", "text": "Did you fall?"},
        {
            "linkId": "b",
            "type": "integer",
            "text": "How often?",
            "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}],
        },
        {
            "linkId": "c",
            "type": "string",
            "text": "Where?",
            "enableBehavior": "any",
            "enableWhen": [
                {"question": "b", "operator": ">=", "answerInteger": 2},
                {"question": "a", "operator": "exists", "answerBoolean": False},
            ],
        },
    ]
    return form(item=asked)


def test_every_question_is_there_once_in_its_order():
    asked = form()
    on_paper = [each for each in printed(asked, ENGLISH) if each.number]

    once = list(dict.fromkeys(each.number for each in on_paper))
    assert once == [str(number) for number in range(1, len(asked.questions) + 1)]
    assert [each.text for each in on_paper][:2] == [
        "Are you more breathless than usual?",
        "What would help you?",
    ]


def test_a_repeating_group_is_printed_three_times():
    headings = [each.text for each in printed(form(), ENGLISH) if each.kind == "heading"]

    assert headings[-3:] == ["Your medicines 1", "Your medicines 2", "Your medicines 3"]


def test_a_condition_is_said_in_words():
    _, second, third = printed(branched(), ENGLISH)

    assert second.condition == "Answer this only if your answer to question 1 is “Yes”."
    assert third.condition == (
        "Answer this only if your answer to question 2 is at least “2” or you left out question 1."
    )


def test_the_pdf_is_tagged_and_says_its_language_and_title():
    made = unpacked(paper(form("pl"), language="pl"))

    assert made.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in made
    assert b"/Lang (pl)" in made
    assert b"One of each kind" in made


def test_large_print_takes_more_pages():
    usual, large = (unpacked(paper(form(), large=large)) for large in (False, True))

    assert 0 < usual.count(b"/MediaBox") < large.count(b"/MediaBox")


def test_our_own_words_are_in_the_language_of_the_form():
    options = next(
        each for each in printed(form("pl"), phrases("pl")) if each.number == "4"
    ).options

    assert options == ("Tak", "Nie")


def test_the_command_writes_it(tmp_path, capsys):
    out = tmp_path / "form.pdf"

    assert main(["form", "paper", str(FORM), "-o", str(out), "--large"]) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert "questions" in capsys.readouterr().out


def test_a_language_that_the_form_does_not_have_is_refused(tmp_path, capsys):
    out = tmp_path / "form.pdf"

    assert main(["form", "paper", str(FORM), "-o", str(out), "--language", "cy"]) == 1
    assert "ar, en, pl" in capsys.readouterr().err
    assert not out.exists()
