"""Who is signed in, as the database sees it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from openprotect.accounts.models import Ability, Membership, Pause, User
from openprotect.accounts.rules import TITLES, Role


@dataclass(frozen=True)
class Viewer:
    """Someone signed in: in one role, for one organisation and one purpose."""

    user_id: UUID
    name: str
    title: str
    role: Role
    role_title: str
    organisation_id: UUID
    organisation: str
    purpose: str
    at: datetime


@dataclass(frozen=True)
class Answering:
    """A person, or someone for them, who came in by a personal link."""

    person_id: UUID
    checkin_id: UUID
    at: datetime


VIEWER = """
SELECT c.user_id, u.name, u.title, c.role, c.organisation_id, o.name, c.purpose,
       openprotect_now()
  FROM (SELECT (context()).*) c
  JOIN accounts_user u ON u.id = c.user_id
  JOIN places_organisation o ON o.id = c.organisation_id
"""


def viewer() -> Viewer | None:
    """The member of staff whose session is in hand; None when nobody is signed in."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWER)
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, name, title, role, organisation_id, organisation, purpose, at = row
    return Viewer(
        user_id,
        name,
        title,
        Role(role),
        title or TITLES[Role(role)],
        organisation_id,
        organisation,
        purpose,
        at,
    )


def answering() -> Answering | None:
    """The person whose check-in the session in hand opens; None when it opens none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT context_person(), context_checkin(), openprotect_now()")
        person_id, checkin_id, at = cursor.fetchone()
    return Answering(person_id, checkin_id, at) if person_id else None


def running(at: datetime, prefix: str = "") -> Q:
    """Memberships that hold at a moment."""
    begun = Q(**{f"{prefix}starts_at__lte": at})
    return begun & (Q(**{f"{prefix}ends_at": None}) | Q(**{f"{prefix}ends_at__gt": at}))


def user_of_login(login: str) -> UUID | None:
    """Who signs in by this name, among those still at work; None when nobody does."""
    at_work = User.objects.filter(login=login.strip(), is_active=True)
    return at_work.values_list("pk", flat=True).first()


def own_memberships(viewer: Viewer) -> list[Membership]:
    """The roles between which someone may change now, oldest first."""
    mine = Membership.objects.filter(running(viewer.at), user_id=viewer.user_id)
    return list(mine.select_related("organisation").order_by("starts_at", "id"))


def abilities_of(user_id: UUID) -> frozenset[str]:
    """What a call handler can do, in codes such as `LANGUAGE:pl` and `TEXTPHONE`."""
    return abilities_by_user([user_id])[user_id]


def abilities_by_user(users: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
    """What each of these call handlers can do; nothing noted is nothing special."""
    known: dict[UUID, set[str]] = {each: set() for each in users}
    noted = Ability.objects.filter(user_id__in=list(known), ended_at=None)
    for user_id, kind, language in noted.values_list("user_id", "kind", "language"):
        known[user_id].add(f"{kind}:{language}" if language else kind)
    return {user_id: frozenset(codes) for user_id, codes in known.items()}


def paused_until(user_id: UUID, at: datetime) -> datetime | None:
    """Until when a call handler is given no call; None when nothing holds them back."""
    resting = Pause.objects.filter(user_id=user_id, starts_at__lte=at, ends_at__gt=at)
    return resting.order_by("-ends_at").values_list("ends_at", flat=True).first()
