"""A held row, settled by a person: released, it is taken in by an import of its own; or let go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.records.actions.reviewing import SettledAlready
from openprotect.records.models import Changeset, ChangesetProblem
from openprotect.records.rules.reasons import NOBODYS

Settled = ChangesetProblem.Settled


class CannotRelease(Refused):
    """The row does not say whose it is."""


@transaction.atomic
def settle(
    problem: ChangesetProblem,
    settled_as: str,
    *,
    by: str,
    at: datetime,
    user: UUID | None = None,
) -> ChangesetProblem:
    """Release a held row or reject it. Asked for twice by the same person, it changes nothing."""
    found = ChangesetProblem.objects.select_for_update().get(pk=problem.pk)
    if found.settled_as and (found.settled_as, found.settled_by) == (settled_as, by):
        return found
    if found.settled_as:
        raise SettledAlready(f"This row is {found.get_settled_as_display()} already, by another.")
    if found.changeset.status != Changeset.Status.COMMITTED:
        raise Refused("The import of this row was not taken: its rows wait with it.")
    if settled_as == Settled.RELEASED and found.reason in NOBODYS:
        raise CannotRelease("No NHS number says whose this row is: ask the sender for it again.")
    ChangesetProblem.MOVES.check(found.settled_as, settled_as)
    found.settled_as, found.settled_by, found.settled_at = settled_as, by, at
    found.save(update_fields=["settled_as", "settled_by", "settled_at"])
    record(
        "import.row_settled",
        found.changeset_id,
        at=at,
        by=user,
        by_name=by,
        row_id=str(found.pk),
        settled_as=settled_as,
    )
    return found
