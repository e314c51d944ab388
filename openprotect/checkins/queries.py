"""Reading check-ins: answers so far, misses in a row, what a person said."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from openprotect.accounts.queries import Answering, Viewer
from openprotect.checkins.models import (
    Answer,
    Channel,
    Checkin,
    Excuse,
    Response,
    Rhythm,
    StandIn,
)
from openprotect.checkins.rules import MOST_EXCUSED, OUTAGE, Value, content_hash
from openprotect.enrolments.models import Enrolment, Reason
from openprotect.packs.again import LastTime, given_again
from openprotect.packs.bands import Band, band_of
from openprotect.packs.pack import Pack
from openprotect.people.queries import practices_in_reach
from openprotect.programmes.queries import pack_of, pack_version

Row = TypeVar("Row", Checkin, Response)
ONLINE, ON_THE_PHONE, ON_PAPER = Channel.WEB, Channel.PHONE, Channel.PAPER
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
    # The number of the last answer among those so far: with another one they have changed.
    last_answer: int = 0

    @property
    def is_sent(self) -> bool:
        return self.response is not None

    @cached_property
    def given(self) -> Mapping[str, object]:
        """The answers as they would be sent now: only to what is asked."""
        return self.pack.questionnaire.prune(self.answers)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every question that must be answered is."""
        return not self.pack.questionnaire.missing(self.answers)

    @property
    def fingerprint(self) -> str:
        """Changes with any answer that would be sent now."""
        return content_hash(self.given)


ASKED = """
SELECT (a.asked).*, a.so_far, a.last_answer, (a.sent).* FROM asked_here(%s, %s, %s) AS a
"""


def asked_of(answering: Answering) -> Asked | None:
    """The check-in of a person who came in by link; None once it is closed, or may not be read."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [answering.checkin_id, answering.person_id, answering.at])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if row is None:
        return None
    at = names.index("so_far")
    checkin = _as_read(Checkin, names[:at], row[:at])
    response = _response(names[at + 2 :], row[at + 2 :])
    is_open = checkin.status == Checkin.Status.OPEN and answering.at < checkin.closes_at
    if not is_open and response is None:
        return None
    so_far, last = json.loads(row[at] or "{}"), row[at + 1]
    answers = response.answers if response else so_far
    return Asked(checkin, pack_of(checkin), answers, response, last)


def _response(names: list[str], row: tuple[Any, ...]) -> Response | None:
    """A response as the database hands over the whole of its row; None when there is none."""
    if row[names.index("id")] is None:
        return None
    response = _as_read(Response, names, row)
    response.answers = json.loads(response.answers)
    return response


def _as_read(kind: type[Row], names: Sequence[str], values: Sequence[Any]) -> Row:
    """A row as if the ORM had read it, whatever the order of its columns."""
    made = kind(**dict(zip(names, values, strict=True)))
    made._state.adding, made._state.db = False, "default"
    return made


def visible_to(viewer: Viewer) -> QuerySet[Checkin]:
    """Check-ins of people in reach by place."""
    return Checkin.objects.filter(person__practice_id__in=practices_in_reach(viewer))


def answers_so_far(checkin: Checkin) -> dict[str, Value]:
    """The last answer to each question, by linkId; an answer taken back is absent."""
    given: dict[str, Value] = {}
    for each in Answer.objects.filter(checkin=checkin).order_by("id"):
        given[each.link_id] = each.value
    return {link_id: value for link_id, value in given.items() if value is not None}


def last_time(checkin: Checkin) -> LastTime | None:
    """What was sent last time, for whoever answers this check-in themselves or reads it out.

    None when somebody else answered then, when two sets of answers stood against each other, or
    when anything has been said since that was not sent, today's answers among it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM answers_of_last_time(%s)", [checkin.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    answers, said, at, version_id = row
    pack = pack_version(version_id)
    return LastTime(json.loads(answers), tuple(map(tuple, json.loads(said))), at, pack)


def offered_again(checkin: Checkin, *, at: datetime) -> dict[str, Value] | None:
    """The answers that "nothing has changed since last time" would send; None when not offered."""
    if stand_in_of(checkin) or (last := last_time(checkin)) is None:
        return None
    return given_again(pack_of(checkin), last, at=at)  # type: ignore[return-value]


HEARD = [Checkin.Status.ANSWERED, Checkin.Status.PARTLY]


def misses_in_a_row(enrolment_id: UUID) -> int:
    """How many check-ins went unanswered since the last answer; what was excused does not count."""
    ended = Checkin.objects.filter(
        enrolment_id=enrolment_id, status__in=[Checkin.Status.MISSED, *HEARD]
    )
    misses = 0
    for status in ended.order_by("-due_on", "id").values_list("status", flat=True)[:60]:
        if status in HEARD:
            break
        misses += 1
    return misses


def excused_in_a_row(enrolment_id: UUID) -> int:
    """How many of the latest check-ins were excused because we were down, one after the other."""
    ended = Checkin.objects.filter(enrolment_id=enrolment_id).exclude(
        status__in=[Checkin.Status.DUE, Checkin.Status.OPEN, Checkin.Status.CANCELLED]
    )
    found = 0
    for status, because in ended.order_by("-due_on", "id").values_list("status", "ended_because")[
        : MOST_EXCUSED + 1
    ]:
        if (status, because) != (Checkin.Status.EXCUSED, OUTAGE):
            break
        found += 1
    return found


def excuses_on(people: Collection[UUID], day: date) -> dict[UUID, str]:
    """Who of these people is not asked on a day, and why in words."""
    holding = Excuse.objects.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)
    found = holding.filter(person_id__in=people).order_by("id")
    return {each.person_id: str(each.get_why_display()) for each in found}


def bands_of(programme_id: UUID, bands: Sequence[Band]) -> dict[UUID, Band]:
    """The band of each enrolment of a programme that is in one."""
    groups: dict[UUID, set[str]] = defaultdict(set)
    wanted = {name for band in bands for name in band.groups}
    for enrolment_id, group in (
        Reason.objects.filter(enrolment__programme_id=programme_id, group__in=wanted).values_list(
            "enrolment_id", "group"
        )
        if wanted
        else ()
    ):
        groups[enrolment_id].add(group)
    found = {each: band_of(bands, held) for each, held in groups.items()}
    return {each: band for each, band in found.items() if band}


def band_for(enrolment: Enrolment) -> Band | None:
    """The band of one person in a programme, by why they are in it."""
    bands = pack_of(enrolment.programme).bands
    if not bands:
        return None
    reasons = Reason.objects.filter(enrolment=enrolment)
    return band_of(bands, set(reasons.values_list("group", flat=True)))


def rhythms_of(programme_id: UUID) -> dict[UUID, tuple[int, date]]:
    """Whom somebody chose to ask more or less often: every so many days, from a day on."""
    chosen = Rhythm.objects.filter(ended_at=None, enrolment__programme_id=programme_id)
    rows = chosen.values_list("enrolment_id", "every_days", "starts_on")
    return {enrolment_id: (days, starts_on) for enrolment_id, days, starts_on in rows}


def stand_in_of(checkin: Checkin) -> StandIn | None:
    """Who answers this check-in for the person; None when they do themselves."""
    return StandIn.objects.filter(checkin=checkin).first()


def silent_since(enrolment_id: UUID) -> datetime | None:
    """The opening of the first check-in of the present silence; None when there is none."""
    answered = Checkin.objects.filter(enrolment_id=enrolment_id, status__in=HEARD)
    last = answered.order_by("-due_on").values_list("due_on", flat=True).first()
    silent = Checkin.objects.filter(enrolment_id=enrolment_id, status=Checkin.Status.MISSED)
    if last:
        silent = silent.filter(due_on__gt=last)
    return silent.order_by("due_on").values_list("opens_at", flat=True).first()


def unanswered(enrolment: Enrolment) -> Checkin | None:
    """The latest asking that a call can still answer: open now, begun, or missed."""
    open_to_a_call = [Checkin.Status.OPEN, Checkin.Status.MISSED, Checkin.Status.PARTLY]
    asked = Checkin.objects.filter(enrolment=enrolment, status__in=open_to_a_call)
    return asked.order_by("-due_on").first()


def asked_by_phone(enrolment: Enrolment) -> Asked | None:
    """What can be asked of somebody who is on the phone now: the latest that was not answered."""
    checkin = unanswered(enrolment)
    if checkin is None:
        return None
    return Asked(checkin, pack_of(checkin), answers_so_far(checkin), None)


def in_words(response: Response) -> tuple[tuple[str, str], ...]:
    """What was said, as question and answer, in the words of the version that was asked."""
    return pack_of(response).questionnaire.in_words(response.answers)


def demonstration_birth_date(token: str) -> date | None:
    """The birth date that a link asks for; the database tells it in a demonstration only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT demonstration_birth_date(%s)", [token])
        row = cursor.fetchone()
    return row[0] if row else None


def excuses_of(person_id: UUID, *, on: date) -> QuerySet[Excuse]:
    """When a person is not asked, now or from a later day."""
    holding = Excuse.objects.filter(Q(to_on=None) | Q(to_on__gte=on), person_id=person_id)
    return holding.select_related("by").order_by("from_on", "id")


def rhythm_of(enrolment_id: UUID) -> Rhythm | None:
    """How often one person is asked, where somebody chose otherwise than the programme."""
    found = Rhythm.objects.filter(enrolment_id=enrolment_id, ended_at=None)
    return found.select_related("by").first()


def to_type_in(enrolment_id: UUID) -> Checkin | None:
    """The latest check-in that may still be answered on paper."""
    status = Checkin.Status
    may_be = [status.OPEN, status.MISSED, status.PARTLY, status.EXCUSED]
    asked = Checkin.objects.filter(enrolment_id=enrolment_id, status__in=may_be)
    return asked.select_related("programme").order_by("-due_on", "id").first()
