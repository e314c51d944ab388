"""Verdicts of others on questionnaires and responses: ours are the same, or argued.

OPENPROTECT_FORMS names a folder with more of them.
"""

import os
from pathlib import Path

import pytest

from openprotect.forms.cases import ARGUED, FILE, compared
from openprotect.forms.checking import files_of, found_in, library_of

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("OPENPROTECT_FORMS", Path(__file__).parent / "samples"))


def every_case():
    found = [each for file in files_of(FOLDER) for each in found_in(file, name=file.name)]
    library = library_of(found)
    return [each for file in FOLDER.rglob(FILE) for each in compared(file.parent, library)]


@pytest.mark.parametrize("found", [pytest.param(each, id=each.case.name) for each in every_case()])
def test_a_verdict_of_others_is_ours_or_is_argued(found):
    assert found.agrees or found.argument, found.reasons


def test_every_argument_stands_in_the_document():
    text = (ROOT / "docs" / "forms.md").read_text()

    assert [name for name in ARGUED if name not in text] == []
