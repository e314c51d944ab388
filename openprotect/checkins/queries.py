"""Reading check-ins: answers so far, misses in a row, what a person said."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.queries import Answering, Viewer
from openprotect.checkins.models import Answer, Checkin, Response
from openprotect.checkins.rules import Value
from openprotect.enrolments.models import Enrolment
from openprotect.people.queries import practices_in_reach
from openprotect.programmes.queries import pack_of


def for_answering(answering: Answering) -> QuerySet[Checkin]:
    """The one check-in that a personal link opened."""
    return Checkin.objects.filter(pk=answering.checkin_id, person_id=answering.person_id)


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
