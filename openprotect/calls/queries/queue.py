"""The queue: which calls are free for whom, in which order and why, and which nobody can make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.calls.models import Call, Standing
from openprotect.calls.rules.ranking import SKILLS, Abilities, Reason, Wanted
from openprotect.checkins.rules import LOCAL
from openprotect.packs.languages import named
from openprotect.programmes.models import Programme

IN_ORDER = ("-rank", "due_at", "id")


def held_now(viewer: Viewer, at: datetime) -> QuerySet[Call]:
    """The call in this call handler's hands; those on a printed sheet are not in the way."""
    mine = Call.objects.filter(status=Call.Status.CLAIMED, claimed_by_id=viewer.user_id)
    return mine.filter(leased_until__gt=at, on_paper=False).order_by("id")


def offered(at: datetime) -> QuerySet[Call]:
    """Calls that may be made at this moment: due, in nobody's hands, within the hours for them."""
    clock = at.astimezone(LOCAL).time()
    free = Q(status=Call.Status.WAITING, due_at__lte=at) | Q(
        status=Call.Status.CLAIMED, leased_until__lte=at
    )
    in_hours = Q(rings_from=None) | Q(rings_from__lte=clock, rings_until__gte=clock)
    return Call.objects.filter(free & in_hours)


def free_for(viewer: Viewer, can: Abilities, at: datetime) -> QuerySet[Call]:
    """Those that this call handler can make, and that are not kept for another one by name."""
    theirs_or_nobodys = (
        Q(assigned_to=None) | Q(assigned_to_id=viewer.user_id) | Q(assigned_until__lte=at)
    )
    return offered(at).filter(theirs_or_nobodys & (_within(can) | Q(kept_until__lte=at)))


def _within(can: Abilities) -> Q:
    speaks = Q() if can.any_language else Q(language="") | Q(language__in=can.languages)
    return speaks & Q(skills__contained_by=list(can.skills))


def nobody_can_take(viewer: Viewer, staff: Iterable[Abilities], *, at: datetime) -> list["Waiting"]:
    """Calls that none of these can make: to be seen by whoever staffs the day, never hidden."""
    nobody = offered(at).exclude(language="", skills=[]).exclude(kept_until__lte=at)
    for can in set(staff):
        nobody = nobody.exclude(_within(can))
    return _rows(nobody)


@dataclass(frozen=True)
class Waiting:
    """A waiting call as whoever staffs the day sees it: why now and for whom, and of nobody."""

    id: UUID
    rank: int
    reasons: tuple[Reason, ...]
    why: str
    due_at: datetime
    made_at: datetime
    agreed_at: datetime | None
    attempts: int
    language: str
    skills: tuple[str, ...]
    kept_until: datetime | None
    assigned_to_id: UUID | None
    assigned_until: datetime | None
    is_spilled: bool
    owner: str

    @property
    def needs(self) -> tuple[str, ...]:
        """What it asks of a call handler, in words."""
        spoken = (named(self.language),) if self.language else ()
        return (*spoken, *(SKILLS[each] for each in self.skills if each in SKILLS))

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.language, self.skills)

    @property
    def why_next(self) -> str:
        """Why this call comes now, in one line, the weightiest first."""
        words = [each.words for each in self.reasons]
        return "; ".join(words) if words else "it is due longest"


def waiting(
    viewer: Viewer, *, at: datetime | None = None, limit: int = 50, after: int = 0
) -> list[Waiting]:
    """The queue of this viewer's programmes, as it is offered, with the reasons for its order."""
    return _rows(_queued(at or viewer.at), limit=limit, after=after)


def _queued(at: datetime) -> QuerySet[Call]:
    left = Q(status=Call.Status.CLAIMED, leased_until__lte=at)
    return Call.objects.filter((Q(status=Call.Status.WAITING) & Q(due_at__lte=at)) | left)


def spilled(viewer: Viewer, *, limit: int = 50, after: int = 0) -> list[Waiting]:
    """Calls that today's staff cannot make, each with the team that owns it until it is made."""
    return _rows(_beyond(viewer.at), limit=limit, after=after)


def _beyond(at: datetime) -> QuerySet[Call]:
    today = at.astimezone(LOCAL).date()
    return Call.objects.filter(status=Call.Status.WAITING, standing__spilled_on=today)


def count_spilled(programme: Programme, *, at: datetime) -> int:
    """How many calls of a programme are beyond today's staff."""
    return _beyond(at).filter(programme=programme).count()


def _rows(calls: QuerySet[Call], *, limit: int = 200, after: int = 0) -> list[Waiting]:
    found = list(calls.order_by(*IN_ORDER)[after : after + limit])
    about = {
        each.call_id: each
        for each in Standing.objects.filter(call__in=found).select_related("owner")
    }
    return [_row(each, about.get(each.pk)) for each in found]


def _row(call: Call, standing: Standing | None) -> Waiting:
    is_spilled = standing is not None and standing.spilled_on is not None
    return Waiting(
        id=call.pk,
        rank=call.rank,
        reasons=_reasons(standing.reasons if standing else []),
        why=str(call.get_why_display()),
        due_at=call.due_at,
        made_at=call.made_at,
        agreed_at=call.agreed_at,
        attempts=call.attempts,
        language=call.language,
        skills=tuple(call.skills),
        kept_until=call.kept_until,
        assigned_to_id=call.assigned_to_id,
        assigned_until=call.assigned_until,
        is_spilled=is_spilled,
        owner=standing.owner.name if standing and is_spilled and standing.owner else "",
    )


def _reasons(kept: Sequence[Sequence[object]]) -> tuple[Reason, ...]:
    return tuple(Reason(str(name), int(str(points)), str(words)) for name, points, words in kept)
