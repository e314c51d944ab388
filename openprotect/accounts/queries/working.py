"""Who is on the call floor, who rests, and how many calls the floor can make."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.models import Membership, Pause, Shift, User
from openprotect.accounts.queries import Viewer, abilities_by_user, running
from openprotect.accounts.rules import Away, OnShift, Role, calls_possible

ROTA_HOLDS_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Rest:
    """A pause of somebody's queue: why, from when until when, by whose word."""

    because: str
    starts_at: datetime
    ends_at: datetime
    by: str


@dataclass(frozen=True)
class Colleague:
    """A call handler of a floor: for whom they work, what they can do, whether they are there."""

    user_id: UUID
    login: str
    name: str
    organisation: str
    abilities: frozenset[str]
    on_shift_until: datetime | None = None
    next_shift_at: datetime | None = None
    rest: Rest | None = None

    @property
    def is_on_shift(self) -> bool:
        return self.on_shift_until is not None

    @property
    def takes_calls(self) -> bool:
        return self.is_on_shift and self.rest is None


def call_handlers(viewer: Viewer) -> QuerySet[Membership]:
    """The memberships of call handlers of this purpose now, whoever employs them."""
    held = Membership.objects.filter(
        running(viewer.at), role=Role.CALLER, purpose=viewer.purpose, user__is_active=True
    )
    return held.select_related("user", "organisation").order_by("user__name", "id")


def colleagues(viewer: Viewer) -> tuple[Colleague, ...]:
    """Everybody who may ring on this floor, by name: on shift or not."""
    held = {each.user_id: each for each in call_handlers(viewer)}
    can = abilities_by_user(held)
    shifts = _shifts_by_user(viewer, held)
    rests = {each.user_id: each for each in _resting(held, viewer.at)}
    return tuple(
        Colleague(
            user_id,
            each.user.login,
            each.user.name,
            each.organisation.name if each.organisation else "",
            can[user_id],
            next((s.ends_at for s in shifts[user_id] if s.starts_at <= viewer.at), None),
            next((s.starts_at for s in shifts[user_id] if s.starts_at > viewer.at), None),
            _rest(rests.get(user_id)),
        )
        for user_id, each in held.items()
    )


def _shifts_by_user(viewer: Viewer, users: Iterable[UUID]) -> dict[UUID, list[Shift]]:
    """The shifts of these people that have not ended, the next week's at most."""
    coming: dict[UUID, list[Shift]] = {each: [] for each in users}
    found = Shift.objects.filter(
        purpose=viewer.purpose,
        user_id__in=list(coming),
        withdrawn_at=None,
        ends_at__gt=viewer.at,
        starts_at__lt=viewer.at + timedelta(days=7),
    )
    for each in found.order_by("starts_at", "id"):
        coming[each.user_id].append(each)
    return coming


def _resting(users: Iterable[UUID], at: datetime) -> QuerySet[Pause]:
    now = Pause.objects.filter(user_id__in=list(users), starts_at__lte=at, ends_at__gt=at)
    return now.select_related("by").order_by("ends_at", "id")


def _rest(pause: Pause | None) -> Rest | None:
    if pause is None:
        return None
    return Rest(pause.because, pause.starts_at, pause.ends_at, pause.by.name)


def own_rest(viewer: Viewer) -> Rest | None:
    """The pause of one's own queue, if there is one now."""
    return _rest(_resting([viewer.user_id], viewer.at).last())


def shifts_between(purpose: str, starts_at: datetime, ends_at: datetime) -> list[OnShift]:
    """The shifts of a floor that touch a stretch of time, of people who still work there."""
    planned = Shift.objects.filter(
        purpose=purpose,
        withdrawn_at=None,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
        user__is_active=True,
    )
    told = planned.order_by("starts_at", "id")
    return [
        OnShift(*each)
        for each in told.values_list("user_id", "starts_at", "ends_at", "calls_an_hour")
    ]


def pauses_between(users: Iterable[object], starts_at: datetime, ends_at: datetime) -> list[Away]:
    """The pauses of these people that touch a stretch of time."""
    found = Pause.objects.filter(
        user_id__in=list(users), starts_at__lt=ends_at, ends_at__gt=starts_at
    ).order_by("starts_at", "id")
    return [Away(*each) for each in found.values_list("user_id", "starts_at", "ends_at")]


def keeps_a_rota(purpose: str, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether anybody planned shifts near these days: one that ran out a fortnight ago is none."""
    near = Shift.objects.filter(
        purpose=purpose,
        withdrawn_at=None,
        ends_at__gt=starts_at - ROTA_HOLDS_FOR,
        starts_at__lt=ends_at + ROTA_HOLDS_FOR,
    )
    return near.exists()


def staffed_calls(purpose: str, starts_at: datetime, ends_at: datetime) -> int | None:
    """How many calls the people on shift can make; None when no rota is kept for these days."""
    if not keeps_a_rota(purpose, starts_at, ends_at):
        return None
    shifts = shifts_between(purpose, starts_at, ends_at)
    away = pauses_between({each.user_id for each in shifts}, starts_at, ends_at)
    return int(calls_possible(shifts, away, starts_at, ends_at))


def by_login(logins: Iterable[str]) -> dict[str, User]:
    """Users by the names they sign in with."""
    return {each.login: each for each in User.objects.filter(login__in=list(logins))}
