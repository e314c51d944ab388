"""On the phone: last time's answers read out, and nothing of them has changed."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.calls.actions import held_by
from openprotect.calls.models import Call
from openprotect.calls.rules import LEASE
from openprotect.checkins.actions.again import give_again
from openprotect.checkins.models import Channel
from openprotect.governance.actions import record_access


@transaction.atomic
def hear_again(call: Call, *, seen: str, viewer: Viewer, at: datetime) -> None:
    """Everything is still so: send it as said in this call, which goes on until it is ended."""
    call = held_by(viewer, call, at=at)
    give_again(call.checkin, uuid4(), seen=seen, channel=Channel.PHONE, at=at, by=viewer.user_id)
    call.leased_until = at + LEASE
    call.save(update_fields=["leased_until"])
    record_access([call.person_id], what="calls.hear", why="the same answers as last time")
