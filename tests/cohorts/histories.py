"""People and their events made by chance around the bounds of a rule set; the same for a seed.

    world = make(seed=7, people=500)
    world.rules, world.people, world.events, world.as_of, world.deprivation

Days fall on the ends of every window, a day before and a day after them, on 29 February, together
on a few days, and after the day asked about. Values fall on the bounds of every range. Birthdays,
registrations and deaths do the same. No two events are the same row, though many say the same; a
code always has the same term.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from openprotect.base.nhs_number import synthetic_number
from openprotect.cohorts.rules import CohortRules, Judgement, judge
from openprotect.records.rules.values import Event, Person
from tests.cohorts.rule_sets import BACK, FIXED, NUMBERS, SETTINGS, YEARS, rule_set

AS_OF = (
    date(2026, 11, 20),
    date(2024, 2, 29),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 3, 31),
    date(2026, 12, 31),
)
TENTHS = {f"E0100000{tenth % 10}": tenth for tenth in range(1, 11)}
AREAS = (*TENTHS, "E09999999", "")
SOURCES = ("gp", "hospital-trust", "list")
EPISODES = ("", "adm-1", "adm-2")
UNITS = {
    "hba1c": ("mmol/mol", "MMOL/Mol", "", "%", "mg/dL"),
    "creatinine": ("umol/L", "\N{MICRO SIGN}mol/l", "", "mg/dL", "mmol/mol"),
}
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    """Rules, everybody, everything recorded of them, and the day asked about."""

    rules: CohortRules
    people: tuple[Person, ...]
    events: tuple[Event, ...]
    as_of: date
    deprivation: dict[str, int]

    def histories(self):
        """The events of each person, by NHS number."""
        found = defaultdict(list)
        for event in self.events:
            found[event.nhs_number].append(event)
        return found

    def judged(self, *, with_misses=False) -> dict[str, Judgement]:
        """What the plain reference says of each person."""
        histories = self.histories()
        return {
            each.nhs_number: judge(
                self.rules,
                each,
                histories[each.nhs_number],
                self.as_of,
                self.deprivation,
                with_misses=with_misses,
            )
            for each in self.people
        }


def make(seed, people=200, groups=12, rules=None, as_of=None):
    """A world; with `rules`, around those instead of ones made by chance."""
    chance = random.Random(seed)  # noqa: S311 - made-up histories
    as_of = as_of or AS_OF[seed % len(AS_OF)]
    rules = rules or rule_set(chance, groups)
    numbers = {synthetic_number(f"{seed}/{each}"): None for each in range(people)}
    makers = [OfOne(chance, rules, number, as_of, _days(rules, as_of)) for number in numbers]
    everybody = tuple(each.person() for each in makers)
    events = tuple(event for each in makers for event in each.events())
    return World(rules, everybody, events, as_of, TENTHS)


def _days(rules, as_of):
    """Every day on which a rule turns, with the days beside it."""
    stretches = [each.days for each in rules.selections()]
    stretches += [days for each in rules.clauses() for days in (each.first, each.last) if days]
    turns = {as_of, *(span.before(as_of) for span in BACK), *FIXED}
    for days in stretches:
        turns |= {days.last_day(as_of), days.first_day(as_of) or as_of}
    beside = {day + move for day in turns for move in (-A_DAY, timedelta(), A_DAY)}
    return sorted(beside | {date(2000, 2, 29), date(1995, 6, 15)})


class OfOne:
    """Makes one person and the events recorded of them."""

    def __init__(self, chance, rules, number, as_of, days):
        self.chance, self.rules, self.number, self.as_of = chance, rules, number, as_of
        # A few days each, so that events fall together and turn on each other.
        self.days = chance.sample(days, min(len(days), chance.choice((2, 3, 5, 8))))

    def person(self):
        chance = self.chance
        died = chance.choice((None,) * 18 + (self.as_of, self.as_of + A_DAY))
        return Person(
            nhs_number=self.number,
            family="Ames",
            birth_date=self.born(),
            sex=chance.choice(("female", "male", "female", "male", "other", "unknown")),
            practice_code=chance.choice(("D82001", "D82002", "D83010") * 5 + ("",)),
            registered_on=chance.choice((None, *self.joined())),
            left_on=chance.choice((None,) * 16 + (self.as_of, self.as_of + A_DAY)),
            deceased=bool(died) or chance.random() < 0.03,
            deceased_on=died,
            opted_out=chance.choice((None, None, False, False, False, True)),
            care_home=chance.choice((None, None, False, True)),
            lsoa=chance.choice(AREAS),
            source=chance.choice(("pds", "gp")),
        )

    def born(self):
        """Round a birthday on which some rule turns, or on 29 February, or on any day."""
        chance = self.chance
        birthday = self.as_of - timedelta(days=round(chance.choice(YEARS) * 365.25))
        exact = min(birthday.day, 28)
        turn = birthday.replace(month=self.as_of.month, day=min(self.as_of.day, 28) or exact)
        any_day = self.as_of - timedelta(days=chance.randint(0, 100 * 365))
        leap = date(1900 + 4 * chance.randint(1, 25), 2, 29)
        return chance.choice(
            (turn - A_DAY, turn, turn + A_DAY, any_day, any_day, any_day, leap) * 4 + (None,)
        )

    def joined(self):
        back = self.chance.choice(BACK).before(self.as_of)
        return back - A_DAY, back, back + A_DAY, self.as_of, self.as_of + A_DAY, date(1999, 1, 1)

    def events(self):
        for place in range(self.chance.choice((0, 1, 2, 4, 8, 14))):
            yield from self.event(place)

    def event(self, place):
        """One event, and now and then the same told again by another source."""
        chance = self.chance
        listed = chance.choice(list(self.rules.codelists.values()))
        system, code = self.coded(listed)
        first = Event(
            nhs_number=self.number,
            kind="record",
            code=code,
            system=system,
            term="" if code.startswith("7") else f"as recorded: {code}",
            on=chance.choice(self.days),
            value=self.value(),
            unit=chance.choice(UNITS.get(listed.key, ("",))),
            source=chance.choice(SOURCES),
            source_id=f"{self.number}/{place}",
            setting=chance.choice((*SETTINGS, "")),
            episode=chance.choice(EPISODES),
        )
        yield first
        if chance.random() < 0.1:
            yield _again(first, chance.choice(SOURCES), f"{first.source_id}/again")

    def coded(self, listed):
        """A code that the list counts; now and then one that only looks like it."""
        code = self.chance.choice(list(listed.codes()))
        system = self.chance.choice(listed.systems)
        look_alikes = (
            (system, code),
            ("rxnorm", code),
            (system, code.swapcase()),
            (system, "C829"),
        )
        return self.chance.choice(((system, code),) * 12 + look_alikes)

    def value(self):
        number = self.chance.choice(NUMBERS)
        near = (number, number, number, number - 0.1, number + 0.1, 90.0, 150.0, 900.0, 0.0)
        return self.chance.choice((None, None, *near))


def _again(event, source, source_id):
    given = {key: getattr(event, key) for key in Event.__slots__}
    return Event(**(given | {"source": source, "source_id": source_id}))
