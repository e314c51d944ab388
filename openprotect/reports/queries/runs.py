"""Runs of a programme's rules: whom they found, whom they did not ask about, what changed since."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records.models import Changeset
from openprotect.reports.queries.explaining import reason_in_words
from openprotect.reports.queries.naming import fifths, practices
from openprotect.reports.rules.masking import rounded, told
from openprotect.reports.rules.tallies import Tally, tally

A_PAGE = 50
KINDS = {
    "joined": "Joined",
    "left": "Left",
    "changed": "Changed groups",
    "moved": "Moved practice",
}
KIND, REASON, PRACTICE = "kind", "reason", "practice"
Change = Mapping[str, object]


@dataclass(frozen=True)
class Line:
    """One run in the list, with what it changed."""

    id: UUID
    at: datetime
    by: str
    as_of: date
    version: str
    engine: str
    found: str
    changes: Mapping[str, str]
    has_earlier: bool


@dataclass(frozen=True)
class Age:
    """How old the records of one source were when a run read them."""

    source: str
    extract_on: date | None
    newest_on: date | None


@dataclass(frozen=True)
class Fall:
    """A step of the waterfall: people taken away, or what is left of all."""

    title: str
    people: int
    said: str
    starts: int
    is_rest: bool


@dataclass(frozen=True)
class Report:
    """One run, as a page and a file show it."""

    line: Line
    digest: str
    people: int
    ages: tuple[Age, ...]
    falls: tuple[Fall, ...]
    would_have: Tally
    by_group: Tally
    by_practice: Tally
    by_fifth: Tally

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return self.would_have, self.by_group, self.by_practice, self.by_fifth


@dataclass(frozen=True)
class Difference:
    """What a run changed since the one before: by kind and reason, by practice and by group."""

    line: Line
    earlier: Line
    by_reason: Mapping[str, Tally]
    by_practice: Tally
    by_group: Tally

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return *self.by_reason.values(), self.by_practice, self.by_group

    @property
    def is_none(self) -> bool:
        return not self.by_reason


def visible_to(programme: Programme) -> QuerySet[Run]:
    """The runs of a programme's rules, the newest first; they name nobody."""
    return Run.objects.filter(pack=programme.key).newest_first()


def lines(programme: Programme, *, page: int, exact: bool) -> tuple[tuple[Line, ...], bool]:
    """A page of runs, and whether there are more."""
    start = (page - 1) * A_PAGE
    found = list(visible_to(programme).select_related("earlier")[start : start + A_PAGE + 1])
    return tuple(line(each, exact=exact) for each in found[:A_PAGE]), len(found) > A_PAGE


def line(run: Run, *, exact: bool) -> Line:
    counts = Counter(dict.fromkeys(KINDS, 0))
    for each in run.difference:
        counts[str(each[KIND])] += int(str(each["people"]))
    return Line(
        run.pk,
        run.at,
        run.by,
        run.as_of,
        run.pack_version,
        run.engine,
        told(run.found_count, exact=exact),
        {kind: told(counts[kind], exact=exact) for kind in KINDS},
        run.earlier is not None,
    )


def report(run: Run, programme: Programme, *, exact: bool) -> Report:
    """Everything about one run but the people."""
    rules = pack_of(programme).cohort
    groups = {each.name: each.title for each in rules.groups if each.name in run.by_group}
    steps = {each["reason"]: _titled(rules, each["reason"]) for each in run.waterfall}
    would = {
        "People": {each["reason"]: each["people"] for each in run.waterfall},
        "Of these, would have been found": {
            each["reason"]: each["found"] for each in run.waterfall
        },
    }
    found = {"Found": run.by_practice}
    return Report(
        line=line(run, exact=exact),
        digest=run.digest,
        people=run.people,
        ages=ages_at(run),
        falls=falls(run, rules, exact=exact),
        would_have=tally("Not asked about, and why", "Reason", steps, would, exact=exact),
        by_group=tally(
            "Found, by group", "Group", groups, {"Found": run.by_group},
            exact=exact, adds_up=False,
        ),
        by_practice=tally(
            "Found, by practice", "Practice", practices(run.by_practice), found, exact=exact
        ),
        by_fifth=tally(
            "Found, by deprivation", "Fifth", fifths(), {"Found": run.by_quintile}, exact=exact
        ),
    )  # fmt: skip


def falls(run: Run, rules: CohortRules, *, exact: bool) -> tuple[Fall, ...]:
    """From everybody in the records to those found, a step for each reason.

    Where numbers are rounded, so are the bars: no drawing tells what a word does not.
    """
    draw = int if exact else rounded
    steps = [(_titled(rules, each["reason"]), each["people"]) for each in run.waterfall]
    taken = sum(people for _, people in steps)
    steps.append(("No rule holds", run.people - taken - run.found_count))
    rest, drawn = run.people, []
    for title, people in steps:
        rest = max(0, rest - draw(people))
        drawn.append(Fall(title, draw(people), told(people, exact=exact), rest, is_rest=False))
    found = told(run.found_count, exact=exact)
    return (
        Fall("In the records", run.people, told(run.people, exact=exact), 0, is_rest=True),
        *drawn,
        Fall("Found", draw(run.found_count), found, 0, is_rest=True),
    )


def _titled(rules: CohortRules, reason: str) -> str:
    words = reason_in_words(rules, reason)
    return words[:1].upper() + words[1:]


def ages_at(run: Run) -> tuple[Age, ...]:
    """How old each source was at the moment of a run: its last extract taken by then."""
    taken = Changeset.objects.committed().filter(settled_at__lte=run.at)
    newest = taken.order_by("source", "-number").distinct("source")
    return tuple(Age(each.source, each.extract_on, each.newest_event_on) for each in newest)


def difference(run: Run, programme: Programme, *, exact: bool) -> Difference | None:
    """What a run changed since the one before it; None for the first."""
    if run.earlier is None:
        return None
    rules = pack_of(programme).cohort
    by_practice = {words: _summed(run, PRACTICE, only=kind) for kind, words in KINDS.items()}
    codes = {code for counts in by_practice.values() for code in counts}
    changes = run.by_group_change
    titles = {each.name: each.title for each in rules.groups if each.name in changes}
    return Difference(
        line(run, exact=exact),
        line(run.earlier, exact=exact),
        _by_reason(run, exact=exact),
        tally("By practice", "Practice", practices(codes), by_practice, exact=exact),
        tally(
            "By group", "Group", titles,
            {
                "Came into it": {name: changes[name][0] for name in titles},
                "Went out of it": {name: changes[name][1] for name in titles},
            },
            exact=exact, adds_up=False,
        ),
    )  # fmt: skip


def _by_reason(run: Run, *, exact: bool) -> dict[str, Tally]:
    found = {}
    for kind, words in KINDS.items():
        counts = _summed(run, REASON, only=kind)
        if counts:
            names = {reason: reason[:1].upper() + reason[1:] for reason in sorted(counts)}
            found[kind] = tally(f"{words}, and why", "Why", names, {"People": counts}, exact=exact)
    return found


def _summed(run: Run, by: str, *, only: str) -> dict[str, int]:
    counts: dict[str, int] = Counter()
    for each in run.difference:
        if each[KIND] == only:
            counts[str(each[by])] += int(str(each["people"]))
    return dict(counts)
