"""Telling the practice what became of an alert, as a document that newer ones replace."""

from datetime import datetime

from django.db import transaction

from openprotect.alerts.actions.locking import hold
from openprotect.alerts.models import Alert
from openprotect.alerts.rules import KINDS
from openprotect.events.actions import record
from openprotect.places.models import Team
from openprotect.referrals.models import Document, Referral


@transaction.atomic
def write_document(alert: Alert, *, at: datetime) -> Document | None:
    """A document about a closed alert, if it tells the practice anything that it has not told yet.

    A practice that closed the alert itself knows; one told before gets a replacement.
    """
    hold(alert.pk)
    known = Alert.objects.select_related("team", "closed_by", "enrolment__practice")
    alert = known.get(pk=alert.pk)
    if alert.status != Alert.Status.CLOSED or alert.team.function == Team.Function.PRACTICE:
        return None
    content = content_of(alert)
    before = Document.objects.filter(alert=alert).order_by("-version").first()
    if before and before.content == content:
        return before
    made = Document.objects.create(
        alert=alert,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        practice=alert.enrolment.practice,
        version=before.version + 1 if before else 1,
        replaces=before,
        content=content,
        made_at=at,
        due_at=at,
    )
    record(
        "document.made",
        made.pk,
        at=at,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        version=made.version,
    )
    return made


def content_of(alert: Alert) -> dict[str, object]:
    """What the document says, as plain values: the same alert says the same, word for word."""
    asked = Referral.objects.filter(alert=alert).select_related("to_team")
    ended = asked.filter(status__in=["DONE", "DECLINED"]).order_by("offered_at", "id")
    return {
        "need": alert.reason,
        "about": KINDS.get(alert.kind, alert.kind),
        "raised_at": alert.raised_at.isoformat(timespec="minutes"),
        "closed_at": alert.closed_at.isoformat(timespec="minutes") if alert.closed_at else "",
        "team": alert.team.name,
        "by": alert.closed_by.name if alert.closed_by else "",
        "outcome": str(alert.get_outcome_display()),
        "note": alert.note,
        "others": [[each.to_team.name, _answer(each), each.note] for each in ended],
    }


def _answer(referral: Referral) -> str:
    return str(referral.get_outcome_display() or referral.get_declined_display())
