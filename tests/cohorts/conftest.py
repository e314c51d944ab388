"""The engine asked of small rules and records; the reference must say the same."""

import pytest

from openprotect.cohorts import engine
from openprotect.cohorts.rules import judge
from openprotect.cohorts.rules.judging import NOWHERE
from tests.cohorts.given import ANN, AS_OF, LISTS, a_person, on, rules
from tests.cohorts.stores import small_store

__all__ = ["ANN", "AS_OF", "LISTS", "a_person", "on", "rules"]


@pytest.fixture
def find(tmp_path):
    """What the engine finds among these people; the reference must say the same of each."""

    def run(asked, events, *, people=None, as_of=AS_OF, deprivation=NOWHERE):
        people = people or [a_person()]
        store = small_store(tmp_path, people, events, deprivation)
        findings = engine.find(asked, store, as_of)
        found = {each.nhs_number: each for each in findings.found}
        for person in people:
            mine = [each for each in events if each.nhs_number == person.nhs_number]
            judged = judge(asked, person, mine, as_of, deprivation)
            here = found.get(person.nhs_number)
            groups, evidence = (here.groups, here.evidence) if here else ((), ())
            expected = ((), ()) if judged.excluded else (judged.groups, judged.evidence)
            assert (groups, evidence) == expected
        return findings

    return run
