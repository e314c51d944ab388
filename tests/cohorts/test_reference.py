"""Over generated histories, the engine finds exactly whom the plain reference finds."""

import random
import uuid
from datetime import timedelta

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts import engine
from openprotect.cohorts.rules import judge
from openprotect.records.lake import write_generation
from openprotect.records.rules.values import Event
from tests.cohorts.conftest import AS_OF, a_person
from tests.cohorts.test_covid_protect import RULES

PEOPLE = 300


def history(chance, number):
    """A few codes of every list, on days that often fall together."""
    lists = list(RULES.codelists.values())
    days = [AS_OF - timedelta(days=chance.choice((0, 1, 90, 184, 365, 731, 4000))) for _ in "123"]
    for place in range(chance.randint(0, 12)):
        listed = chance.choice(lists)
        code = chance.choice(list(listed.terms))
        value = chance.choice((None, 3, 39.9, 40, 45.5, 200))
        yield Event(
            number, "x", code, listed.system, "", chance.choice(days), value, "", "gp", f"{place}"
        )


def test_the_engine_agrees_with_the_reference_on_every_person(tmp_path):
    chance = random.Random(20261120)  # noqa: S311 - made-up histories
    people = [
        a_person(
            synthetic_number(f"{seed}"),
            birth_date=AS_OF - timedelta(days=chance.randint(15 * 365, 95 * 365)),
            deceased=chance.random() < 0.05,
            practice_code=chance.choice(("D82001", "D82002", "")),
        )
        for seed in range(PEOPLE)
    ]
    people = list({person.nhs_number: person for person in people}.values())
    histories = {each.nhs_number: list(history(chance, each.nhs_number)) for each in people}
    events = [event for listed in histories.values() for event in listed]
    lake = write_generation(tmp_path, uuid.uuid4(), people, events)

    findings = engine.find(RULES, lake, AS_OF)

    judged = {
        each.nhs_number: judge(RULES, each, histories[each.nhs_number], AS_OF) for each in people
    }
    expected = {
        number: (each.groups, each.evidence)
        for number, each in judged.items()
        if each.groups and not each.excluded
    }
    assert {each.nhs_number: (each.groups, each.evidence) for each in findings.found} == expected
    assert len(expected) > PEOPLE / 4
