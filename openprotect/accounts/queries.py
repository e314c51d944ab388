"""Who is signed in, as the database sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from openprotect.accounts.models import Membership
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


def own_memberships(viewer: Viewer) -> list[Membership]:
    """The roles between which someone may change, oldest first."""
    mine = Membership.objects.filter(user_id=viewer.user_id, ends_at=None)
    return list(mine.select_related("organisation").order_by("starts_at", "id"))
