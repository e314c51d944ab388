"""A programme's life: paused, closed and started again; nothing of what was promised is dropped."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.governance.queries import basis_ends_at
from openprotect.programmes.models import Programme

Status = Programme.Status


@transaction.atomic
def pause(programme: Programme, *, viewer: Viewer, at: datetime) -> Programme:
    """Nobody is asked anything new until it goes on; open alerts are worked as always."""
    return _move(programme, "programme.paused", Status.PAUSED, viewer=viewer, at=at)


@transaction.atomic
def close(programme: Programme, *, viewer: Viewer, at: datetime) -> Programme:
    """It has ended; what is open is worked until it is closed."""
    return _move(programme, "programme.closed", Status.CLOSED, viewer=viewer, at=at)


@transaction.atomic
def restart(programme: Programme, *, viewer: Viewer, at: datetime) -> Programme:
    """Go on, if there is a legal basis to do so."""
    if basis_ends_at(programme.purpose, at=at) is None:
        raise Refused("There is no legal basis in force for this programme: record one first.")
    return _move(programme, "programme.restarted", Status.LIVE, viewer=viewer, at=at)


def _move(
    programme: Programme, event: str, status: Status, *, viewer: Viewer, at: datetime
) -> Programme:
    if viewer.role != Role.LEAD:
        raise Refused("Only a programme lead pauses, closes or starts a programme.")
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if programme.status == status:
        return programme
    programme.move_to(status)
    programme.save(update_fields=["status"])
    record(event, programme.pk, by=viewer.user_id, at=at, programme_id=programme.pk)
    return programme
