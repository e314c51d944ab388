"""What a changed rule would do over the whole population: counts, and examples for those entitled.

Nothing is saved. The records are files, where no row security stands: whether there is a legal
basis, and who may be shown examples, is asked here. An example is somebody's evidence, age, sex and
practice: never a name or a number.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings as installation

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.cohorts.engine import know
from openprotect.cohorts.engine.settings import Setting, changed, settable
from openprotect.cohorts.engine.trial import Count, Example, Trial
from openprotect.cohorts.engine.trying import try_rules
from openprotect.cohorts.explaining import shown
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import CohortRules
from openprotect.cohorts.rules.measures import age_on
from openprotect.governance.actions import record_access_by_number
from openprotect.governance.queries import basis_ends_at
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records.store import Store, open_store
from openprotect.records.store.opening import StoreDamaged
from openprotect.reports.queries.explaining import Near, near_misses, reason_in_words
from openprotect.reports.queries.naming import fifths, practices
from openprotect.reports.rules.masking import told
from openprotect.reports.rules.tallies import Tally, tally

MAY_SEE_EXAMPLES = frozenset({Role.CLINICAL})
EXAMPLES = 20


class NotTried(Refused):
    """There is nothing to try a rule on, or it may not be tried."""


@dataclass(frozen=True)
class Shown:
    """Somebody whom the change concerns, without a name: what is on record, and what it does."""

    kind: str
    age: int | None
    sex: str
    practice: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    evidence: tuple[str, ...]
    near: tuple[Near, ...]
    reason: str


@dataclass(frozen=True)
class Tried:
    """Who would join, leave and change groups, by practice and deprivation."""

    as_of: date
    people: int
    seconds: float
    before: str
    after: str
    joined: str
    left: str
    changed: str
    is_nobody: bool
    by_fifth: Tally
    by_group: Tally
    by_practice: Tally
    examples: tuple[Shown, ...]


def settings_of(programme: Programme) -> dict[str, list[Setting]]:
    """What can be tried, by group."""
    by_group: dict[str, list[Setting]] = {}
    for each in settable(pack_of(programme).cohort):
        by_group.setdefault(each.group, []).append(each)
    return by_group


def faults(programme: Programme, sets: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each change by itself, by the path of its setting."""
    rules, found = pack_of(programme).cohort, {}
    for path, value in sets.items():
        try:
            changed(rules, [f"{path}={value}"])
        except Refused as refusal:
            found[path] = str(refusal)
    return found


def attempt(viewer: Viewer, programme: Programme, sets: Sequence[str]) -> Tried:
    """Try a change on the records of the latest run, as of its day."""
    if basis_ends_at(programme.purpose, at=viewer.at) is None:
        raise NotTried("There is no legal basis for this programme now: no records are read.")
    run, store = _latest(programme)
    old = pack_of(programme).cohort
    new = changed(old, sets)
    may_see = viewer.role in MAY_SEE_EXAMPLES
    began = time.monotonic()
    trial = try_rules(
        old,
        new,
        store,
        run.as_of,
        queries=installation.OPENPROTECT.home / "queries",
        examples=EXAMPLES if may_see else 0,
    )
    seconds = time.monotonic() - began
    examples = _examples(old, new, store, trial) if may_see else ()
    return _tried(run, old, trial, examples, seconds=seconds, exact=may_see)


def _latest(programme: Programme) -> tuple[Run, Store]:
    run = Run.objects.filter(pack=programme.key).newest_first().first()
    if run is None:
        raise NotTried("The rules of this programme have not been run yet.")
    try:
        return run, open_store(installation.OPENPROTECT.lake, run.generation)
    except StoreDamaged:
        raise NotTried(
            "The records of the latest run are not sorted for this yet. The next run does it."
        ) from None


def _tried(
    run: Run,
    rules: CohortRules,
    trial: Trial,
    examples: tuple[Shown, ...],
    *,
    seconds: float,
    exact: bool,
) -> Tried:
    places = {each.of: each.of for each in trial.by_practice}
    return Tried(
        as_of=trial.as_of,
        people=run.people,
        seconds=seconds,
        before=told(trial.before, exact=exact),
        after=told(trial.after, exact=exact),
        joined=told(trial.joined, exact=exact),
        left=told(trial.left, exact=exact),
        changed=told(trial.changed, exact=exact),
        is_nobody=not (trial.joined or trial.left or trial.changed),
        by_fifth=tally("By deprivation", "Fifth", fifths(), _kinds(trial.by_quintile), exact=exact),
        by_group=_by_group(rules, trial, exact=exact),
        by_practice=tally(
            "By practice", "Practice", practices(places), _kinds(trial.by_practice), exact=exact
        ),
        examples=examples,
    )


def _by_group(rules: CohortRules, trial: Trial, *, exact: bool) -> Tally:
    """Groups that have anybody, or would have. Not added up: people can be in several."""
    some = [each for each in trial.by_group if each.before or each.after]
    counts = {
        "Now": {each.group: each.before for each in some},
        "With the change": {each.group: each.after for each in some},
    }
    titles = {each.group: rules.title_of(each.group) for each in some}
    return tally("By group", "Group", titles, counts, exact=exact, adds_up=False)


def _kinds(counts: Sequence[Count]) -> dict[str, dict[str, int]]:
    return {
        "Would join": {each.of: each.joined for each in counts},
        "Would leave": {each.of: each.left for each in counts},
        "Would change groups": {each.of: each.changed for each in counts},
    }


def _examples(old: CohortRules, new: CohortRules, store: Store, trial: Trial) -> tuple[Shown, ...]:
    """Each example as it may be shown; that it is shown is noted for every one of them."""
    names = practices([each.practice for each in trial.examples])
    record_access_by_number(
        [each.nhs_number for each in trial.examples],
        what="leading.try",
        why="an example of a changed rule, without name or number",
    )
    return tuple(_example(old, new, store, trial, each, names) for each in trial.examples)


def _example(
    old: CohortRules,
    new: CohortRules,
    store: Store,
    trial: Trial,
    each: Example,
    names: Mapping[str, str],
) -> Shown:
    known = know(new, store, each.nhs_number, trial.as_of)
    born = known.person.birth_date if known else None
    return Shown(
        kind=each.kind,
        age=age_on(born, trial.as_of) if born else None,
        sex=known.person.sex if known else "",
        practice=names.get(each.practice, each.practice),
        before=tuple(old.title_of(name) for name in each.before),
        after=tuple(new.title_of(name) for name in each.after),
        evidence=tuple(dict.fromkeys(shown(one) for one in each.evidence)),
        near=near_misses(new, known) if known and each.kind == "left" else (),
        reason=reason_in_words(new, each.reason),
    )
