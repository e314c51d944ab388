"""Writing down what happened to a call."""

from datetime import datetime

from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.calls.models import Call
from openprotect.events.actions import record


def note(
    call: Call, name: str, *, at: datetime, by: Viewer | User | None = None, **detail: str
) -> None:
    """An event of this call. The detail holds ids and codes, never words about a person."""
    record(
        name,
        call.pk,
        at=at,
        by=by.user_id if isinstance(by, Viewer) else by,
        person_id=call.person_id,
        programme_id=call.programme_id,
        **detail,
    )


def end(call: Call, status: Call.Status, outcome: str, *, at: datetime) -> None:
    """The call is over: how, and when."""
    call.move_to(status)
    call.ended_at, call.outcome = at, outcome
    call.save(update_fields=["status", "ended_at", "outcome"])
