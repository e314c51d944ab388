"""The engine asked of small rules and records; the reference must say the same."""

import uuid

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.rules import judge
from openprotect.records.lake import write_generation
from tests.cohorts.given import ANN, AS_OF, LISTS, a_person, on, rules

__all__ = ["ANN", "AS_OF", "LISTS", "a_person", "on", "rules"]


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
