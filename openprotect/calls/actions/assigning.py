"""Giving a waiting call to one call handler by name."""

from datetime import datetime, timedelta

from django.db import transaction

from openprotect.accounts.actions.staffing import must_ring_here
from openprotect.accounts.models import User
from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.calls.actions.noting import note
from openprotect.calls.models import Call

# So long a call waits for the one it was given to; then whoever is free takes it.
KEPT_FOR = timedelta(hours=4)


class NotWaiting(Refused):
    """The call is in somebody's hands, or has ended."""


@transaction.atomic
def assign(call: Call, to: User | None, *, by: Viewer, at: datetime) -> Call:
    """A waiting call is given to one call handler, who gets it first; to nobody, it is free again.

    Given to the same one again, nothing changes. It is theirs for a while, never for good: a call
    is not lost with somebody who goes home.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    is_left = call.status == Call.Status.CLAIMED and call.leased_until and call.leased_until <= at
    if call.status != Call.Status.WAITING and not is_left:
        raise NotWaiting("This call is not waiting any more: somebody rings, or it has ended.")
    if to:
        must_ring_here(to.pk, by)
    still_theirs = call.assigned_until is not None and call.assigned_until > at
    if (call.assigned_to_id if still_theirs else None) == (to.pk if to else None):
        return call
    call.assigned_to, call.assigned_until = to, at + KEPT_FOR if to else None
    call.save(update_fields=["assigned_to", "assigned_until"])
    note(call, "call.assigned", at=at, by=by, to=str(to.pk) if to else "")
    return call
