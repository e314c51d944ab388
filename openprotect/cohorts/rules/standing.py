"""Whether the rules ask about somebody at all: alive, registered, of age, not objecting."""

from datetime import date
from typing import Final

from openprotect.cohorts.rules.language import Population
from openprotect.records.rules.values import Person

DECEASED: Final = "deceased"
UNREGISTERED: Final = "not registered with a practice"
AGE: Final = "outside the ages"
OBJECTED: Final = "objected"
# In the order in which they count: somebody who is several of these counts as the first.
REASONS: Final = (DECEASED, UNREGISTERED, AGE, OBJECTED)


def exclusion(population: Population, person: Person, as_of: date) -> str:
    """Why somebody is not asked about at all; '' when they are."""
    if population.alive and is_dead(person, as_of):
        return DECEASED
    if population.registered and not _is_registered(population, person, as_of):
        return UNREGISTERED
    if person.birth_date is None or not population.ages.holds(person.birth_date, as_of):
        return AGE
    if population.without_objectors and person.opted_out is True:
        return OBJECTED
    return ""


def is_dead(person: Person, as_of: date) -> bool:
    """Dead by that day; a death without a date counts for every day."""
    if person.deceased_on:
        return person.deceased_on <= as_of
    return person.deceased


def _is_registered(population: Population, person: Person, as_of: date) -> bool:
    joined, left, needed = person.registered_on, person.left_on, population.registered_for
    if not person.practice_code or (joined and joined > as_of) or (left and left <= as_of):
        return False
    return needed is None or (joined is not None and joined <= needed.before(as_of))
