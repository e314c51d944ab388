"""A private word to a team that is behind; how others do; last, its locality is told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.programmes.models import Programme
from openprotect.referrals.queries import mailbox_of
from openprotect.voices.models import Note, Wording
from openprotect.voices.queries import as_last, last_words, notes_to, wording
from openprotect.voices.queries.waiting import Behind
from openprotect.voices.rules import (
    ESCALATION,
    LONGEST_WORDS,
    TooSoon,
    check_wording,
    check_words,
    fill,
    next_step,
)

LEADS = frozenset({Role.LEAD, Role.CLINICAL, Role.LOCALITY})
BELOW = {Team.Function.LOCALITY: "surveillance"}


def nudge(
    programme: Programme, late: Behind, *, at: datetime, viewer: Viewer | None = None
) -> Note | None:
    """The next word to a team about what waits for it; None where none is due, or it was said.

    A lead who presses is told why not. Said by two workers at once, it is said once.
    """
    known = last_words(programme).get((late.team.pk, late.wait.about))
    step = next_step(late.wait, as_last(known), at=at)
    to = _told(late.team, step, at=at) if step else None
    if to is None:
        if viewer:
            raise TooSoon("They have had a note: give them a few days.")
        return None
    words = fill(wording(programme, step), late.wait, team=late.team.name, at=at)
    note = Note(
        kind=step,
        programme=programme,
        team=to,
        of_team=late.team,
        by_id=viewer.user_id if viewer else None,
        about=late.wait.about,
        waiting=late.wait.count,
        since=late.wait.since,
        words=words,
        at=at,
    )
    try:
        with transaction.atomic():
            return keep_note(note, at=at)
    except IntegrityError:
        return None


def _told(team: Team, step: str, *, at: datetime) -> Team | None:
    """Who reads a word: the team itself, and at the last step whoever stands next above it."""
    if step != ESCALATION:
        return team
    above = BELOW.get(Team.Function(team.function), "locality")
    if team.function == Team.Function.SURVEILLANCE:
        return None
    found = places.nearest_team(above, team.covers, at.date())
    return found or places.nearest_team("surveillance", team.covers, at.date())


def keep_note(note: Note, *, at: datetime) -> Note:
    box = mailbox_of(note.team_id)
    if box:
        note.mail, note.mail_due_at = Note.Mail.DUE, at
    note.save(force_insert=True)
    record(
        "note.written",
        note.pk,
        at=at,
        by=note.by_id,
        programme_id=note.programme_id,
        kind=note.kind,
        team=str(note.team_id),
    )
    return note


@transaction.atomic
def settle(programme: Programme, still: Collection[Behind], *, at: datetime) -> int:
    """What was reminded of is done, or what was oldest is: the next word begins gently again."""
    waits = {(each.team.pk, each.wait.about): each.wait.since for each in still}
    done = [
        note.pk
        for note in Note.objects.filter(
            programme=programme, kind__in=Note.NUDGES, settled_at=None
        ).order_by("id")
        if note.of_team_id
        and ((since := waits.get((note.of_team_id, note.about))) is None or since > note.at)
    ]
    return Note.objects.filter(pk__in=done).update(settled_at=at)


@transaction.atomic
def call_on(
    programme: Programme, team: Team, *, words: str, waiting: int, viewer: Viewer, at: datetime
) -> Note:
    """A lead writes to a team about alerts that have climbed; the team reads it first of all."""
    if viewer.role not in LEADS:
        raise Refused("Leads call on teams.")
    check_words(words, LONGEST_WORDS)
    same = Note.objects.filter(
        kind=Note.Kind.CALLED_ON, team=team, by_id=viewer.user_id, words=words.strip(), read_at=None
    )
    if known := same.first():
        return known
    note = Note(
        kind=Note.Kind.CALLED_ON,
        programme=programme,
        team=team,
        by_id=viewer.user_id,
        waiting=waiting,
        about="alerts",
        words=words.strip(),
        at=at,
    )
    return keep_note(note, at=at)


@transaction.atomic
def read(note_id: UUID, *, viewer: Viewer, at: datetime) -> bool:
    """Somebody of the team has read a note; the first one counts."""
    ours = notes_to(viewer).filter(pk=note_id, read_at=None).order_by()
    return bool(ours.update(read_at=at, read_by_id=viewer.user_id))


@transaction.atomic
def set_wording(
    programme: Programme, step: str, words: str, *, over: int, viewer: Viewer, at: datetime
) -> Wording:
    """A programme's own words for a reminder, from now on. `over` is the version one had read."""
    if viewer.role != Role.LEAD:
        raise Refused("The programme lead words the reminders.")
    check_wording(step, words)
    Programme.objects.get(pk=programme.pk)
    said = Wording.objects.filter(programme=programme, step=step)
    latest = said.aggregate(latest=Max("version"))["latest"] or 0
    if latest != over:
        raise Refused("Somebody changed these words meanwhile: read theirs first.")
    made = Wording.objects.create(
        programme=programme,
        step=step,
        version=latest + 1,
        words=words.strip(),
        by_id=viewer.user_id,
        at=at,
    )
    record("wording.changed", made.pk, at=at, by=viewer.user_id, programme_id=programme.pk)
    return made
