"""Single people of an import, for a steward: noted before they are shown, and lawful or not shown.

These rows lie in files, where no row security stands: whether there is a legal basis is asked here,
and whoever is shown stands in the access log, in the transaction that shows them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openprotect.accounts.queries import Viewer
from openprotect.governance.actions import record_access_by_number
from openprotect.governance.queries import basis_ends_at
from openprotect.records.models import Changeset, Proposal
from openprotect.records.queries import peeking
from openprotect.records.queries.peeking import HeldRow, Likeness, Sample
from openprotect.records.rules.reasons import NOBODYS, in_words
from openprotect.reports.queries.imports import KINDS, decides, folder, held_back

A_PAGE = 10
Status = Proposal.Status


@dataclass(frozen=True)
class Held:
    """A row that waits to be settled, and what may be done with it."""

    row: HeldRow
    reason: str
    kind: str
    may_release: bool


@dataclass(frozen=True)
class HeldRows:
    """A page of them."""

    rows: Sequence[Held]
    total: int
    page: int

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


@dataclass(frozen=True)
class Pairs:
    """A page of pairs that may be one person; those decided last are there to be taken back."""

    pairs: Sequence[Likeness]
    decided: Sequence[Likeness]
    total: int
    page: int

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


def may_see(viewer: Viewer) -> bool:
    """Whether this session may be shown single people at all, now."""
    return decides(viewer) and basis_ends_at(viewer.purpose, at=viewer.at) is not None


def samples(viewer: Viewer, changeset: Changeset) -> list[Sample]:
    """A few of the new and the changed people of an import, as they would be and as they were."""
    if not may_see(viewer):
        return []
    found = peeking.samples(folder(), changeset)
    _seen([each.nhs_number for each in found], "stewarding.samples", "a sample of an import")
    return found


def held_rows(
    viewer: Viewer, *, page: int, changeset: Changeset | None = None, reason: str = ""
) -> HeldRows:
    """Rows that wait, those of the oldest import first."""
    rows = held_back()
    if changeset:
        rows = rows.filter(changeset=changeset)
    if reason:
        rows = rows.filter(reason=reason)
    total, start = rows.count(), (page - 1) * A_PAGE
    if not may_see(viewer):
        return HeldRows((), total, page)
    ordered = rows.select_related("changeset").order_by("changeset__number", "kind", "row", "id")
    found = [
        each if each.numbers else replace(each, fields=())  # nobody could say who was shown
        for each in peeking.held_rows(folder(), list(ordered[start : start + A_PAGE]))
    ]
    numbers = [number for each in found for number in each.numbers]
    _seen(numbers, "stewarding.held", "a row held back, to be settled")
    return HeldRows([_held(each) for each in found], total, page)


def _held(row: HeldRow) -> Held:
    problem = row.problem
    return Held(
        row=row,
        reason=in_words(problem.reason),
        kind=KINDS.get(problem.kind, problem.kind),
        may_release=problem.reason not in NOBODYS,
    )


def held_reasons() -> list[tuple[str, str]]:
    """For which reasons rows wait: the code and its words."""
    codes = held_back().order_by("reason").values_list("reason", flat=True).distinct()
    return [(code, in_words(code)) for code in codes]


def pairs(viewer: Viewer, *, page: int) -> Pairs:
    """Pairs that wait for a decision, the likeliest first."""
    waiting = Proposal.objects.filter(status=Status.PROPOSED)
    total, start = waiting.count(), (page - 1) * A_PAGE
    if not may_see(viewer):
        return Pairs((), (), total, page)
    decided = Proposal.objects.exclude(status=Status.PROPOSED).order_by("-decided_at", "id")
    found = _likenesses(waiting.order_by("-score", "id")[start : start + A_PAGE])
    last = _likenesses(decided[:A_PAGE])
    numbers = [number for each in (*found, *last) for number in each.numbers]
    _seen(numbers, "stewarding.pairs", "a pair that may be one person, to be decided")
    return Pairs(found, last, total, page)


def _likenesses(proposals: Iterable[Proposal]) -> list[Likeness]:
    return peeking.likenesses(folder(), list(proposals))


def _seen(numbers: Iterable[str], what: str, why: str) -> None:
    shown = sorted({each for each in numbers if each})
    if shown:
        record_access_by_number(shown, what=what, why=why)
