"""Rules and records made small enough to read, asked of the engine and of the plain reference."""

import uuid
from datetime import date

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.rules import Codelist, CohortRules, Group, Population, judge
from openprotect.records.lake import write_generation
from openprotect.records.rules.values import Event, Person

AS_OF = date(2026, 11, 20)
ANN = "4505577104"
LISTS = {
    key: Codelist(key, "snomed", {code: key})
    for key, code in {
        "dm": "73211009",
        "dmres": "315051004",
        "bmi": "60621009",
        "obese": "819948005",
        "steroid": "325444003",
        "asthma": "195967001",
    }.items()
} | {"cancer": Codelist("cancer", "icd10", {"C81": "Hodgkin lymphoma"})}


def rules(*clauses, alternatives=(), lists=LISTS, **population):
    any_of = (clauses, *alternatives) if clauses else tuple(alternatives)
    group = Group("it", "It", "test", any_of)
    return CohortRules("test", (group,), lists, Population(**population))


def a_person(number=ANN, **details):
    given = {"birth_date": date(1950, 4, 3), "practice_code": "D82001", "family": "Ames"}
    return Person(nhs_number=number, **(given | details))


def on(day, key, value=None, **details):
    """An event of a list on a day written yyyy-mm-dd."""
    listed = LISTS[key]
    code = details.pop("code", next(iter(listed.terms)))
    system = details.pop("system", listed.system)
    return Event(
        nhs_number=details.pop("number", ANN),
        kind="record",
        code=code,
        system=system,
        term=key,
        on=date.fromisoformat(day),
        value=value,
        source="gp",
        **details,
    )


@pytest.fixture
def find(tmp_path):
    """What the engine finds among these people; the reference must say the same of each."""

    def run(asked, events, *, people=None, as_of=AS_OF):
        people = people or [a_person()]
        lake = write_generation(tmp_path / "lake", uuid.uuid4(), people, events)
        findings = engine.find(asked, lake, as_of)
        found = {each.nhs_number: each for each in findings.found}
        for person in people:
            mine = [each for each in events if each.nhs_number == person.nhs_number]
            judged = judge(asked, person, mine, as_of)
            here = found.get(person.nhs_number)
            groups, evidence = (here.groups, here.evidence) if here else ((), ())
            expected = ((), ()) if judged.excluded else (judged.groups, judged.evidence)
            assert (groups, evidence) == expected
        return findings

    return run
