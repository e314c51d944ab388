"""Did what was done help? What is still to be asked of a person, and what they said to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert, AlertQuerySet, FollowUp
from openprotect.alerts.queries import visible_to
from openprotect.checkins.models import Checkin

# Longer ago than this, nobody remembers which help is meant.
ASKED_FOR = timedelta(days=60)
A_PAGE = 50
LATELY = timedelta(days=7)

# Only about what, never why: the person may not be the one who holds their phone.
ABOUT = {
    "clinical": "how you felt",
    "medication": "your medicines",
    "social": "food and help at home",
    "offer": "what we offered you",
}
HELPED = tuple(
    (str(code), words)
    for code, words in (
        (FollowUp.Helped.YES, "Yes, it helped"),
        (FollowUp.Helped.PARTLY, "It helped a little"),
        (FollowUp.Helped.NO, "No, it did not help"),
        (FollowUp.Helped.UNSURE, "I am not sure"),
    )
)


@dataclass(frozen=True)
class ToAsk:
    """One thing that was done, of which somebody is asked whether it helped."""

    id: UUID
    about: str
    follow_up: FollowUp


def to_ask(checkin: Checkin, *, at: datetime) -> ToAsk | None:
    """What to ask with this check-in, the latest first; nothing once all of it was answered."""
    waiting = FollowUp.objects.filter(
        enrolment_id=checkin.enrolment_id,
        answered_at=None,
        made_at__lte=at,
        made_at__gt=at - ASKED_FOR,
    )
    found = waiting.order_by("-made_at", "alert_id").first()
    return ToAsk(found.pk, ABOUT.get(found.kind, "what you told us"), found) if found else None


@dataclass(frozen=True)
class Heard:
    """What somebody said about one closed alert, and what came of that."""

    alert_id: UUID
    person_id: UUID
    name: str
    need: str
    outcome: str
    closed_by: str
    closed_at: datetime | None
    is_mine: bool
    helped: str
    is_no: bool
    answered_at: datetime | None
    by_phone: bool
    open_again: UUID | None


def heard(viewer: Viewer) -> list[Heard]:
    """What people said about alerts that the viewer's teams had, the latest first."""
    answered = _answered(viewer).select_related("follow_up", "closed_by")
    rows = list(answered.order_by("-follow_up__answered_at", "id")[:A_PAGE])
    again = Alert.objects.open().filter(follows_id__in=[each.pk for each in rows])
    successors = dict(again.values_list("follows_id", "id"))
    return [_heard(each, viewer, successors.get(each.pk)) for each in rows]


def heard_lately(viewer: Viewer) -> int:
    """How many answers came in the last week."""
    ours = FollowUp.objects.filter(alert__team__organisation_id=viewer.organisation_id)
    return ours.filter(answered_at__gt=viewer.at - LATELY).count()


def _answered(viewer: Viewer) -> AlertQuerySet:
    ours = visible_to(viewer).filter(team__organisation_id=viewer.organisation_id)
    return ours.filter(status=Alert.Status.CLOSED, follow_up__answered_at__isnull=False)


def _heard(alert: Alert, viewer: Viewer, open_again: UUID | None) -> Heard:
    said = alert.follow_up
    return Heard(
        alert_id=alert.pk,
        person_id=alert.person_id,
        name=f"{alert.person.given_name} {alert.person.family_name}",
        need=alert.reason,
        outcome=str(alert.get_outcome_display()),
        closed_by=alert.closed_by.name if alert.closed_by else "",
        closed_at=alert.closed_at,
        is_mine=alert.closed_by_id == viewer.user_id,
        helped=str(said.get_helped_display()),
        is_no=said.helped == FollowUp.Helped.NO,
        answered_at=said.answered_at,
        by_phone=said.asked_by_id is not None,
        open_again=open_again,
    )
