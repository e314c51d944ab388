"""Writing down what befell an alert."""

from datetime import datetime

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert
from openprotect.events.actions import record


def mark(
    alert: Alert, name: str, *, at: datetime, viewer: Viewer | None = None, **detail: str
) -> None:
    record(
        name,
        alert.pk,
        at=at,
        by=viewer.user_id if viewer else None,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
        **detail,
    )
