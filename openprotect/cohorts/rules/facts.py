"""What a selection finds in one person's record: the plain meaning of every word of it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from openprotect.cohorts.rules.deriving import derived
from openprotect.cohorts.rules.language import CohortRules, Selection, listed_term
from openprotect.cohorts.rules.measures import Ages, age_on, unit_as_compared
from openprotect.records.rules.values import Event, Person

MOST_VALUE: Final = 2**40 - 1  # ten-thousandths, either way


@dataclass(frozen=True)
class Fact:
    """What one selection finds of one person.

    `value` is the highest of the last day. `latest` is, of the last day, the event with the first
    system and code, then the first source; its term is the codelist's where that has one.
    """

    first: date
    last: date
    events: int
    days: int
    value: float | None
    latest: Event


@dataclass(frozen=True)
class Case:
    """One person's whole record, looked at under these rules as of one day."""

    rules: CohortRules
    person: Person
    events: Sequence[Event]
    as_of: date
    decile: int | None = None

    def fact(self, selection: Selection) -> Fact | None:
        found = sorted(self.counted(selection), key=lambda each: each.on)
        if not found:
            return None
        last = [each for each in found if each.on == found[-1].on]
        values = [each.value for each in last if each.value is not None]
        return Fact(
            first=found[0].on,
            last=found[-1].on,
            events=len(found),
            days=len({each.on for each in found}),
            value=max(values, default=None),
            latest=min(last, key=_first_shown),
        )

    def counted(self, selection: Selection) -> Iterator[Event]:
        """The events that count, each with its term and with its value as the rule asks for it."""
        for event in self.events:
            listed = listed_term(self.rules, selection.codelists, event.system, event.code)
            if listed is None or not self._may_count(selection, event):
                continue
            value = value_of(selection, event, self.person)
            if value is not None or not selection.needs_value:
                yield replace(event, term=listed or event.term, value=value)

    def _may_count(self, selection: Selection, event: Event) -> bool:
        """Whether time, place, age and company of the event are those asked for."""
        if event.on > self.as_of or not selection.days.holds(event.on, self.as_of):
            return False
        if selection.setting and event.setting != selection.setting:
            return False
        if selection.aged and not _was_aged(selection.aged, self.person, event.on):
            return False
        return not selection.paired or self._is_paired(selection, event)

    def _is_paired(self, selection: Selection, event: Event) -> bool:
        return any(
            other.on == event.on
            and other.episode == event.episode
            and listed_term(self.rules, selection.paired, other.system, other.code) is not None
            for other in self.events
        )


def _first_shown(event: Event) -> tuple[str, ...]:
    """What is shown of an event, then the rest, so that the order of a record changes nothing."""
    shown = (event.system, event.code, event.source, event.term)
    return (*shown, event.setting, event.episode, event.unit, str(event.value), event.source_id)


def _was_aged(ages: Ages, person: Person, on: date) -> bool:
    born = person.birth_date
    return born is not None and ages.low <= age_on(born, on) <= ages.high


def value_of(selection: Selection, event: Event, person: Person) -> float | None:
    """The value in the unit asked for, believed, and derived; None when it is not all of these."""
    value = _in_unit(selection, event)
    if value is None or (selection.plausible and not selection.plausible.holds(value)):
        return None
    if selection.derived:
        value = derived(selection.derived, value, person, event.on)
    return None if value is None else _kept(value)


def _kept(value: float) -> float:
    """To four decimals, at most a hundred million: a value and its day can then be one number."""
    whole = math.floor(value * 10_000 + 0.5)
    return max(min(whole, MOST_VALUE), -MOST_VALUE) / 10_000


def _in_unit(selection: Selection, event: Event) -> float | None:
    """An empty unit is taken for the one asked for; an unknown one makes the value unusable."""
    if event.value is None or not selection.unit or not event.unit:
        return event.value
    unit = unit_as_compared(event.unit)
    if unit == unit_as_compared(selection.unit):
        return event.value
    for each in selection.conversions:
        if unit == unit_as_compared(each.unit):
            return event.value / each.divide + each.add
    return None
