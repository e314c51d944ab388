"""What of a rule can be tried with another value, how it is named, and the rules with the change.

A value is named as in cohort.toml: `copd.within`, with the alternative and the condition counted
from 1 where there are several: `copd[2].at_least`, `copd[2][1].codes`. `within=24m` sets it,
`codes+=list` and `codes-=list` add to a list and take from it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from openprotect.base.refusals import Refused
from openprotect.cohorts.engine.knobs import KNOBS, OF_PEOPLE, POPULATION, Knob
from openprotect.cohorts.rules import Clause, CohortRules, Group
from openprotect.cohorts.rules.wording import lists_in_words

WRITTEN: Final = re.compile(r"(?P<path>[^=+]+?)\s*(?P<how>[+-]?=)\s*(?P<value>.*)", re.DOTALL)
PATH: Final = re.compile(
    r"(?P<group>[\w-]+)(\[(?P<way>[0-9]{1,3})\](\[(?P<clause>[0-9]{1,3})\])?)?\.(?P<name>[\w.]+)"
)
PEOPLE: Final = "population"


class NotSettable(Refused):
    """The rules have no such value, or it cannot be this."""


@dataclass(frozen=True)
class Setting:
    """One value of a rule: its name, what kind it is, as it is written now, and what it means.

    `about` says of which condition it is, where its group has several.
    """

    path: str
    kind: str
    value: str
    asks: str
    about: str = ""

    @property
    def title(self) -> str:
        if not self.about:
            return self.asks
        return f"{self.about}: {self.asks[:1].lower()}{self.asks[1:]}"

    @property
    def group(self) -> str:
        return re.split(r"[.\[]", self.path)[0]


@dataclass(frozen=True)
class _Place:
    """Where a clause stands: its group, alternative and number, counted from 0."""

    group: int
    way: int
    clause: int


def settable(rules: CohortRules) -> tuple[Setting, ...]:
    """Every value that can be changed, in the order of the rules."""
    people = (
        Setting(f"{PEOPLE}.{name}", knob.kind, knob.read(rules.population), knob.title)
        for name, knob in POPULATION.items()
        if knob.is_offered(rules.population)
    )
    return (*people, *(each for group in rules.in_order() for each in _of_group(group)))


def _of_group(group: Group) -> Iterator[Setting]:
    for way, clauses in enumerate(group.any_of):
        for number, clause in enumerate(clauses):
            where, about = _named(group, way, number), _about(group, clause)
            for name, knob in KNOBS.items():
                if knob.is_offered(clause):
                    yield Setting(
                        f"{where}.{name}", knob.kind, knob.read(clause), knob.title, about
                    )


def _named(group: Group, way: int, number: int) -> str:
    """The shortest name of a clause that is its own."""
    if len(group.any_of[way]) > 1:
        return f"{group.name}[{way + 1}][{number + 1}]"
    return f"{group.name}[{way + 1}]" if len(group.any_of) > 1 else group.name


def _about(group: Group, clause: Clause) -> str:
    """What a condition looks for, in a few words; nothing where it is the only one."""
    is_alone = len(group.any_of) == 1 and len(group.any_of[0]) == 1
    if is_alone:
        return ""
    if clause.select is None:
        return "The person"
    listed = lists_in_words(clause.select.codelists[:2])
    more = len(clause.select.codelists) - 2
    return f"{listed[:1].upper()}{listed[1:]}{f' and {more} more' if more > 0 else ''}"


def changed(rules: CohortRules, written: Sequence[str]) -> CohortRules:
    """The rules with these changes, one after another. Refuses what it does not understand."""
    for each in written:
        rules = _with(rules, each)
    return rules


def _with(rules: CohortRules, written: str) -> CohortRules:
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        raise NotSettable(f"{written[:60]!r}: write a change as NAME=VALUE.")
    path, how, value = found["path"].strip(), found["how"], found["value"].strip()
    if path.startswith(f"{PEOPLE}."):
        return _with_people(rules, path, value)
    place, name = _found(rules, path)
    group = rules.in_order()[place.group]
    clause = group.any_of[place.way][place.clause]
    lists = dict(rules.codelists)
    made = KNOBS[name].write(clause, _whole(KNOBS[name], clause, how, value), lists)
    return _put(replace(rules, codelists=lists), place, made)


def _with_people(rules: CohortRules, path: str, value: str) -> CohortRules:
    knob = POPULATION.get(path.removeprefix(f"{PEOPLE}."))
    if knob is None:
        raise NotSettable(_unknown(rules, path))
    return replace(rules, population=knob.write(rules.population, value, {}))


def _whole(knob: Knob[Clause], clause: Clause, how: str, value: str) -> str:
    """The new value as a whole, where something was added to a list or taken from it."""
    if how == "=":
        return value
    if knob.kind != "codes":
        raise NotSettable("Only lists of codes can be added to or taken from.")
    listed = [each.strip() for each in knob.read(clause).split(",")]
    asked = [each.strip() for each in value.split(",")]
    if how == "+=":
        return ", ".join(dict.fromkeys([*listed, *asked]))
    if missing := [each for each in asked if each not in listed]:
        raise NotSettable(f"{missing[0]} is not asked for here: {', '.join(listed)} are.")
    return ", ".join(each for each in listed if each not in asked)


def _found(rules: CohortRules, path: str) -> tuple[_Place, str]:
    """The one clause that a name means; refused when it means none or several."""
    parts = PATH.fullmatch(path)
    places = list(_places(rules, parts)) if parts and parts["name"] in KNOBS else []
    name = parts["name"] if parts else ""
    if len(places) > 1:
        offered = [each for each in places if KNOBS[name].is_offered(_clause(rules, each))]
        if len(offered) != 1:
            names = ", ".join(f"{_name(rules, each)}.{name}" for each in offered or places)
            raise NotSettable(f"{path} could be several: say which of {names}.")
        places = offered
    if not places:
        raise NotSettable(_unknown(rules, path))
    return places[0], name


def _places(rules: CohortRules, parts: re.Match[str]) -> Iterator[_Place]:
    """Every clause that the name of a path could mean."""
    way, number = (int(parts[each]) - 1 if parts[each] else None for each in ("way", "clause"))
    for place, group in enumerate(rules.in_order()):
        if group.name != parts["group"]:
            continue
        for at, clauses in enumerate(group.any_of):
            for inside in range(len(clauses)):
                fits = parts["name"] in OF_PEOPLE or clauses[inside].select is not None
                if fits and way in (None, at) and number in (None, inside):
                    yield _Place(place, at, inside)


def _clause(rules: CohortRules, place: _Place) -> Clause:
    return rules.in_order()[place.group].any_of[place.way][place.clause]


def _name(rules: CohortRules, place: _Place) -> str:
    return _named(rules.in_order()[place.group], place.way, place.clause)


def _unknown(rules: CohortRules, path: str) -> str:
    group = re.split(r"[.\[]", path)[0]
    near = [each.path for each in settable(rules) if each.group == group] or [
        each.name for each in rules.in_order()
    ]
    return f"These rules have no {path[:60]!r} to set. There are: {', '.join(near)}."


def _put(rules: CohortRules, place: _Place, clause: Clause) -> CohortRules:
    """The rules with another clause in one place."""
    groups = list(rules.in_order())
    ways = [list(clauses) for clauses in groups[place.group].any_of]
    ways[place.way][place.clause] = clause
    groups[place.group] = replace(
        groups[place.group], any_of=tuple(tuple(clauses) for clauses in ways)
    )
    parts, last = len(rules.parts), len(rules.parts) + len(rules.groups)
    return replace(
        rules,
        parts=tuple(groups[:parts]),
        groups=tuple(groups[parts:last]),
        exclusions=tuple(groups[last:]),
    )
