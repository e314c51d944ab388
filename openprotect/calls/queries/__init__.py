"""Reading the call queue: how many wait, which one is mine, what was tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.calls.models import Attempt, Call, Draft
from openprotect.calls.queries.needs import abilities_of, hours_liked_by
from openprotect.calls.rules import CALLERS_WORDS
from openprotect.checkins.models import Response
from openprotect.checkins.queries import answers_so_far, offered_again, silent_since
from openprotect.checkins.rules import LOCAL, Value
from openprotect.contacts.queries import before_dialling
from openprotect.events.models import Event
from openprotect.packs.languages import named, told_to_staff
from openprotect.packs.pack import Pack
from openprotect.packs.prose import Prose
from openprotect.people.queries import needs_of
from openprotect.places.models import Team
from openprotect.places.queries import team_for
from openprotect.programmes.queries import pack_of

OUTCOMES = tuple((str(code), str(words)) for code, words in Attempt.Outcome.choices)


@dataclass(frozen=True)
class Floor:
    """The queue in numbers: waiting now, due later today, in a call, done today."""

    waiting: int
    later: int
    in_call: int
    done_today: int


def visible_to(viewer: Viewer) -> QuerySet[Call]:
    """The calls that this call handler holds now; nobody's else, and none of the queue."""
    return Call.objects.filter(
        status=Call.Status.CLAIMED, claimed_by_id=viewer.user_id, leased_until__gt=viewer.at
    ).select_related("person", "programme", "checkin", "enrolment")


def floor(viewer: Viewer) -> Floor:
    """How the queue stands; counts only."""
    at, today = viewer.at, viewer.at.astimezone(LOCAL).date()
    held = Q(status=Call.Status.CLAIMED, leased_until__gt=at, on_paper=False)
    left = Q(status=Call.Status.CLAIMED, leased_until__lte=at)
    waiting = Q(status=Call.Status.WAITING)
    counts = Call.objects.aggregate(
        waiting=Count("id", filter=(waiting & Q(due_at__lte=at)) | left),
        later=Count("id", filter=waiting & Q(due_at__gt=at)),
        in_call=Count("id", filter=held),
        done_today=Count("id", filter=Q(ended_at__date=today, status=Call.Status.DONE)),
    )
    return Floor(**counts)


def next_due_at(at: datetime) -> datetime | None:
    """When the next call becomes due; None when none is planned."""
    later = Call.objects.filter(status=Call.Status.WAITING, due_at__gt=at)
    return later.order_by("due_at").values_list("due_at", flat=True).first()


@dataclass(frozen=True)
class Try:
    """One time somebody rang, or wrote something and did not end the call."""

    outcome: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Held:
    """A call in hand: what its call handler needs, and nothing that says why the person is here.

    No diagnosis, no reason for inclusion, no address, no NHS number, no practice.
    """

    id: UUID
    person_id: UUID
    name: str
    birth_date: date | None
    phones: tuple[str, ...]
    mind: tuple[str, ...]
    needs: tuple[str, ...]
    language: str
    why: str
    silent_days: int
    leased_until: datetime
    attempts: int
    tries: tuple[Try, ...]
    note: str
    answers: Mapping[str, Value]
    is_answered: bool
    pack: Pack
    script: Prose
    hand_over_to: str
    hand_over_phone: str
    agreed_at: datetime | None
    likes: str
    at: datetime
    call: Call


def held(viewer: Viewer, call_id: UUID) -> Held | None:
    """The call, if this call handler holds it now; it is nobody else's business."""
    call = visible_to(viewer).select_related("enrolment__practice").filter(pk=call_id).first()
    if call is None or call.leased_until is None:
        return None
    person, team = call.person, team_for("surveillance", call.enrolment.practice, viewer.at.date())
    drafts = list(Draft.objects.filter(call=call).exclude(note="").select_related("by"))
    return Held(
        id=call.pk,
        person_id=person.pk,
        name=f"{person.given_name} {person.family_name}",
        birth_date=person.birth_date,
        phones=tuple(each for each in (person.mobile, person.landline) if each),
        mind=tuple(before_dialling(person.pk)),
        needs=_needs(person.pk),
        language=told_to_staff(person.language, pack_of(call.checkin).languages),
        why=CALLERS_WORDS[call.why],
        silent_days=_silent_days(call, viewer.at) if call.why == Call.Why.SILENT else 0,
        leased_until=call.leased_until,
        attempts=call.attempts,
        tries=_tries(call, [each for each in drafts if each.by_id != viewer.user_id]),
        note=next((each.note for each in drafts if each.by_id == viewer.user_id), ""),
        answers=answers_so_far(call.checkin),
        is_answered=Response.objects.filter(checkin_id=call.checkin_id).exists(),
        pack=pack_of(call.checkin),
        script=_script(call, viewer),
        hand_over_to=team.name if team else "the surveillance team",
        hand_over_phone=_phone_of(team, pack_of(call.checkin)),
        agreed_at=call.agreed_at,
        likes=_liked(person.pk),
        at=viewer.at,
        call=call,
    )


def _script(call: Call, viewer: Viewer) -> Prose:
    """What to say: in the person's language where this call handler speaks it."""
    pack, language = pack_of(call.checkin), call.person.language
    spoken = abilities_of(viewer.user_id).languages
    return pack.call_script_in(language) if language in spoken else pack.call_script


def _phone_of(team: Team | None, pack: Pack) -> str:
    """Where somebody clinical answers now: as the programme says, else the team, else its line."""
    return (
        pack.calling.handover_phone or (team.organisation.telephone if team else "") or pack.phone
    )


def _liked(person_id: UUID) -> str:
    hours = hours_liked_by(person_id)
    if hours.rings_from is None or hours.rings_until is None:
        return ""
    return f"{hours.rings_from:%H:%M} to {hours.rings_until:%H:%M}"


def _needs(person_id: UUID) -> tuple[str, ...]:
    """What they, or their carer, need to understand us and to be understood."""
    return tuple(
        f"{each.get_kind_display()}{f': {named(each.language)}' if each.language else ''}"
        f"{'' if each.whose == 'PERSON' else f' ({each.get_whose_display()})'}"
        for each in needs_of(person_id)
    )


def _silent_days(call: Call, at: datetime) -> int:
    since = silent_since(call.enrolment_id)
    return (at.astimezone(LOCAL).date() - since.astimezone(LOCAL).date()).days if since else 0


def _tries(call: Call, drafts: list[Draft]) -> tuple[Try, ...]:
    ended = call.tries.select_related("by").order_by("-at", "id")
    tries = [Try(each.get_outcome_display(), each.note, each.by.name, each.at) for each in ended]
    tries += [Try("Written, but the call was not ended", e.note, e.by.name, e.at) for e in drafts]
    return tuple(sorted(tries, key=lambda each: each.at, reverse=True))


def again_for(held: Held, *, at: datetime) -> dict[str, Value] | None:
    """What they said last time, to be read out and sent as today's; None when all is asked."""
    if held.is_answered or held.answers:
        return None
    return offered_again(held.call.checkin, at=at)


def was_mine(viewer: Viewer, call_id: UUID) -> bool:
    """Whether this call handler ever held the call, and so may be told where it went."""
    mine = Event.objects.filter(subject_id=call_id, name="call.claimed", by_id=viewer.user_id)
    return mine.exists()


def where_it_went(viewer: Viewer, call_id: UUID, *, at: datetime) -> str:
    """What became of a call that this call handler does not hold any more."""
    call = Call.objects.select_related("claimed_by").filter(pk=call_id).first()
    if call is None or call.status == Call.Status.WAITING:
        return "This call is back in the queue."
    if call.status == Call.Status.CANCELLED:
        return "This call is no longer needed."
    holder = call.claimed_by.name if call.claimed_by else "somebody else"
    if call.status != Call.Status.CLAIMED:
        mine = call.claimed_by_id == viewer.user_id
        return "You have recorded this call already." if mine else f"{holder} has ended this call."
    if call.leased_until and call.leased_until <= at:
        return "Your time with this call was over, so it went back to the queue."
    return f"Your time with this call was over. {holder} holds it now."
