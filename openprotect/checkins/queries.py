"""Reading check-ins: answers so far, misses in a row, what a person said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from openprotect.accounts.queries import Answering, Viewer
from openprotect.checkins.models import Answer, Channel, Checkin, Response
from openprotect.checkins.rules import Value, content_hash
from openprotect.enrolments.models import Enrolment
from openprotect.governance.queries import basis_ends_at
from openprotect.packs.pack import Pack
from openprotect.people.queries import practices_in_reach
from openprotect.programmes.queries import pack_of, pack_version

ONLINE = Channel.WEB
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,128}")


def for_answering(answering: Answering) -> QuerySet[Checkin]:
    """The one check-in that a personal link opened."""
    return Checkin.objects.filter(pk=answering.checkin_id, person_id=answering.person_id)


def pack_behind(token: str) -> Pack | None:
    """Whose questions a personal link leads to now; None for every link that cannot be used.

    Asking changes nothing, and tells nothing of the person.
    """
    if not TOKEN.fullmatch(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pack_of_link(%s)", [token])
        (version_id,) = cursor.fetchone()
    return pack_version(version_id) if version_id else None


@dataclass(frozen=True)
class Asked:
    """One check-in as the person who answers it meets it: the questions, and the answers so far."""

    checkin: Checkin
    pack: Pack
    answers: Mapping[str, Value]
    response: Response | None

    @property
    def is_sent(self) -> bool:
        return self.response is not None

    @property
    def fingerprint(self) -> str:
        """Changes with any answer that would be sent now."""
        return content_hash(self.pack.questionnaire.prune(self.answers))


def asked_of(answering: Answering) -> Asked | None:
    """The check-in of a person who came in by link; None once it is closed, or may not be read."""
    checkin = for_answering(answering).select_related("programme").first()
    if checkin is None or not basis_ends_at(checkin.programme.purpose, at=answering.at):
        return None
    response = Response.objects.filter(checkin=checkin).first()
    is_open = checkin.status == Checkin.Status.OPEN and answering.at < checkin.closes_at
    if not is_open and response is None:
        return None
    answers = response.answers if response else answers_so_far(checkin)
    return Asked(checkin, pack_of(checkin), answers, response)


def visible_to(viewer: Viewer) -> QuerySet[Checkin]:
    """Check-ins of people in reach by place."""
    return Checkin.objects.filter(person__practice_id__in=practices_in_reach(viewer))


def answers_so_far(checkin: Checkin) -> dict[str, Value]:
    """The last answer to each question, by linkId; an answer taken back is absent."""
    given: dict[str, Value] = {}
    for each in Answer.objects.filter(checkin=checkin).order_by("id"):
        given[each.link_id] = each.value
    return {link_id: value for link_id, value in given.items() if value is not None}


def misses_in_a_row(enrolment_id: UUID) -> int:
    """How many check-ins went unanswered since the last answer."""
    ended = Checkin.objects.filter(
        enrolment_id=enrolment_id, status__in=[Checkin.Status.MISSED, Checkin.Status.ANSWERED]
    )
    misses = 0
    for status in ended.order_by("-due_on", "id").values_list("status", flat=True)[:60]:
        if status == Checkin.Status.ANSWERED:
            break
        misses += 1
    return misses


def silent_since(enrolment_id: UUID) -> datetime | None:
    """The opening of the first check-in of the present silence; None when there is none."""
    answered = Checkin.objects.filter(enrolment_id=enrolment_id, status=Checkin.Status.ANSWERED)
    last = answered.order_by("-due_on").values_list("due_on", flat=True).first()
    silent = Checkin.objects.filter(enrolment_id=enrolment_id, status=Checkin.Status.MISSED)
    if last:
        silent = silent.filter(due_on__gt=last)
    return silent.order_by("due_on").values_list("opens_at", flat=True).first()


def unanswered(enrolment: Enrolment) -> Checkin | None:
    """The latest asking that a call can still answer: open now, or missed."""
    open_to_a_call = [Checkin.Status.OPEN, Checkin.Status.MISSED]
    asked = Checkin.objects.filter(enrolment=enrolment, status__in=open_to_a_call)
    return asked.order_by("-due_on").first()


def in_words(response: Response) -> tuple[tuple[str, str], ...]:
    """What was said, as question and answer, in the words of the version that was asked."""
    return pack_of(response).questionnaire.in_words(response.answers)


def demonstration_birth_date(token: str) -> date | None:
    """The birth date that a link asks for; the database tells it in a demonstration only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT demonstration_birth_date(%s)", [token])
        row = cursor.fetchone()
    return row[0] if row else None
