"""The receiver's answer: it takes the task, holds it, has done it, or cannot."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.governance.actions import record_access
from openprotect.referrals.actions.offering import end, keep, locked, mark, still_as_seen
from openprotect.referrals.models import Referral
from openprotect.referrals.rules import (
    LONGEST_HOLD,
    LONGEST_NOTE,
    NotYourReferral,
    ReferralChanged,
)

Status = Referral.Status


@transaction.atomic
def accept(referral: Referral, *, viewer: Viewer, at: datetime, seen: str = "") -> Referral:
    """Take a task on, or go on with one that was on hold. Accepted twice, it is accepted once."""
    referral = _ours(referral, viewer)
    if referral.status == Status.ACCEPTED:
        return referral
    still_as_seen(referral, seen)
    _still_open(referral)
    referral.move_to(Status.ACCEPTED)
    referral.accepted_at = referral.accepted_at or at
    referral.hold_until, referral.hold_because = None, ""
    keep(referral)
    mark(referral, "referral.accepted", at=at, viewer=viewer)
    return referral


@transaction.atomic
def hold(
    referral: Referral,
    *,
    until: datetime,
    because: str,
    viewer: Viewer,
    at: datetime,
    seen: str = "",
) -> Referral:
    """Keep a task for later, with the reason and a day: past it, it is somebody's to chase."""
    referral = _ours(referral, viewer)
    still_as_seen(referral, seen)
    _still_open(referral)
    if not because.strip():
        raise Refused("Write why it has to wait.")
    if not at < until <= at + LONGEST_HOLD:
        raise Refused("Choose a day in the next four weeks.")
    same = (referral.hold_until, referral.hold_because) == (until, because.strip()[:300])
    if referral.status == Status.ON_HOLD and same:
        return referral
    if referral.status != Status.ON_HOLD:
        referral.move_to(Status.ON_HOLD)
    referral.hold_until, referral.hold_because = until, because.strip()[:300]
    keep(referral)
    mark(referral, "referral.held", at=at, viewer=viewer)
    return referral


@transaction.atomic
def finish(
    referral: Referral, outcome: str, *, note: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Referral:
    """The task is done, with a coded outcome that goes back to the sender and the practice."""
    referral = _ours(referral, viewer)
    said = Referral.Outcome(outcome)
    if referral.status == Status.DONE and referral.outcome == said:
        return referral
    still_as_seen(referral, seen)
    _still_open(referral)
    _check_note(note)
    if said == Referral.Outcome.NOT_REACHED and not note.strip():
        raise Refused("Say what was tried, so that nobody is given up on in silence.")
    referral.move_to(Status.DONE)
    referral.outcome, referral.note = said, note.strip()
    end(referral, viewer=viewer, at=at)
    mark(referral, "referral.done", at=at, viewer=viewer, outcome=said)
    return referral


@transaction.atomic
def decline(
    referral: Referral, because: str, *, note: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Referral:
    """The receiver cannot do it: the sender, who still owns the alert, hears it at once."""
    referral = _ours(referral, viewer)
    said = Referral.Declined(because)
    if referral.status == Status.DECLINED:
        return referral
    still_as_seen(referral, seen)
    _still_open(referral)
    _check_note(note)
    referral.move_to(Status.DECLINED)
    referral.declined, referral.note = said, note.strip()
    end(referral, viewer=viewer, at=at)
    mark(referral, "referral.declined", at=at, viewer=viewer, because=said)
    return referral


def _ours(referral: Referral, viewer: Viewer) -> Referral:
    """The referral, locked, if it was made to the viewer's organisation."""
    referral = locked(referral)
    if referral.to_team.organisation_id != viewer.organisation_id:
        raise NotYourReferral(f"This was asked of {referral.to_team.name}.")
    why = "answering one task by link" if viewer.role == Role.TASK else "answering a referral"
    record_access([referral.person_id], what="referrals.answer", why=why)
    return referral


def _still_open(referral: Referral) -> None:
    if referral.status not in Referral.OPEN:
        raise ReferralChanged(f"This is {referral.get_status_display()} already.")


def _check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise Refused(f"The note can have up to {LONGEST_NOTE} characters.")
