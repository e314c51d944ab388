"""What a record card may say, and how a slip in one is told."""

from datetime import date

import pytest

from openprotect.packs import PackRefused
from openprotect.packs.cohort import read_cohort
from openprotect.packs.who import AREAS, read_cards

FILES = {"codelists/dm.csv": "code,term\n73211009,Diabetes\n46635009,Type 1 diabetes\n"}
RULES = """
title = "Small"
[codelists]
dm = { file = "codelists/dm.csv", system = "snomed" }
[[group]]
name = "diabetes"
title = "Diabetes"
source = "Made up"
[[group.any]]
codes = ["dm"]
[[exclusion]]
name = "at-home"
title = "In a care home"
source = "Made up"
[[exclusion.any]]
care_home = true
"""
COLUMNS = (
    "card,because,as-of,born,died,practice,registered,left,sex,care-home,decile,objects,"
    "record,expect\n"
)
USUAL = {
    "card": "a", "because": "A reason", "as-of": "2026-01-01", "born": "1960-01-01",
    "record": "dm 2020-01-01", "expect": "diabetes",
}  # fmt: skip


def rules():
    return read_cohort(RULES, FILES, "cohort.toml")


def text(**cells):
    written = USUAL | {name.replace("_", "-"): value for name, value in cells.items()}
    return COLUMNS + ",".join(written.get(name, "") for name in COLUMNS.strip().split(",")) + "\n"


def card(**cells):
    return read_cards(text(**cells), rules())[0]


def problems(**cells):
    with pytest.raises(PackRefused) as refused:
        read_cards(text(**cells), rules())
    return [str(each) for each in refused.value.problems]


def test_an_event_may_say_its_code_value_unit_setting_and_admission():
    event = card(record="dm/46635009 2020-01-01 = 48.5 mmol/mol in hospital#7").events[0]

    assert (event.code, event.value, event.unit) == ("46635009", 48.5, "mmol/mol")
    assert (event.setting, event.episode, event.on) == ("hospital", "7", date(2020, 1, 1))


@pytest.mark.parametrize(
    ("record", "value", "unit", "setting"),
    [
        ("dm 2020-01-01", None, "", ""),
        ("dm 2020-01-01 = 41", 41.0, "", ""),
        ("dm 2020-01-01 = 7.5 %", 7.5, "%", ""),
        ("dm 2020-01-01 = 41 in gp", 41.0, "", "gp"),
        ("dm 2020-01-01 in list", None, "", "list"),
    ],
)
def test_what_is_not_said_is_empty(record, value, unit, setting):
    event = card(record=record).events[0]

    assert (event.value, event.unit, event.setting, event.episode) == (value, unit, setting, "")


def test_a_person_may_have_what_the_rules_ask_about():
    person = card(
        registered="2010-01-01", left="2026-05-01", sex="female", care_home="no", decile="3"
    ).person

    assert (person.registered_on, person.left_on) == (date(2010, 1, 1), date(2026, 5, 1))
    assert (person.sex, person.care_home, AREAS[person.lsoa]) == ("female", False, 3)


@pytest.mark.parametrize(
    ("cells", "expect"),
    [
        ({"care_home": "yes"}, "out:at-home"),
        ({"objects": "yes"}, "out:objected"),
        ({"died": "2026-01-01"}, "out:deceased"),
        ({"left": "2026-01-01"}, "out:unregistered"),
        ({"practice": "none"}, "out:unregistered"),
        ({"born": "2020-01-01"}, "out:age"),
        ({"care_home": "yes"}, "none"),
        ({"objects": "no", "care_home": "no"}, "diabetes"),
    ],
)
def test_a_card_may_say_why_somebody_is_out(cells, expect):
    assert card(**cells, expect=expect).difference(rules()) == ""


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"expect": "none"}, "expected nobody, found diabetes"),
        ({"record": ""}, "expected diabetes, found nobody"),
        ({"care_home": "yes"}, "expected diabetes, found nobody; taken out: at-home"),
        ({"record": "", "expect": "out:at-home"}, "expected out: at-home, was in no group"),
        (
            {"died": "2026-01-01", "care_home": "yes", "expect": "out:at-home"},
            "expected out: at-home, was deceased",
        ),
    ],
)
def test_what_is_otherwise_is_told(cells, words):
    assert card(**cells).difference(rules()) == words


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"record": "dn 2020-01-01"}, "2:record: 'dn' is not known here. Allowed: dm."),
        ({"record": "dm/999 2020-01-01"}, "2:record: 999 is not on the list dm"),
        ({"record": "dm 2020-13-01"}, "2:record: '2020-13-01' must be a day"),
        ({"record": "dm lately"}, "2:record: 'dm lately' is not a codelist, a day, and a value"),
        ({"record": "dm 2020-01-01 in bed"}, "2:record: 'bed' is not known here"),
        ({"expect": "diabets"}, "2:expect: 'diabets' is not known here"),
        ({"expect": "out:moved"}, "2:expect: 'moved' is not known here"),
        ({"sex": "woman"}, "2:sex: 'woman' is not known here"),
        ({"decile": "11"}, "2:decile: must be 1, the most deprived, to 10"),
        ({"care_home": "maybe"}, "2:care-home: must be yes, no, or empty"),
        ({"born": "1960"}, "2:born: '1960' must be a day"),
        ({"because": ""}, "2:because: is empty"),
    ],
)
def test_a_slip_is_told_at_its_cell(cells, words):
    assert any(words in each for each in problems(**cells)), problems(**cells)


def test_two_cards_of_one_name_are_refused():
    twice = text() + text().splitlines()[1] + "\n"

    with pytest.raises(PackRefused, match="3:card: is the second card of this name"):
        read_cards(twice, rules())
