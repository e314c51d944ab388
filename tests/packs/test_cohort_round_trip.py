"""Whatever the language can say can be written, and is read again as what was meant."""

import random
from dataclasses import fields

import pytest

from openprotect.cohorts.rules import Clause, Group, Selection
from openprotect.packs.cohort import read_cohort
from openprotect.packs.problems import PackRefused
from tests.cohorts.rule_sets import LISTS, rule_set
from tests.packs.cohort_toml import heading, written

HEAD, FILES = heading(each for each in LISTS.values() if each.system != "score")
OTHERS = "".join(
    f'[[part]]\nname = "{name}"\ntitle = "T"\nsource = "S"\n[[part.any]]\ncodes = ["diabetes"]\n'
    for name in ("part-1", "part-2", "part-3", *(f"group-{number}" for number in range(1, 13)))
)
# Rules made by chance contradict themselves now and then, and are refused for that alone.
CONTRADICTIONS = (
    "plausible does not believe", "the clause's own codes", "at_most allows one", "names the list",
)  # fmt: skip


def read(clause):
    """The clause as it is read from what is written of it; None when it contradicts itself."""
    text = HEAD + OTHERS + written(Group("it", "T", "S", ((clause,),)))
    try:
        return read_cohort(text, FILES, "cohort.toml").groups[0].any_of[0][0]
    except PackRefused as refusal:
        problems = [each.message for each in refusal.problems if each.severity == "refused"]
        assert all(any(why in each for why in CONTRADICTIONS) for each in problems), problems
        return None


def makeable():
    for seed in range(8):
        chance = random.Random(seed)  # noqa: S311 - made-up rules
        yield from (each for each in rule_set(chance).clauses() if not _has_listed_score(each))


def _has_listed_score(clause):
    """A score stands alone in a clause; only values can put it beside codelists."""
    return any(
        len(select.codelists) > 1 and "qcovid 4" in select.codelists
        for select in clause.selections()
    )


def test_a_clause_is_read_as_it_was_meant():
    said = {kind: set() for kind in (Clause, Selection)}
    for clause in makeable():
        found = read(clause)
        if found is None:
            continue
        assert found == clause
        said[Clause] |= _said(clause, Clause())
        for select in clause.selections():
            said[Selection] |= _said(select, Selection(()))

    assert said == {kind: {each.name for each in fields(kind)} for kind in said}


def _said(value, plain):
    return {
        field.name
        for field in fields(value)
        if getattr(value, field.name) != getattr(plain, field.name)
    }


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ('codes = ["bmi"], between = ["31 days", "60 days"]',
         'codes = ["bmi"], within = "60 days", until = "31 days"'),
        ('codes = ["bmi"], within = "2 years"', 'codes = ["bmi"], within = "24 months"'),
        ('codes = ["bmi"], within = "2 weeks"', 'codes = ["bmi"], within = "14 days"'),
        ("deprivation = { quintiles = [5] }", "deprivation = { deciles = [10, 9] }"),
        ('codes = ["bmi"], after = { codes = ["hba1c"], same_day = "ends" }',
         'codes = ["bmi"], after = [{ codes = ["hba1c"], same_day = "ends" }]'),
    ],
)  # fmt: skip
def test_two_ways_of_saying_it_mean_the_same(words, same):
    def clause(written_words):
        group = '[[group]]\nname = "it"\ntitle = "T"\nsource = "S"\n[[group.any]]\nall = '
        text = f"{HEAD}{group}[{{ {written_words} }}]\n"
        return read_cohort(text, FILES, "cohort.toml").groups[0].any_of

    assert clause(words) == clause(same)
