"""Reminding teams that are behind, by day and days apart; and mailing what was written."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from openprotect.governance.queries import purposes_in_force
from openprotect.messages.rules import (
    LEASE,
    MOST_ATTEMPTS,
    Postbox,
    TryLater,
    Undeliverable,
    wait_before,
)
from openprotect.programmes.queries import live_programmes
from openprotect.referrals.models import Mailbox
from openprotect.voices.actions import nudge, settle
from openprotect.voices.models import Note
from openprotect.voices.queries.waiting import behind
from openprotect.voices.rules import is_working_time

Mail = Note.Mail
SUBJECT = "A note for your team"
SIGN_IN = "Sign in to read it beside what it is about. Nobody outside your team gets this."


def nudge_teams(*, at: datetime) -> int:
    """The next word to every team for which one is due; and an end to those that are done."""
    if not is_working_time(at):
        return 0
    said = 0
    for programme in live_programmes().filter(purpose__in=purposes_in_force(at=at)):
        late = behind(programme, at=at)
        settle(programme, late, at=at)
        said += sum(nudge(programme, each, at=at) is not None for each in late)
    return said


def mail_notes(*, at: datetime, postbox: Postbox, limit: int = 50) -> int:
    """Mail what is due to teams' own mailboxes: claimed under a lease, posted, settled."""
    done = 0
    while done < limit and (claimed := _claim(at=at)):
        _post(*claimed, at=at, postbox=postbox)
        done += 1
    return done


@transaction.atomic
def _claim(*, at: datetime) -> tuple[Note, Mailbox] | None:
    waiting = Note.objects.filter(mail__in=[Mail.DUE, Mail.SENDING], mail_due_at__lte=at)
    for note in waiting.select_for_update(skip_locked=True, of=("self",)).order_by("mail_due_at")[
        :20
    ]:
        box = Mailbox.objects.filter(pk=note.team_id).first()
        if box is None or note.settled_at:
            _settle(note, Mail.NONE)
            continue
        Note.objects.filter(pk=note.pk).update(
            mail=Mail.SENDING, mail_due_at=at + LEASE, mail_tries=F("mail_tries") + 1
        )
        note.refresh_from_db(fields=["mail", "mail_tries"])
        return note, box
    return None


def _post(note: Note, box: Mailbox, *, at: datetime, postbox: Postbox) -> None:
    """Outside any transaction, under our own reference; tried before, the provider is asked."""
    channel = "EMAIL" if box.email else "TEXT"
    try:
        if note.mail_tries == 1 or postbox.find(note.pk, channel) is None:
            if box.email:
                postbox.post_email(note.pk, box.email, SUBJECT, f"{note.words}\n\n{SIGN_IN}")
            else:
                postbox.post_text(note.pk, box.phone, f"{note.words} {SIGN_IN}")
    except TryLater:
        _later(note, at=at)
    except Undeliverable:
        _settle(note, Mail.FAILED)
    else:
        _settle(note, Mail.SENT)


def _later(note: Note, *, at: datetime) -> None:
    if note.mail_tries >= MOST_ATTEMPTS:
        _settle(note, Mail.FAILED)
        return
    due = at + wait_before(note.mail_tries)
    Note.objects.filter(pk=note.pk, mail=Mail.SENDING).update(mail_due_at=due)


def _settle(note: Note, mail: Note.Mail) -> None:
    Note.objects.filter(pk=note.pk, mail__in=[Mail.DUE, Mail.SENDING]).update(mail=mail)
