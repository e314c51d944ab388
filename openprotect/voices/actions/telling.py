"""Thanks, said and mailed; what people say of the service, and what was done about it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.places.models import Team
from openprotect.programmes.models import Programme
from openprotect.voices.actions.nudging import LEADS, keep_note
from openprotect.voices.models import Feedback, Note
from openprotect.voices.rules import LONGEST_FEEDBACK, LONGEST_WORDS, check_words

State = Feedback.State


@transaction.atomic
def thank(
    programme: Programme,
    team: Team,
    *,
    words: str,
    viewer: Viewer,
    at: datetime,
    to_user: UUID | None = None,
) -> Note:
    """A lead's thanks to a team, or to one of its people; pressed twice, it is said once."""
    if viewer.role not in LEADS:
        raise Refused("Leads write these notes.")
    check_words(words, LONGEST_WORDS)
    said = {"team": team, "to_user_id": to_user, "by_id": viewer.user_id, "words": words.strip()}
    known = Note.objects.filter(
        kind=Note.Kind.THANKS, programme=programme, read_at=None, **said
    ).first()
    if known:
        return known
    return keep_note(Note(kind=Note.Kind.THANKS, programme=programme, at=at, **said), at=at)


@transaction.atomic
def say(programme: Programme, words: str, *, page: str, viewer: Viewer, at: datetime) -> Feedback:
    """Something that should be better, or is good; about a page, never about a patient."""
    check_words(words, LONGEST_FEEDBACK)
    said = {"programme": programme, "by_id": viewer.user_id, "words": words.strip()}
    if known := Feedback.objects.filter(state=State.NEW, **said).first():
        return known
    made = Feedback(
        **said,
        page=page[:80],
        role=str(viewer.role),
        organisation_id=viewer.organisation_id,
        at=at,
    )
    made.save(force_insert=True)
    record("feedback.given", made.pk, at=at, by=viewer.user_id, programme_id=programme.pk)
    return made


@transaction.atomic
def answer(said: Feedback, words: str, *, state: str, viewer: Viewer, at: datetime) -> Feedback:
    """What we did about it, for everybody to read; answered anew, the newest answer holds."""
    if viewer.role != Role.LEAD:
        raise Refused("The programme lead answers.")
    if state not in State.values or state == State.NEW:
        raise Refused("Say what became of it.")
    check_words(words, LONGEST_FEEDBACK)
    said = Feedback.objects.select_for_update(of=("self",)).get(pk=said.pk)
    said.state, said.answer = State(state), words.strip()
    said.answered_at, said.answered_by_id = at, viewer.user_id
    said.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record("feedback.answered", said.pk, at=at, by=viewer.user_id, programme_id=said.programme_id)
    return said
