"""Stored answers judged once more by a changed pack: what would come of them, and what came then.

Pure, so that processes apart can share the work: they are given the files of the packs and plain
rows, and give back what came out otherwise.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final, NamedTuple

from openprotect.packs.known import Known
from openprotect.packs.loading import from_files
from openprotect.packs.triage import URGENCIES, Outcome, Rule, TriageTable

Files = Mapping[str, bytes]
BATCH: Final = 2_000
WORTH_A_PROCESS: Final = 10_000
MOST_WAITING: Final = 4
NOTHING: Final = ""
MORE, FEWER, SOONER, LATER, OTHERWISE = "more", "fewer", "sooner", "later", "otherwise"
KINDS: Final = {
    MORE: "would have an alert, and had none",
    FEWER: "would have no alert, and had one",
    SOONER: "would have a more urgent alert",
    LATER: "would have a less urgent alert",
    OTHERWISE: "would have an alert for other reasons, as urgent",
}


class Given(NamedTuple):
    """One stored set of answers, with what was known beside it; answers as JSON text."""

    response: str
    person: str
    practice: str
    version: str
    answers: str
    before: str | None
    age: int | None
    days_silent: int | None
    answered_by: str | None
    groups: tuple[str, ...] | None
    at: str = ""


class Changed(NamedTuple):
    """One set of answers that would come out otherwise."""

    response: str
    person: str
    practice: str
    kind: str
    was: str
    would_be: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass
class Replay:
    """What a changed pack would have made of stored answers."""

    answers: int = 0
    people: set[str] = field(default_factory=set)
    changed: list[Changed] = field(default_factory=list)

    @property
    def by_kind(self) -> Counter[tuple[str, str]]:
        """How many answers, by kind of change and the urgency that would be, or was."""
        return Counter((each.kind, each.would_be or each.was) for each in self.changed)

    @property
    def by_practice(self) -> Counter[tuple[str, str, str]]:
        """By practice, kind of change, and urgency."""
        return Counter(
            (each.practice, each.kind, each.would_be or each.was) for each in self.changed
        )

    @property
    def by_rule(self) -> Counter[tuple[str, str]]:
        """How often a rule would fire and did not (`more`), or did and would not (`fewer`)."""
        found: Counter[tuple[str, str]] = Counter()
        for each in self.changed:
            found.update((rule, MORE) for rule in each.gained)
            found.update((rule, FEWER) for rule in each.lost)
        return found


def replay(
    new: Files, versions: Mapping[str, Files], given: Iterable[Given], *, processes: int = 1
) -> Replay:
    """Judge every set of answers by the version it was given to and by the new one.

    Up to some thousands here; more in processes of their own, which load the packs once.
    """
    found = Replay()
    rows = iter(given)
    first = list(islice(rows, WORTH_A_PROCESS))
    if len(first) < WORTH_A_PROCESS or processes < 2:
        judge = Judge(new, versions)
        for batch in (first, *_batches(rows)):
            _take(found, batch, judge.changed(batch))
        return found
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_start, initargs=(dict(new), dict(versions))
    ) as pool:
        waiting: list[tuple[list[Given], Future[list[Changed]]]] = []
        for batch in chain(_batches(iter(first)), _batches(rows)):
            waiting.append((batch, pool.submit(_changed, batch)))
            if len(waiting) > processes * MOST_WAITING:
                _settle(found, waiting)
        while waiting:
            _settle(found, waiting)
    return found


def _batches(rows: Iterator[Given]) -> Iterator[list[Given]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _settle(found: Replay, waiting: list[tuple[list[Given], "Future[list[Changed]]"]]) -> None:
    batch, future = waiting.pop(0)
    _take(found, batch, future.result())


def _take(found: Replay, batch: Sequence[Given], changed: Sequence[Changed]) -> None:
    found.answers += len(batch)
    found.people.update(each.person for each in batch)
    found.changed.extend(changed)


class Judge:
    """The tables of all versions, compiled once.

    Where two versions ask the same and may see the same, the rows that both have cannot come out
    otherwise: only the others are asked, and everything only where these differ.
    """

    def __init__(self, new: Files, versions: Mapping[str, Files]) -> None:
        self.new = from_files(new).triage
        self.old = {name: from_files(files).triage for name, files in versions.items()}
        self.apart = {name: _apart(old, self.new) for name, old in self.old.items()}

    def changed(self, batch: Iterable[Given]) -> list[Changed]:
        return [found for each in batch if (found := self._changed(each)) is not None]

    def _changed(self, given: Given) -> Changed | None:
        answers = json.loads(given.answers)
        known = Known(
            given.age,
            given.days_silent,
            given.answered_by,
            None if given.groups is None else frozenset(given.groups),
            json.loads(given.before) if given.before else None,
            datetime.fromisoformat(given.at) if given.at else None,
        )
        if (apart := self.apart[given.version]) and not _differ(*apart, answers, known):
            return None
        was = _judged(self.old[given.version], answers, known)
        would = _judged(self.new, answers, known)
        if was == would:
            return None
        one, other = _most_urgent(was), _most_urgent(would)
        return Changed(
            given.response,
            given.person,
            given.practice,
            _kind(one, other),
            one,
            other,
            tuple(sorted(would.keys() - was.keys())),
            tuple(sorted(was.keys() - would.keys())),
        )


def _apart(old: TriageTable, new: TriageTable) -> tuple[TriageTable, TriageTable] | None:
    """The rows in which two tables differ; None when the same facts mean something else to them."""
    if (old.items, old.sight) != (new.items, new.sight):
        return None
    both = {_meant(rule) for rule in old.rules} & {_meant(rule) for rule in new.rules}
    one, other = (
        replace(table, rules=tuple(rule for rule in table.rules if _meant(rule) not in both))
        for table in (old, new)
    )
    return one, other


def _meant(rule: Rule) -> tuple[str, str, str]:
    return rule.name, rule.urgency, rule.test.text


def _differ(
    one: TriageTable, other: TriageTable, answers: Mapping[str, object], known: Known
) -> bool:
    laid = one.lay({name: each for name, each in answers.items() if name in one.asked}, known)
    return _urgencies(one.outcomes(laid)) != _urgencies(other.outcomes(laid))


def _judged(table: TriageTable, answers: Mapping[str, object], known: Known) -> dict[str, str]:
    """Urgency by rule. Answers to questions that a version does not ask are not put to it."""
    asked = {name: each for name, each in answers.items() if name in table.asked}
    return _urgencies(table.judge(asked, known))


def _urgencies(outcomes: Iterable[Outcome]) -> dict[str, str]:
    return {each.rule: each.urgency for each in outcomes}


def _most_urgent(found: Mapping[str, str]) -> str:
    return next((each for each in URGENCIES if each in found.values()), NOTHING)


def _kind(was: str, would: str) -> str:
    if was == would:
        return OTHERWISE
    if not was:
        return MORE
    if not would:
        return FEWER
    in_order = [str(each) for each in URGENCIES]
    return SOONER if in_order.index(would) < in_order.index(was) else LATER


_judge: Judge | None = None


def _start(new: Files, versions: Mapping[str, Files]) -> None:
    """A process begins: it compiles the tables once, for all that it is given."""
    global _judge
    _judge = Judge(new, versions)


def _changed(batch: Sequence[Given]) -> list[Changed]:
    if _judge is None:
        raise RuntimeError("this process was not started for a replay")
    return _judge.changed(batch)
