"""Ending reviews whose time is over; the default is to proceed."""

from datetime import datetime

from openprotect.enrolments.actions import activate
from openprotect.enrolments.models import Enrolment


def activate_due(*, at: datetime, limit: int = 500) -> int:
    """Take into live programmes everyone whose practice had its time to object."""
    due = Enrolment.objects.in_preview().filter(preview_ends_at__lte=at, programme__status="LIVE")
    found = list(due.order_by("preview_ends_at", "id")[:limit])
    for enrolment in found:
        activate(enrolment, at=at)
    return len(found)
