"""Reading notes and feedback: what is said to us, what was sent, what people said and we did."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import TITLES, Role
from openprotect.places.models import Team
from openprotect.programmes.models import Programme
from openprotect.voices.models import Feedback, Note, Wording
from openprotect.voices.queries.waiting import Behind, behind
from openprotect.voices.rules import REMINDER, WORDINGS, Last, next_step

A_PAGE = 50


def notes_to(viewer: Viewer) -> QuerySet[Note]:
    """Notes to the viewer's own teams, and to the viewer; unread first, then the newest."""
    ours = Q(to_user=None, team__organisation_id=viewer.organisation_id)
    mine = Note.objects.filter(ours | Q(to_user_id=viewer.user_id))
    found = mine.filter(programme__purpose=viewer.purpose).select_related("by", "team", "programme")
    return found.order_by(F("read_at").desc(nulls_first=True), "-at", "id")


def unread(viewer: Viewer) -> list[Note]:
    """Notes that nobody here has read; what they remind of may be done since."""
    return list(notes_to(viewer).filter(read_at=None, settled_at=None)[:5])


def sent_by_us(programme: Programme) -> QuerySet[Note]:
    """What was said to teams in a programme, the newest first; for its leads alone."""
    found = Note.objects.filter(programme=programme).select_related("team", "of_team", "by")
    return found.order_by("-at", "id")


@dataclass(frozen=True)
class Waiting:
    """A team that is behind, the last word to it, and the next one that may be said now."""

    behind: Behind
    last: Note | None
    next_step: str


def waiting(programme: Programme, *, at: datetime) -> list[Waiting]:
    """Every team that is behind, with where it stands between a first word and the last."""
    last = last_words(programme)
    return [
        Waiting(
            each,
            known := last.get((each.team.pk, each.wait.about)),
            next_step(each.wait, as_last(known), at=at),
        )
        for each in behind(programme, at=at)
    ]


def last_words(programme: Programme) -> dict[tuple[UUID, str], Note]:
    """The latest reminder to each team about each thing that still waits."""
    said = Note.objects.filter(programme=programme, kind__in=Note.NUDGES, settled_at=None)
    latest: dict[tuple[UUID, str], Note] = {}
    for note in said.order_by("at", "id"):
        if note.of_team_id:
            latest[note.of_team_id, note.about] = note
    return latest


def as_last(note: Note | None) -> Last | None:
    return Last(note.kind, note.at) if note else None


def wording(programme: Programme, step: str) -> str:
    """How a programme puts a reminder: its newest words, else ours."""
    newest = Wording.objects.filter(programme=programme, step=step).order_by("-version")
    return newest.values_list("words", flat=True).first() or WORDINGS[step]


def wording_version(programme: Programme, step: str) -> int:
    """How often the words of a reminder were changed; nought while they are ours."""
    newest = Wording.objects.filter(programme=programme, step=step).order_by("-version")
    return newest.values_list("version", flat=True).first() or 0


def wordings(programme: Programme) -> list[tuple[str, str, str]]:
    """Each kind of reminder: its key, what it is, and its words now."""
    return [
        (step, str(Note.Kind(step or REMINDER).label), wording(programme, step))
        for step in WORDINGS
    ]


def teams_to_thank(viewer: Viewer) -> list[Team]:
    """Every team at work; a lead may thank any of them."""
    found = Team.objects.open(viewer.at.date()).order_by("function", "name", "id")
    return list(found[:500])


@dataclass(frozen=True)
class Said:
    """What somebody said and what we did; by role, never by name."""

    id: UUID
    page: str
    words: str
    role: str
    at: datetime
    state: str
    answer: str
    answered_at: datetime | None
    is_mine: bool
    is_new: bool


def feedback(viewer: Viewer) -> list[Said]:
    """For a lead everything that was said; for the others their own, and what was answered."""
    found = Feedback.objects.filter(programme__purpose=viewer.purpose)
    if viewer.role != Role.LEAD:
        found = found.filter(Q(by_id=viewer.user_id) | ~Q(state=Feedback.State.NEW))
    return [
        Said(
            each.pk,
            each.page,
            each.words,
            TITLES.get(Role(each.role), each.role.lower()),
            each.at,
            str(each.get_state_display()),
            each.answer,
            each.answered_at,
            each.by_id == viewer.user_id,
            each.state == Feedback.State.NEW,
        )
        for each in found.order_by("-at", "id")[:A_PAGE]
    ]


def feedback_item(viewer: Viewer, feedback_id: UUID) -> Feedback | None:
    """One thing that was said, for the lead who answers."""
    return Feedback.objects.filter(pk=feedback_id, programme__purpose=viewer.purpose).first()


def team_of(team_id: UUID) -> Team:
    return Team.objects.select_related("organisation", "covers").get(pk=team_id)
