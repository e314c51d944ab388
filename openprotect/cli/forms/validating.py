"""`openprotect form validate QUESTIONNAIRE RESPONSE`: is this an answer to exactly this form?"""

import argparse
from pathlib import Path

from openprotect.forms.checking import beside, found_in, library_of
from openprotect.forms.documents import Resource
from openprotect.forms.notes import FormRefused
from openprotect.forms.reading import Reading, read_form
from openprotect.forms.validating import verdict_of

NAME = "validate"
MEANING = "judge a QuestionnaireResponse by its Questionnaire, with a reason for each item"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("questionnaire", type=Path, metavar="QUESTIONNAIRE")
    parser.add_argument("response", type=Path, metavar="RESPONSE")


def run(options: argparse.Namespace) -> int:
    try:
        reading = _form(options.questionnaire)
        response = _resource(options.response)
    except FormRefused as why:
        print(f"cannot be judged: {why}")
        return 1
    verdict = verdict_of(response, reading.form)
    for fault in verdict.errors:
        print(f"  error    {fault}")
    for fault in verdict.doubts:
        print(f"  warning  {fault}")
    print(f"{options.response}: {'valid' if verdict.is_valid else 'not valid'}")
    return 0 if verdict.is_valid else 1


def _form(path: Path) -> Reading:
    return read_form(_resource(path), library_of(beside(path)))


def _resource(path: Path) -> Resource:
    found = next(iter(found_in(path, name=str(path))))
    if found.resource is None:
        raise FormRefused(found.notes)
    return found.resource
