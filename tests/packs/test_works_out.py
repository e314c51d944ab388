"""What a form works out of its answers is a fact for rules; where it cannot, a person is told."""

import pytest

from openprotect.packs.known import Known
from openprotect.packs.problems import Reading
from openprotect.packs.sight import Sight
from openprotect.packs.triage import CouldNotEvaluate
from openprotect.packs.triage_reading import read_triage
from openprotect.packs.works_out import WorksOut
from tests.forms.given import SDC, extension, formula
from tests.packs.given import HIDDEN, form, question

TOTAL = "%resource.item.where(linkId='{}').answer.value"
BMI = f"({TOTAL.format('kilos')}) / (({TOTAL.format('metres')}) * ({TOTAL.format('metres')}))"
NOW = Known()


def calculated(link_id, text, kind="decimal", *, is_hidden=True):
    said = [formula(SDC + "calculatedExpression", text)]
    if is_hidden:
        said.append(extension(HIDDEN, valueBoolean=True))
    return question(link_id, kind, extension=said, readOnly=True)


def table(cell, *items, column="bmi"):
    reading = Reading()
    asked = form(question("kilos", "decimal"), question("metres", "decimal"), *items)
    sight = Sight(works_out=WorksOut(asked.form))
    rows = f"rule,{column},kind,urgency,reason,source\nheavy,{cell},clinical,week,Heavy,Made up\n"
    read = read_triage(reading, "triage.csv", rows, asked, sight)
    assert not reading.problems, [str(each) for each in reading.problems]
    return read


def fired(read, **answers):
    return [each.rule for each in read.judge(answers, NOW)]


@pytest.mark.parametrize("is_hidden", [True, False])
@pytest.mark.parametrize(("kilos", "rules"), [("120", ["heavy"]), ("119.9", [])])
def test_a_rule_compares_what_the_form_calculates(kilos, rules, is_hidden):
    read = table('">= 30"', calculated("bmi", BMI, is_hidden=is_hidden))

    assert fired(read, kilos=kilos, metres=2) == rules


def test_it_is_missing_while_an_answer_behind_it_is_missing():
    assert fired(table("missing", calculated("bmi", BMI)), kilos=120) == ["heavy"]
    assert fired(table('">= 30"', calculated("bmi", BMI)), kilos=120) == []


def test_divided_by_nought_a_rule_could_not_be_evaluated():
    """Bad input N19: never taken for missing, and never for no alert."""
    (found,) = table('">= 30"', calculated("bmi", BMI)).judge({"kilos": 120, "metres": 0}, NOW)

    assert isinstance(found, CouldNotEvaluate)
    assert (found.rule, found.urgency) == ("heavy", "today")
    assert "bmi cannot be read" in found.reason


def test_what_no_rule_looks_at_tells_nobody():
    read = table('">= 100"', calculated("bmi", BMI), column="kilos")

    assert fired(read, kilos=50, metres=0) == []


def test_an_answer_cannot_stand_for_what_is_calculated():
    read = table('">= 30"', calculated("bmi", BMI))

    assert fired(read, kilos=50, metres=2, bmi=90) == []


def test_behind_a_calculated_value_are_the_questions_that_it_names():
    read = table('">= 30"', question("age-now", "integer"), calculated("bmi", BMI))

    assert read.looks_at("heavy") == ("kilos", "metres")


def test_a_value_may_be_calculated_of_another():
    double = calculated("double", f"{TOTAL.format('bmi')} * 2")
    read = table('">= 60"', calculated("bmi", BMI), double, column="double")

    assert fired(read, kilos=120, metres=2) == ["heavy"]
    assert read.looks_at("heavy") == ("kilos", "metres")


def test_it_is_a_column_with_the_words_of_its_item():
    read = table('">= 30"', calculated("bmi", BMI))

    assert read.facts["bmi"].text == "bmi?"
    assert "bmi" not in read.asked
