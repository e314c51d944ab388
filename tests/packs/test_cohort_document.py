"""The document of the language shows every word of it, in examples that are read as they stand."""

import re
from pathlib import Path

import pytest

from openprotect.packs.cohort import read_cohort
from openprotect.packs.cohort_clauses import FACT, PERSON, SELECTION
from tests.architecture.sources import CHECKOUT

DOCUMENT = Path(CHECKOUT / "docs" / "cohort-rules.md").read_text()
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
WHOLE, *CLAUSES = EXAMPLES
LIST = "code,term\n73211009,Diabetes\n"
FILES = {
    f"codelists/{name}.csv": text
    for name, text in {
        "diabetes": LIST,
        "resolved": LIST,
        "steroids": "dmd_id,dmd_name\n325444003,Prednisolone\n",
        "smoking": "CTV3Code,Description,Category\n137P.,Smoker,S\n137S.,Ex smoker,E\n",
        "care-plan": LIST,
    }.items()
}


def around(clause):
    """A file in which the clause is the only one of its group."""
    named = {
        name
        for found in re.findall(r"(?:codes|same_admission_as) = \[(.*?)\]", clause)
        for name in found.split(", ")
    }
    lists = "".join(
        f'{name.strip(chr(34))} = {{ file = "codelists/diabetes.csv", system = "snomed" }}\n'
        for name in sorted(named)
    )
    part = '[[part]]\nname = "on-steroids"\ntitle = "T"\nsource = "S"\nany = [{ sex = ["male"] }]\n'
    group = '[[group]]\nname = "it"\ntitle = "T"\nsource = "S"\n[[group.any]]\n'
    return f'title = "T"\n[codelists]\n{lists}{part}{group}{clause}'


def test_the_whole_file_is_read_as_it_stands():
    rules = read_cohort(WHOLE, FILES, "cohort.toml")

    assert [each.name for each in rules.in_order()] == [
        "on-steroids",
        "diabetes",
        "under-other-care",
    ]


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_is_read_as_it_stands(clause):
    assert read_cohort(around(clause), FILES, "cohort.toml").groups[0].any_of[0]


def test_every_word_of_the_language_is_in_an_example():
    shown = {word for example in EXAMPLES for word in re.findall(r"([a-z_]+) =", example)}

    assert {*SELECTION, *FACT, *PERSON} <= shown
