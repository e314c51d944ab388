"""Whom a run found or missed that the run before did not: evidence for those entitled, no names.

PostgreSQL shows the lines to a clinical lead of the programme's purpose while its legal basis is in
force, and to nobody else who signs in. That somebody was shown is noted for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings as installation

from openprotect.accounts.queries import Viewer
from openprotect.cohorts.engine import Known, know
from openprotect.cohorts.explaining import shown
from openprotect.cohorts.models import Change, Run
from openprotect.cohorts.rules import CohortRules
from openprotect.cohorts.rules.measures import age_on
from openprotect.governance.actions import record_access_by_number
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records.store import StoreDamaged, open_store
from openprotect.reports.queries.explaining import Near, near_misses
from openprotect.reports.queries.naming import practices

A_PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """Which of the changes: a kind, and where asked one reason or one practice."""

    kind: str
    reason: str
    practice: str
    page: int


@dataclass(frozen=True)
class Row:
    """Somebody who changed, without a name: why, and what the rules see of them."""

    reason: str
    age: int | None
    sex: str
    practice: str
    came_into: tuple[str, ...]
    went_out_of: tuple[str, ...]
    evidence: tuple[str, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True)
class People:
    """A page of them."""

    rows: tuple[Row, ...]
    total: int
    wanted: Wanted

    @property
    def has_next(self) -> bool:
        return self.wanted.page * A_PAGE < self.total


def people(viewer: Viewer, run: Run, programme: Programme, wanted: Wanted) -> People:
    """The people of one count of a run's difference, in the order of their records."""
    lines = Change.objects.filter(run=run, kind=wanted.kind)
    if wanted.reason:
        lines = lines.filter(reason=wanted.reason)
    if wanted.practice:
        lines = lines.filter(practice_code=wanted.practice)
    start = (wanted.page - 1) * A_PAGE
    page = list(lines.order_by("nhs_number", "id")[start : start + A_PAGE])
    record_access_by_number(
        [each.nhs_number for each in page],
        what="leading.changed",
        why=f"{wanted.kind} by a run of the rules, without name or number",
    )
    rules, names = pack_of(programme).cohort, practices([each.practice_code for each in page])
    return People(tuple(_row(each, run, rules, names) for each in page), lines.count(), wanted)


def _row(line: Change, run: Run, rules: CohortRules, names: Mapping[str, str]) -> Row:
    known = _known(line, run, rules)
    born = known.person.birth_date if known else None
    is_in = known is not None and line.kind != "left"
    return Row(
        reason=line.reason,
        age=age_on(born, run.as_of) if born else None,
        sex=known.person.sex if known else "",
        practice=names.get(line.practice_code, line.practice_code),
        came_into=tuple(rules.title_of(name) for name in line.groups_joined),
        went_out_of=tuple(rules.title_of(name) for name in line.groups_left),
        evidence=tuple(dict.fromkeys(shown(each) for each in known.judgement.evidence))
        if known and is_in
        else (),
        near=near_misses(rules, known) if known and not is_in else (),
    )


def _known(line: Change, run: Run, rules: CohortRules) -> Known | None:
    try:
        store = open_store(installation.OPENPROTECT.lake, run.generation)
    except StoreDamaged:
        return None
    return know(rules, store, line.nhs_number, run.as_of)
