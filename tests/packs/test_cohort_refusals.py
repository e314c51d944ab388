"""Rules that are mistaken, contradict themselves or find nobody are refused, each in its place."""

import pytest

from openprotect.packs.cohort import read_cohort, read_rules
from openprotect.packs.problems import PackRefused, Reading

LISTS = {
    "dm.csv": "code,term\n73211009,Diabetes mellitus\n",
    "dmres.csv": "code,term\n315051004,Diabetes resolved\n",
}
HEAD = """title = "T"
[codelists]
dm = { file = "dm.csv", system = "snomed" }
dmres = { file = "dmres.csv", system = "snomed" }
"""
PART = '[[part]]\nname = "pa"\ntitle = "P"\nsource = "S"\n[[part.any]]\ncodes = ["dm"]\n'
GROUP = '[[group]]\nname = "gr"\ntitle = "G"\nsource = "S"\n'


def problems(text):
    with pytest.raises(PackRefused) as refused:
        read_cohort(text, LISTS, "cohort.toml")
    return [each for each in refused.value.problems if each.severity == "refused"]


def refused_clause(words):
    """What is said of a clause, and of where in its line."""
    text = f"{HEAD}{PART}{GROUP}[[group.any]]\nall = [\n    {{ {words} }},\n]\n"
    return problems(text)


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        ('codes = ["dm", "dm"]', "codes", "names 'dm' twice"),
        ('codes = ["dm"], none = false', "none", "is true, or is left out"),
        ('codes = ["dm"], none = true, at_least = 2', "at_least", "must not be there"),
        ('codes = ["dm"], none = true, latest_value = { above = 1 }', "latest_value", "must not"),
        ('codes = ["dm"], none = true, count = "days"', "count", "must not be there"),
        ('codes = ["dm"], none = true, first = { within = "1 day" }', "first", "must not be there"),
        ('codes = ["dm"], at_least = 4, at_most = 3', "at_most", "less than at_least (4)"),
        ('codes = ["dm"], at_most = 0', "at_most", "allowed are 1 to 1000"),
        ('codes = ["dm"], at_most = 1, apart = "8 days"', "apart", "at_most allows one"),
        ('codes = ["dm"], count = "weeks"', "count", "'weeks' is not known here"),
        ('codes = ["dm"], between = ["60 days", "31 days"]', "between", "the wrong way round"),
        ('codes = ["dm"], between = ["60 days"]', "between", "must hold two lengths of time"),
        ('codes = ["dm"], between = "60 days"', "between", "must hold two lengths of time"),
        ('codes = ["dm"], between = ["1 day", "soon"]', "between", "must be a length of time"),
        ('codes = ["dm"], between = ["1 day", "2 days"], within = "3 days"', "within", "beside"),
        ('codes = ["dm"], within = "1 month", until = "2 months"', "until", "before it begins"),
        ('codes = ["dm"], since = 2021-03-02, up_to = 2021-03-01', "since", "later than up_to"),
        ('codes = ["dm"], since = "2021-03-02"', "since", "must be a day"),
        ('codes = ["dm"], since = 2021-03-02T10:00:00', "since", "must be a day"),
        ('codes = ["dm"], within = "0 days"', "within", "must be a length of time"),
        ('codes = ["dm"], within = "131 years"', "within", "longer than a life"),
        ('codes = ["dm"], within = 6', "within", "must be words in quotes"),
        ('codes = ["dm"], last = {}', "last", "must hold within, until"),
        ('codes = ["dm"], first = { from = "1 day" }', "first.from", "'from' is not known here"),
        ('codes = ["dm"], recorded_in = "a ward"', "recorded_in", "'a ward' is not known here"),
        ('codes = ["dm"], plausible = { above = 4, below = 4 }', "plausible", "no number at all"),
        ('codes = ["dm"], plausible = { above = nan }', "plausible.above", "must be a number from"),
        ('codes = ["dm"], plausible = { above = 1e300 }', "plausible.above", "a number from"),
        (
            'codes = ["dm"], plausible = { above = 1, at_least = 1 }',
            "plausible.at_least",
            "stands beside above",
        ),
        ('codes = ["dm"], plausible = {}', "plausible", "must hold at_least, above"),
        ('codes = ["dm"], plausible = { below = 40 }, latest_value = { at_least = 40 }',
         "latest_value", "plausible does not believe"),
        ('codes = ["dm"], unit = "kg"', "unit", "no value is asked for"),
        ('codes = ["dm"], plausible = { above = 1 }, convert = [{ unit = "%", divide = 2 }]',
         "convert", "needs unit"),
        (('codes = ["dm"], plausible = { above = 1 }, unit = "kg", '
         'convert = [{ unit = "KG", divide = 2 }]'), "convert", "the unit that is asked for"),
        (('codes = ["dm"], plausible = { above = 1 }, unit = "kg", '
         'convert = [{ unit = "gr", divide = 0 }]'), "convert[1].divide", "nought"),
        ('codes = ["dm"], plausible = { above = 1 }, unit = "kg", convert = [{ unit = "g" }]',
         "convert[1].divide", "say divide, add, or both"),
        ('codes = ["dm"], derive = "egfr-ckd-epi-2009"', "derive", "needs plausible"),
        ('codes = ["dm"], derive = "bmi", plausible = { above = 1 }', "derive", "not known here"),
        ('codes = ["dm"], derive = "egfr-ckd-epi-2009", unit = "mg/dL", plausible = { above = 1 }',
         "unit", "'umol/L', which the formula takes"),
        ('age_then = { from = 18 }', "codes", "is missing: age_then says something of codes"),
        ('codes = ["dm"], same_admission_as = ["dm"]', "same_admission_as", "its own pair"),
        ('codes = ["dm"], ended_by = { codes = ["dmres"] }', "ended_by.same_day", "ends"),
        ('codes = ["dm"], ended_by = []', "ended_by", "is empty"),
        ('codes = ["dm"], ended_by = [{ codes = ["dmres"], same_day = "maybe" }]',
         "ended_by[1].same_day", "what a code on the same day does"),
        ('codes = ["dm"], after = { same_day = "ends" }', "after.codes", "is missing"),
        ('codes = ["dm"], after = { codes = ["dmres"] }', "after.same_day", "ends"),
        ('codes = ["dm"], ended_by = { codes = ["dm"], same_day = "ends" }', "ended_by",
         "the clause's own codes"),
        ('codes = ["dm"], unless_before = { within = "1 day" }', "unless_before.codes", "missing"),
        ('codes = ["dm"], unless_before = { codes = ["dmres"], same_day = "ends" }',
         "unless_before.same_day", "not known here"),
        ('score = { model = "QCovid", version = "4" }', "score.model", "letters, figures"),
        ('score = { model = "qcovid", version = 4 }', "score.version", "must be words in quotes"),
        ('score = { model = "qcovid" }', "score.version", "is missing"),
        ('codes = ["dm"], score = { model = "qcovid", version = "4" }', "score", "one of them"),
        ('sex = ["woman"]', "sex", "'woman' is not known here"),
        ('sex = []', "sex", "names nobody"),
        ('sex = "female"', "sex", "must be a list of words"),
        ('deprivation = { deciles = [0] }', "deprivation.deciles", "from 1, the most deprived"),
        ('deprivation = { quintiles = [6] }', "deprivation.quintiles", "to 5"),
        ('deprivation = { deciles = [1], quintiles = [1] }', "deprivation", "one of them only"),
        ('registration = {}', "registration", "must hold at_least or within"),
        ('registration = { at_least = "12 months", within = "9 months" }', "registration",
         "nobody has both"),
        ('care_home = "yes"', "care_home", "must be true or false"),
        ('in_group = "q"', "in_group", "A group names earlier ones only"),
        ('in_group = "gr"', "in_group", "A group names earlier ones only"),
        ('in_group = "pa", not_in_group = "pa"', "not_in_group", "nobody has both"),
        ('python = "import os"', "python", "'python' is not known here"),
    ],
)  # fmt: skip
def test_a_clause_that_is_wrong_is_refused_at_its_key(words, key, said):
    (problem,) = refused_clause(words)

    assert (problem.row, problem.column) == (17, f"group[1].any[1].all[1].{key}")
    assert said in problem.message


def test_an_empty_clause_asks_nothing():
    (problem,) = refused_clause("")

    assert problem.message == "is missing: this clause asks nothing."


def test_the_place_of_a_key_is_its_line_and_column():
    (problem,) = refused_clause('codes = ["dm"], at_most = 0')

    assert (problem.row, problem.place) == (17, 23)
    assert str(problem).startswith("cohort.toml:17:23:group[1].any[1].all[1].at_most: ")


def test_all_mistakes_are_told_at_once():
    text = HEAD + GROUP + '[[group.any]]\ncodes = ["dn"]\nwithin = "soon"\nat_lest = 2\n'

    assert [each.row for each in problems(text)] == [12, 10, 11]


@pytest.mark.parametrize(
    ("clauses", "why"),
    [
        ('{ age = { to = 39 } }, { age = { from = 40 } }', "aged 0 to 39 and aged 40 or over"),
        ('{ sex = ["female"] }, { sex = ["male"] }', "different sexes"),
        ('{ deprivation = { deciles = [1] } }, { deprivation = { deciles = [2] } }', "different"),
        ('{ age = { to = 10 } }', "the population has none"),
        ('{ care_home = true }, { care_home = false }', "a care home and another for none"),
        ('{ in_group = "pa" }, { not_in_group = "pa" }', "the group 'pa' and another against it"),
        ('{ codes = ["dm"] }, { codes = ["dm", "dmres"], none = true }', "must not be there"),
        ('{ codes = ["dm"], none = true }, { codes = ["dm"], within = "1 day" }', "must not be"),
        ('{ codes = ["dm"], within = "1 day" }, { codes = ["dm"], within = "1 day", none = true }',
         "must not be there"),
    ],
)  # fmt: skip
def test_clauses_that_never_hold_together_are_refused(clauses, why):
    (problem,) = problems(f"{HEAD}{PART}{GROUP}[[group.any]]\nall = [{clauses}]\n")

    assert problem.column == "group[1].any[1]"
    assert why in problem.message


def test_absence_in_one_window_may_stand_beside_presence_in_another():
    clauses = '{ codes = ["dm"] }, { codes = ["dm"], within = "1 year", none = true }'
    text = f"{HEAD}{GROUP}[[group.any]]\nall = [{clauses}]\n"

    assert read_cohort(text, LISTS, "cohort.toml").groups[0].name == "gr"


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "said"),
    [
        ('name = "pa"', 'name = "P!"', 6, "part[1].name", "small letters"),
        ('name = "pa"', 'name = "deceased"', 6, "part[1].name", "a meaning of its own"),
        ('name = "pa"', 'name = "gr"', 11, "group[1]", "is the second part called 'gr'"),
        ('title = "P"', 'handling = "seen"', 7, "part[1].handling", "'handling' is not known"),
        ('title = "T"', 'titel = "T"', 1, "titel", "Did you mean 'title'"),
        (PART, "", 10, "group[1].any[1].in_group", "earlier ones only"),
        ('[[part.any]]\ncodes = ["dm"]\n', "", 5, "part[1].any", "is missing"),
        ('[[part.any]]\ncodes = ["dm"]\n', "any = []\n", 9, "part[1].any", "is missing"),
        ("dmres = {", "DM = {", 4, "codelists.DM", "small letters, figures and dashes"),
        ('[[group.any]]\nin_group = "pa"', "[[group.any]]\nall = []", 16, "group[1].any[1].all",
         "is empty"),
        ('dmres.csv", system = "snomed"', 'dmres.csv", system = "snomed", where = { term = [] }', 4,
         "codelists.dmres.where.term", "names no value"),
        ("[codelists]", "[population]\nage = { from = 20, to = 10 }\n[codelists]", 3,
         "population.age", "whole years"),
        ("[codelists]", '[population]\nobjectors = "ask"\n[codelists]', 3, "population.objectors",
         "'ask' is not known"),
        ("[codelists]", '[population]\nregistered = false\nregistered_for = "1 year"\n[codelists]',
         4, "population.registered_for", "need not be registered"),
        ('dm = { file = "dm.csv", system = "snomed" }',
         'dm = { file = "dm.csv", system = "score" }', 3, "codelists.dm.system", "not known here"),
    ],
)  # fmt: skip
def test_what_is_wrong_around_the_clauses_is_refused_at_its_key(old, new, row, column, said):
    text = HEAD + PART + GROUP + '[[group.any]]\nin_group = "pa"\n'
    assert old in text

    found = problems(text.replace(old, new, 1))

    assert any((each.row, each.column) == (row, column) and said in each.message for each in found)


def test_parts_stand_before_the_groups_that_ask_for_them():
    text = HEAD + GROUP + '[[group.any]]\nin_group = "pa"\n' + PART

    (problem,) = problems(text)

    assert (problem.column, problem.row) == ("part[1]", 11)
    assert "write parts before groups" in problem.message


def test_what_nobody_asks_for_is_warned_of():
    reading = Reading()

    read_rules(
        reading, HEAD + PART + GROUP + '[[group.any]]\ncodes = ["dm"]\n', LISTS, "cohort.toml"
    )

    assert [(each.column, each.message) for each in reading.warnings] == [
        ("codelists.dmres", "is read and used by no clause."),
        ("part[1]", "'pa' is asked for by no group."),
    ]
    assert not reading.is_refused
