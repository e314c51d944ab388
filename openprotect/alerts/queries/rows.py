"""One page of a worklist: what stands in each row, and no more of the person than that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import WORDS, Wanted, listed, stands_with
from openprotect.alerts.rules import KINDS

PAGE = 50


@dataclass(frozen=True)
class Row:
    """An alert in a list."""

    id: UUID
    person_id: UUID
    name: str
    place: str
    urgency: str
    need: str
    about: str
    raised_at: datetime
    accept_by: datetime
    due_at: datetime
    is_accepted: bool
    is_mine: bool
    team: str
    accepted_by: str
    is_pressing: bool
    stands_with: str
    instead: str


@dataclass(frozen=True)
class Listed:
    """A page of a list, and whether there is another after it."""

    rows: tuple[Row, ...]
    has_more: bool


def page_of(viewer: Viewer, wanted: Wanted, number: int) -> Listed:
    """Fifty alerts of a list, most urgent first; the first page is number 1."""
    start = (number - 1) * PAGE
    found = list(listed(viewer, wanted).select_related("accepted_by")[start : start + PAGE + 1])
    rows = tuple(_row(each, viewer) for each in found[:PAGE])
    return Listed(rows, has_more=len(found) > PAGE)


def _row(alert: Alert, viewer: Viewer) -> Row:
    person, is_partner = alert.person, viewer.role == Role.PARTNER
    is_accepted = alert.status == Alert.Status.ACCEPTED
    return Row(
        id=alert.pk,
        person_id=alert.person_id,
        name=f"{person.given_name} {person.family_name}",
        place="" if is_partner else person.practice.name,
        urgency=WORDS[alert.urgency],
        need=alert.reason,
        about=KINDS.get(alert.kind, alert.kind),
        raised_at=alert.raised_at,
        accept_by=alert.accept_by,
        due_at=alert.due_at,
        is_accepted=is_accepted,
        is_mine=alert.accepted_by_id == viewer.user_id,
        team=alert.team.name,
        accepted_by=alert.accepted_by.name if is_accepted and alert.accepted_by else "",
        is_pressing=alert.due_at < viewer.at or (not is_accepted and alert.accept_by < viewer.at),
        stands_with=stands_with(alert, at=viewer.at),
        instead=str(alert.get_instead_display()) if alert.instead else "",
    )
