"""Climbing the ladder for somebody who cannot be reached; and what to mind before contact."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.contacts.models import Precaution, Tried, Unreached
from openprotect.contacts.queries import precautions_of
from openprotect.contacts.rules.reaching import (
    BY_STAFF,
    CLIMBS,
    CLOSES,
    NEEDS_WORDS,
    OWNERS,
    PRECAUTIONS,
    REVIEW_AFTER,
    WHY_UNREACHED,
    closed_ways,
    ladder,
    next_rung,
    step_in_words,
    waits,
)
from openprotect.enrolments.models import Enrolment
from openprotect.events.actions import record
from openprotect.governance.actions import record_access
from openprotect.people.models import Person
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.programmes.queries import setting


class NobodyToOwnIt(Exception):
    """No team can own a rung: not even surveillance is open. A fault of set-up, never refused."""


@transaction.atomic
def open_ladder(enrolment: Enrolment, why: str, *, at: datetime) -> Unreached:
    """Somebody cannot be reached: the first rung, its owner and time; open already, it stays."""
    if why not in WHY_UNREACHED:
        raise Refused("Say why they cannot be reached.")
    # Everything about one enrolment queues here, so that two cannot open it at once.
    held = Enrolment.objects.select_for_update(of=("self",)).select_related("practice")
    enrolment = held.get(pk=enrolment.pk)
    known = Unreached.objects.filter(
        person_id=enrolment.person_id, programme_id=enrolment.programme_id, status="OPEN"
    ).first()
    if known:
        return known
    closed = closed_to(enrolment.person_id)
    rung = ladder(_order(enrolment, at=at), why, closed)[0]
    made = Unreached(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        why=why,
        rung=rung,
        team=_owner(enrolment, rung, at=at),
        opened_at=at,
        due_at=_due(enrolment, rung, at=at),
    )
    made.save(force_insert=True)
    _note(made, "unreached.opened", at=at)
    return made


def closed_to(person_id: UUID) -> frozenset[str]:
    """The channels that are not safe for this person, as far as this session may know."""
    return closed_ways(precautions_of(person_id))


def climbs(found: str) -> bool:
    """Whether what was found leads to the next rung."""
    return found in CLIMBS


def rungs_of(unreached: Unreached, *, at: datetime) -> list[tuple[str, bool]]:
    """The steps of somebody's ladder in words, and whether each is the one they stand on."""
    order = _order(unreached.enrolment, at=at)
    rungs = ladder(order, unreached.why, closed_to(unreached.person_id))
    return [(step_in_words(unreached.why, each), each == unreached.rung) for each in rungs]


@transaction.atomic
def report_unreached(enrolment: Enrolment, why: str, *, viewer: Viewer, at: datetime) -> None:
    """Somebody on the staff knows that a person cannot be reached: the ladder is begun for them."""
    if why not in WHY_UNREACHED:
        raise Refused("Say why they cannot be reached.")
    record_access([enrolment.person_id], what="contacts.report_unreached", why="cannot be reached")
    record(
        "unreached.reported",
        enrolment.pk,
        at=at,
        by=viewer.user_id,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        why=why,
    )


@transaction.atomic
def follow_move(person_id: UUID, *, at: datetime) -> int:
    """They are with another practice now: who looks for them are the teams of where they live."""
    theirs = Unreached.objects.filter(person_id=person_id, status=Unreached.Status.OPEN)
    moved = 0
    for each in theirs.order_by("id").values_list("pk", flat=True):
        held = _held(each)
        team = _owner(held.enrolment, held.rung, at=at)
        if held.status == Unreached.Status.OPEN and team.pk != held.team_id:
            held.team, held.due_at = team, _due(held.enrolment, held.rung, at=at)
            held.save(update_fields=["team", "due_at"])
            moved += 1
    return moved


def _order(enrolment: Enrolment, *, at: datetime) -> str:
    practice = enrolment.practice
    return str(setting(enrolment.programme, "unreached_ladder", practice=practice, at=at))


def _due(enrolment: Enrolment, rung: str, *, at: datetime) -> datetime:
    key = f"unreached_{rung.lower()}_days"
    days = int(str(setting(enrolment.programme, key, practice=enrolment.practice, at=at)))
    return at + waits(days)


def _owner(enrolment: Enrolment, rung: str, *, at: datetime) -> Team:
    team = places.team_for(OWNERS[rung], enrolment.practice, at.date())
    if team is None:
        raise NobodyToOwnIt("There is no surveillance team: import the places first.")
    return team


@transaction.atomic
def tell_what_was_found(
    unreached: Unreached, found: str, *, note: str, viewer: Viewer, at: datetime
) -> Unreached:
    """What came of a rung: nothing climbs to the next one, anything else ends the ladder."""
    held = _held(unreached.pk)
    if held.status != Unreached.Status.OPEN:
        raise Refused("Somebody has ended this meanwhile.")
    if found not in BY_STAFF:
        raise Refused("Choose what was found.")
    if found in NEEDS_WORDS and not note.strip():
        raise Refused("Write who told you, or who has seen them.")
    record_access([held.person_id], what="contacts.unreached", why="trying to reach them")
    _tried(held, found, note=note.strip(), by=viewer.user_id, at=at)
    return held


def _held(unreached_id: UUID) -> Unreached:
    rows = Unreached.objects.select_for_update(of=("self",))
    return rows.select_related("enrolment__practice", "enrolment__programme").get(pk=unreached_id)


def _tried(held: Unreached, found: str, *, note: str, by: UUID | None, at: datetime) -> None:
    Tried(
        unreached=held,
        person_id=held.person_id,
        rung=held.rung,
        found=found,
        note=note,
        by_id=by,
        at=at,
    ).save(force_insert=True)
    if found in CLIMBS:
        order, closed = _order(held.enrolment, at=at), closed_to(held.person_id)
        held.rung = next_rung(order, held.why, held.rung, closed)
        held.team = _owner(held.enrolment, held.rung, at=at)
        held.due_at = _due(held.enrolment, held.rung, at=at)
        _note(held, "unreached.climbed", at=at, by=by)
    else:
        held.move_to(Unreached.Status.ENDED)
        held.ended_at, held.ended_as = at, found
        _note(held, "unreached.ended", at=at, by=by)
    held.save()


@transaction.atomic
def climb(unreached: Unreached, *, at: datetime) -> bool:
    """The time of a rung is over and nobody said what came of it: the next one, never the end."""
    held = _held(unreached.pk)
    if held.status != Unreached.Status.OPEN or held.due_at > at:
        return False
    _tried(held, "NOBODY_TOLD", note="", by=None, at=at)
    return True


@transaction.atomic
def end_ladders(person_id: UUID, programme_id: UUID | None, found: str, *, at: datetime) -> int:
    """They were reached, or are not to be any more: whatever is open about them ends with that."""
    theirs = Unreached.objects.filter(person_id=person_id, status=Unreached.Status.OPEN)
    if programme_id:
        theirs = theirs.filter(programme_id=programme_id)
    ids = list(theirs.order_by("id").values_list("pk", flat=True))
    for each in ids:
        held = _held(each)
        if held.status == Unreached.Status.OPEN:
            _tried(held, found, note="", by=None, at=at)
    return len(ids)


def _note(held: Unreached, name: str, *, at: datetime, by: UUID | None = None) -> None:
    record(
        name,
        held.pk,
        at=at,
        by=by,
        person_id=held.person_id,
        programme_id=held.programme_id,
        rung=held.rung,
    )


@transaction.atomic
def set_precaution(
    person: Person,
    kind: str,
    *,
    at: datetime,
    words: str = "",
    seen_by: str = "CALLERS",
    viewer: Viewer | None = None,
) -> Precaution:
    """What to mind before this person is contacted; set again, it is set anew."""
    if kind not in PRECAUTIONS:
        raise Refused("Choose what is to be minded.")
    if kind == "DISCREET" and words.strip():
        raise Refused("Say no more than that: why is nobody's to read here.")
    record_access([person.pk], what="contacts.precaution", why="a way to contact them safely")
    Precaution.objects.filter(person_id=person.pk, kind=kind, ended_at=None).update(ended_at=at)
    made = Precaution(
        person_id=person.pk,
        kind=kind,
        words=words.strip(),
        closes=sorted(CLOSES.get(kind, ())),
        seen_by=seen_by,
        set_at=at,
        set_by_id=viewer.user_id if viewer else None,
        review_on=(at + REVIEW_AFTER).date(),
    )
    made.save(force_insert=True)
    _minded(made, "precaution.set", at=at)
    return made


def _minded(of: Precaution, name: str, *, at: datetime, by: UUID | None = None) -> None:
    # What is minded stays out of events: they are read by more people than may know it.
    record(name, of.pk, at=at, by=by or of.set_by_id, person_id=of.person_id)


@transaction.atomic
def still_minded(person: Person, kind: str, *, viewer: Viewer, at: datetime) -> bool:
    """Somebody asked again, and it is still so: looked at anew in half a year."""
    now = Precaution.objects.filter(person_id=person.pk, kind=kind, ended_at=None).first()
    if now is None:
        return False
    now.review_on = (at + REVIEW_AFTER).date()
    now.save(update_fields=["review_on"])
    _minded(now, "precaution.reviewed", at=at, by=viewer.user_id)
    return True


@transaction.atomic
def end_precaution(
    person: Person, kind: str, *, at: datetime, viewer: Viewer | None = None
) -> bool:
    """It need not be minded any more."""
    now = Precaution.objects.filter(person_id=person.pk, kind=kind, ended_at=None).first()
    if now is None:
        return False
    now.ended_at = at
    now.save(update_fields=["ended_at"])
    _minded(now, "precaution.ended", at=at, by=viewer.user_id if viewer else None)
    return True
