"""`openprotect form paper FILE -o OUT.pdf`: the same questions on paper, as a tagged PDF."""

import argparse
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.forms.documents import read_document
from openprotect.forms.reading import read_form
from openprotect.web.design.paper import paper

NAME = "paper"
MEANING = "write a form as a PDF to be answered by hand"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a FHIR Questionnaire, JSON or XML")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.pdf")
    parser.add_argument("--large", action="store_true", help="large print")
    parser.add_argument("--language", default="", help="one into which the form is translated")
    parser.add_argument("--phone", default="", help="whom to ring with questions")


def run(options: argparse.Namespace) -> int:
    try:
        content = options.file.read_bytes()
    except OSError as why:
        raise Refused(f"{options.file} cannot be read: {why.strerror}") from None
    reading = read_form(read_document(content), language=options.language)
    form = reading.form
    if options.language and options.language not in (form.language, *form.languages):
        known = ", ".join(sorted({form.language or "en", *form.languages}))
        raise Refused(f"The form is not translated into {options.language!r}, but into: {known}.")
    made = paper(form, language=options.language, large=options.large, phone=options.phone)
    options.out.write_bytes(made)
    print(f"{options.out}: {len(form.questions)} questions, {len(made):,} bytes")
    return 0
