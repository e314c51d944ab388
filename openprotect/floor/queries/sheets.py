"""Sheets of calls on paper: which there are, what is still open on them, what to print."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.calls.models import Attempt, Call
from openprotect.calls.queries import Held, held
from openprotect.events.models import Event
from openprotect.floor.models import Line, Sheet
from openprotect.governance.actions import record_access

OUTCOMES = {str(code): str(words) for code, words in Attempt.Outcome.choices}
ENDED = ("call.done", "call.not_reached", "call.agreed", "call.handed_on")
SHOWN = 50


@dataclass(frozen=True)
class Kept:
    """One sheet in a list: how many of its calls are where."""

    id: UUID
    number: int
    holder: str
    rung_by: str
    made_at: datetime
    holds_until: datetime
    is_over: bool
    counts: Counter[str]

    @property
    def lines(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        return self.counts["HELD"]

    @property
    def conflicts(self) -> int:
        return self.counts["CONFLICT"]


@dataclass(frozen=True)
class Entry:
    """One line as its page shows it: where it stands now, and what was written and found."""

    id: UUID
    place: int
    call_id: UUID
    name: str
    state: str
    is_held: bool
    is_conflict: bool
    outcome: str
    note: str
    rung_at: datetime | None
    found: str


def visible_to(viewer: Viewer) -> QuerySet[Sheet]:
    """One's own sheets; a supervisor's are all of the floor."""
    here = Sheet.objects.filter(programme__purpose=viewer.purpose).select_related("holder")
    return here if viewer.role == Role.SUPERVISOR else here.filter(holder_id=viewer.user_id)


def sheets(viewer: Viewer) -> tuple[Kept, ...]:
    """The sheets, the latest first."""
    found = list(visible_to(viewer).order_by("-number")[:SHOWN])
    counts: dict[UUID, Counter[str]] = {each.pk: Counter() for each in found}
    for sheet_id, status in Line.objects.filter(sheet__in=found).values_list("sheet_id", "status"):
        counts[sheet_id][status] += 1
    return tuple(
        Kept(
            each.pk,
            each.number,
            each.holder.name,
            each.rung_by,
            each.made_at,
            each.holds_until,
            each.holds_until <= viewer.at,
            counts[each.pk],
        )
        for each in found
    )


def entries(viewer: Viewer, sheet: Sheet) -> tuple[Entry, ...]:
    """The lines of a sheet, in their order; a name where its call is still in one's hands."""
    lines = list(sheet.lines.order_by("place"))
    mine = {
        each.pk: each
        for each in Call.objects.filter(
            pk__in=[line.call_id for line in lines],
            status=Call.Status.CLAIMED,
            claimed_by_id=viewer.user_id,
            leased_until__gt=viewer.at,
        ).select_related("person")
    }
    if mine:
        people = [each.person_id for each in mine.values()]
        record_access(people, what="floor.sheet", why="entering a sheet of calls")
    elsewhere = _ended_by_holder(sheet, lines)
    return tuple(_entry(each, mine.get(each.call_id), each.call_id in elsewhere) for each in lines)


def _ended_by_holder(sheet: Sheet, lines: Sequence[Line]) -> set[UUID]:
    """Calls of the sheet that their holder ended on the call's own pages."""
    ended = Event.objects.filter(
        name__in=ENDED,
        subject_id__in=[each.call_id for each in lines if each.status == Line.Status.HELD],
        by_id=sheet.holder_id,
        at__gte=sheet.made_at,
    )
    return set(ended.values_list("subject_id", flat=True))


def _entry(line: Line, call: Call | None, ended_there: bool) -> Entry:
    is_held = line.status == Line.Status.HELD and not ended_there
    state = "entered on the call's own pages" if ended_there else line.get_status_display()
    if is_held and call is None:
        state = "not yours any more: entered late, it is looked at"
    return Entry(
        line.pk,
        line.place,
        line.call_id,
        f"{call.person.given_name} {call.person.family_name}" if call else "",
        state,
        is_held,
        line.status == Line.Status.CONFLICT,
        OUTCOMES.get(line.outcome, ""),
        line.note,
        line.rung_at,
        line.found,
    )


def to_print(viewer: Viewer, sheet: Sheet) -> tuple[tuple[int, Held], ...]:
    """What goes on paper: the calls of the sheet that are still in one's hands."""
    lines = sheet.lines.filter(status=Line.Status.HELD).order_by("place")
    found = [(each.place, held(viewer, each.call_id)) for each in lines]
    printed = tuple((place, call) for place, call in found if call is not None)
    if printed:
        people = [call.person_id for _, call in printed]
        record_access(people, what="floor.print", why="a sheet of calls to print")
    return printed
