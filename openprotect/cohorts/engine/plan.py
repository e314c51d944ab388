"""A rule set taken apart: selections, conditions with a bit each, and how they go together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from openprotect.cohorts.engine.shape import Alternative, Asked, Asks, Compares, PersonTest, Shape
from openprotect.cohorts.rules import Clause, CohortRules, Group, Selection, Tie, in_words
from openprotect.cohorts.rules.language import Ender

LARGE = 10**8  # of which rules/facts.py keeps no more
SEXES = {"unknown": 0, "male": 1, "female": 2, "other": 9}


@dataclass(frozen=True)
class Condition:
    """What a clause asks of what its selection finds (counts, values, days), with its bit."""

    selection: int
    bit: int
    clause: Clause


@dataclass(frozen=True)
class Pair:
    """A bit set when the other selection's fact stands so to the selection's own."""

    selection: int
    other: int
    compares: int
    bit: int


@dataclass(frozen=True)
class Shown:
    """Evidence of a group: the latest event of a selection, when all the needed bits hold."""

    group: int
    selection: int
    with_value: bool
    need: int


@dataclass(frozen=True)
class Undated:
    """Evidence of a group without an event: the clauses in words, on a day of the person's."""

    group: int
    words: str
    need: int
    age: int | None
    by_registration: bool


class Look(StrEnum):
    """How closely the events of a selection are looked at: each closer look costs more."""

    PLAIN = "wanted"  # the day, the code and where it was recorded
    CLOSE = "closely"  # the value, the age, the company
    DAILY = "daily"  # as closely, and day by day


@dataclass(frozen=True)
class Plan:
    """Everything that the queries of one rule set ask, as values."""

    rules: CohortRules
    selections: tuple[Selection, ...]
    conditions: tuple[Condition, ...]
    pairs: tuple[Pair, ...]
    alternatives: tuple[Alternative, ...]
    tests: tuple[tuple[PersonTest, Clause], ...]
    shown: tuple[Shown, ...]
    undated: tuple[Undated, ...]
    bare: bool = False

    @cached_property
    def shape(self) -> Shape:
        rules, asked = self.rules, self.rules.population
        return Shape(
            bits=1 + max((each.bit for each in self._with_bits), default=-1),
            parts=len(rules.parts),
            groups=len(rules.groups),
            exclusions=len(rules.exclusions),
            alternatives=self.alternatives,
            tests=tuple(test for test, _ in self.tests),
            asked=self._asked(),
            alive=asked.alive,
            registered=asked.registered,
            registered_long=asked.registered_for is not None,
            without_objectors=asked.without_objectors,
            bare=self.bare,
        )

    @property
    def _with_bits(self) -> tuple[Condition | Pair | Alternative, ...]:
        return (*self.conditions, *self.pairs, *self.alternatives)

    def _asked(self) -> Asked:
        looks = {each: self.look(each) for each in self.selections}
        plain = [each for each, look in looks.items() if look is Look.PLAIN]
        beyond = [each for each, look in looks.items() if look is not Look.PLAIN]
        return Asked(
            plain=bool(plain) or not beyond,
            places=any(each.setting for each in plain),
            close=Look.CLOSE in looks.values(),
            daily=Look.DAILY in looks.values(),
            places_beyond=any(each.setting for each in beyond),
            valued=all(each.needs_value for each in beyond),
            bounded=all(_is_bounded(each) for each in beyond),
            units=any(each.unit for each in beyond),
            derived=any(each.derived for each in beyond),
            aged=any(each.aged for each in beyond),
            paired=any(each.paired for each in beyond),
            apart=any(each.clause.apart for each in self.conditions),
            several=not self.bare
            or any(
                looks[self.selections[each.selection]] is not Look.PLAIN and _counts(each.clause)
                for each in self.conditions
            ),
            few=any(each.clause.at_most is not None for each in self.conditions),
            first=any(each.clause.first for each in self.conditions),
            last=any(each.clause.last for each in self.conditions),
            pairs=bool(self.pairs),
            undated=bool(self.undated),
        )

    def look(self, selection: Selection) -> Look:
        """How closely the events of a selection must be looked at."""
        if selection in self._asked_of[Look.DAILY]:
            return Look.DAILY
        narrowed = selection.needs_value or selection.aged or selection.paired
        if narrowed or selection in self._asked_of[Look.CLOSE]:
            return Look.CLOSE
        return Look.PLAIN

    @cached_property
    def _asked_of(self) -> Mapping[Look, frozenset[Selection]]:
        """Whose days are counted or held apart, and whose latest value is asked for."""
        daily = [each for each in self.conditions if _counts_days(each.clause)]
        valued = [each for each in self.conditions if each.clause.latest_value]
        return {
            look: frozenset(self.selections[each.selection] for each in those)
            for look, those in ((Look.DAILY, daily), (Look.CLOSE, valued))
        }


def _counts(clause: Clause) -> bool:
    return clause.at_least > 1 or clause.at_most is not None


def _is_bounded(selection: Selection) -> bool:
    """Whether every value that counts is small enough to be kept as it is."""
    believed = selection.plausible
    if believed is None or believed.low is None or believed.high is None or selection.derived:
        return False
    return believed.low > -LARGE and believed.high < LARGE


def _counts_days(clause: Clause) -> bool:
    return clause.on_different_days or clause.apart is not None


@dataclass
class _Draft:
    """A plan in the making."""

    rules: CohortRules
    numbers: dict[Selection, int] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    tests: list[tuple[PersonTest, Clause]] = field(default_factory=list)
    bits: int = 0

    @cached_property
    def order(self) -> dict[str, int]:
        return {group.name: place for place, group in enumerate(self.rules.in_order())}

    def bit(self) -> int:
        self.bits += 1
        return self.bits - 1

    def number(self, selection: Selection) -> int:
        return self.numbers.setdefault(selection, len(self.numbers))

    def level_of(self, group: int) -> int:
        return max((each.level for each in self.alternatives if each.group == group), default=0)


def plan(rules: CohortRules, *, bare: bool = False) -> Plan:
    """Take a rule set apart. Each condition has its own bit, so that figures move none of them.

    Of a `bare` one, only who is found is asked, and between which days, not for what.
    """
    draft = _Draft(rules)
    for group in rules.in_order():
        for alternative in group.any_of:
            draft.alternatives.append(_alternative(draft, draft.order[group.name], alternative))
    evidence = [each for group in rules.groups for each in _evidence(draft, group)]
    return Plan(
        rules=rules,
        selections=tuple(draft.numbers),
        conditions=tuple(draft.conditions),
        pairs=tuple(draft.pairs),
        alternatives=tuple(draft.alternatives),
        tests=tuple(draft.tests),
        shown=tuple(dict.fromkeys(each for each in evidence if isinstance(each, Shown))),
        undated=tuple(dict.fromkeys(each for each in evidence if isinstance(each, Undated))),
        bare=bare,
    )


def _alternative(draft: _Draft, group: int, clauses: tuple[Clause, ...]) -> Alternative:
    need = forbid = 0
    own: int | None = None
    tests: list[int] = []
    for clause in clauses:
        bit = _own_condition(draft, clause)
        if bit is not None and not clause.is_absent:
            own, need = bit if own is None else own, need | 1 << bit
        elif bit is not None:
            forbid |= 1 << bit
        needed, forbidden = _pairs(draft, clause)
        need, forbid = need | needed, forbid | forbidden
        tests += _person_tests(draft, clause)
    inside = tuple(draft.order[each.in_group] for each in clauses if each.in_group)
    outside = tuple(draft.order[each.not_in_group] for each in clauses if each.not_in_group)
    level = max((draft.level_of(each) + 1 for each in (*inside, *outside)), default=0)
    bit = draft.bit() if own is None else own
    return Alternative(group, bit, need, forbid, tuple(tests), inside, outside, level)


def _own_condition(draft: _Draft, clause: Clause) -> int | None:
    if clause.select is None:
        return None
    bit = draft.bit()
    draft.conditions.append(Condition(draft.number(clause.select), bit, clause))
    return bit


def _pairs(draft: _Draft, clause: Clause) -> tuple[int, int]:
    """The bits that a clause needs, and those it forbids, of its fact against others."""
    if clause.select is None or clause.is_absent:
        return 0, 0
    own = draft.number(clause.select)

    def pair(other: Selection, compares: int) -> int:
        bit = draft.bit()
        draft.pairs.append(Pair(own, draft.number(other), compares, bit))
        return 1 << bit

    need = sum(pair(each.select, _earlier(each)) for each in clause.after)
    forbid = sum(pair(each.select, _later(each)) for each in clause.ended_by)
    if clause.unless_before:
        forbid += pair(clause.unless_before, Compares.FIRST_EARLIER)
    return need, forbid


def _later(ender: Ender) -> int:
    return Compares.LATER_OR_SAME if ender.tie is Tie.ENDS else Compares.LATER


def _earlier(ender: Ender) -> int:
    return Compares.EARLIER_OR_SAME if ender.tie is Tie.STANDS else Compares.EARLIER


def _person_tests(draft: _Draft, clause: Clause) -> Iterator[int]:
    for test in _asked_of_person(clause):
        draft.tests.append((test, clause))
        yield len(draft.tests) - 1


def _asked_of_person(clause: Clause) -> Iterator[PersonTest]:
    if clause.ages:
        yield PersonTest(Asks.AGE)
    if clause.sexes:
        yield PersonTest(Asks.SEX, tuple(sorted(SEXES[each] for each in clause.sexes)))
    if clause.deciles:
        yield PersonTest(Asks.DECILE, tuple(sorted(clause.deciles)))
    if clause.registration:
        yield PersonTest(Asks.REGISTRATION)
    if clause.care_home is not None:
        yield PersonTest(Asks.CARE_HOME, (int(clause.care_home),))


def _evidence(draft: _Draft, group: Group) -> Iterator[Shown | Undated]:
    """What is shown of each alternative of a group that holds, also through groups it is in."""
    mine = draft.order[group.name]
    alternatives = [each for each in draft.alternatives if each.group == mine]
    for made, clauses in zip(alternatives, group.any_of, strict=True):
        yield from _of_alternative(draft, mine, clauses, 1 << made.bit)


def _of_alternative(
    draft: _Draft, group: int, clauses: tuple[Clause, ...], need: int
) -> Iterator[Shown | Undated]:
    events = [each for each in clauses if each.select and not each.is_absent]
    for clause in events:
        if clause.select:
            yield Shown(group, draft.number(clause.select), clause.latest_value is not None, need)
    inside = [each.in_group for each in clauses if each.in_group]
    for name in inside:
        named = draft.rules.in_order()[draft.order[name]]
        for each in _evidence(draft, named):
            yield _again(each, group, need)
    if not events and not inside:
        yield _without_event(draft.rules, group, clauses, need)


def _again(each: Shown | Undated, group: int, need: int) -> Shown | Undated:
    """The evidence of one group given for another, of which more must hold."""
    if isinstance(each, Shown):
        return Shown(group, each.selection, each.with_value, each.need | need)
    return Undated(group, each.words, each.need | need, each.age, each.by_registration)


def _without_event(
    rules: CohortRules, group: int, clauses: tuple[Clause, ...], need: int
) -> Undated:
    return Undated(
        group,
        "; ".join(in_words(rules, each) for each in clauses),
        need,
        max((each.ages.low for each in clauses if each.ages), default=None),
        any(each.registration for each in clauses),
    )
