"""Telling teams of their tasks and codes: claim under a lease, post, note what became of it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from openprotect.events.actions import record
from openprotect.messages.rules import (
    LEASE,
    MOST_ATTEMPTS,
    Postbox,
    TryLater,
    Undeliverable,
    wait_before,
)
from openprotect.referrals.actions.linking import new_code, new_link
from openprotect.referrals.models import Mailbox, Notice, Referral

Status = Notice.Status
BECAME = {
    Status.SENT: "notice.sent",
    Status.FAILED: "notice.failed",
    Status.CANCELLED: "notice.cancelled",
}
Address = Callable[[str], str]


def send_notices(*, at: datetime, postbox: Postbox, address: Address, limit: int = 50) -> int:
    """Send what is due to teams' mailboxes, each once. `address` makes a link of a secret."""
    done = 0
    while done < limit and (claimed := _claim(at=at)):
        _send(*claimed, at=at, postbox=postbox, address=address)
        done += 1
    return done


@transaction.atomic
def _claim(*, at: datetime) -> tuple[Notice, Mailbox] | None:
    """Take the next due notice under a lease; one not wanted any more ends here."""
    waiting = Notice.objects.filter(status__in=[Status.DUE, Status.SENDING], due_at__lte=at)
    lockable = waiting.select_for_update(skip_locked=True, of=("self",))
    for notice in lockable.select_related("referral__to_team", "referral__from_team")[:20]:
        box = Mailbox.objects.filter(pk=notice.referral.to_team_id).first()
        if notice.referral.status not in Referral.OPEN or box is None:
            _settle(notice, Status.CANCELLED, at=at, because="not wanted any more")
            continue
        Notice.objects.filter(pk=notice.pk).update(
            status=Status.SENDING, due_at=at + LEASE, attempts=F("attempts") + 1
        )
        notice.refresh_from_db(fields=["status", "attempts"])
        return notice, box
    return None


@transaction.atomic
def _words(notice: Notice, *, at: datetime, address: Address) -> str:
    """Nothing in it says whom or what it is about: a mailbox may be read by many."""
    asks = notice.referral.from_team.name
    if notice.kind == Notice.Kind.CODE:
        code = new_code(notice.referral, at=at)
        return f"Your code is {code}. It opens the task that {asks} sent you, for 15 minutes."
    link = address(new_link(notice.referral, at=at))
    return (
        f"{asks} asks for your help with one task. Open it here: {link} You will be asked for a"
        " code, which we send to this address. Not for you? Delete this."
    )


def _send(
    notice: Notice, box: Mailbox, *, at: datetime, postbox: Postbox, address: Address
) -> None:
    """Post one notice, outside any transaction, under our own reference.

    Tried before, the provider is asked first: a second link or code would be one too many.
    """
    try:
        if notice.attempts > 1 and postbox.find(notice.pk, "TEXT"):
            _settle(notice, Status.SENT, at=at)
            return
        if not box.phone:
            raise Undeliverable("no e-mail can be sent from here: give the team's phone")
        postbox.post_text(notice.pk, box.phone, _words(notice, at=at, address=address))
    except TryLater:
        _try_again(notice, at=at)
    except Undeliverable as why:
        _settle(notice, Status.FAILED, at=at, because=str(why))
    else:
        _settle(notice, Status.SENT, at=at)


@transaction.atomic
def _try_again(notice: Notice, *, at: datetime) -> None:
    if notice.attempts >= MOST_ATTEMPTS:
        _settle(notice, Status.FAILED, at=at, because="tried many times, without an answer")
        return
    later = at + wait_before(notice.attempts)
    Notice.objects.filter(pk=notice.pk, status=Status.SENDING).update(due_at=later)


@transaction.atomic
def _settle(notice: Notice, status: Notice.Status, *, at: datetime, because: str = "") -> None:
    """What became of a notice; a task that was sent is delivered, one that failed is chased."""
    changed = Notice.objects.filter(pk=notice.pk, status__in=[Status.DUE, Status.SENDING]).update(
        status=status, settled_at=at, because=because[:200]
    )
    if not changed:
        return
    referral = notice.referral
    if notice.kind == Notice.Kind.TASK and status == Status.SENT:
        Referral.objects.filter(pk=referral.pk, delivered_at=None).update(delivered_at=at)
    record(
        BECAME[status],
        notice.pk,
        at=at,
        person_id=referral.person_id,
        programme_id=referral.programme_id,
        kind=notice.kind,
        referral=str(referral.pk),
    )
