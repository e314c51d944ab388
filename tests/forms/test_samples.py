"""Forms that nobody here wrote: read, walked to the last page, and nothing of them falls over.

OPENPROTECT_FORMS names a folder with more of them.
"""

import os
from pathlib import Path

import pytest

from openprotect.forms.checking import files_of, found_in, library_of, verdict_on

FOLDER = Path(os.environ.get("OPENPROTECT_FORMS", Path(__file__).parent / "samples"))


def forms():
    found = [each for file in files_of(FOLDER) for each in found_in(file, name=file.name)]
    library = library_of(found)
    return [(each, library) for each in found if each.kind == "Questionnaire"]


@pytest.mark.parametrize(
    ("found", "library"), [pytest.param(*each, id=each[0].name) for each in forms()]
)
def test_a_form_is_answered_to_its_last_page_or_refused_with_its_reason(found, library):
    verdict = verdict_on(found.name, found.resource, library)

    assert verdict.stuck == ""
    assert verdict.kind != "refused" or verdict.reasons
    assert verdict.kind != "supported but" or verdict.reasons
