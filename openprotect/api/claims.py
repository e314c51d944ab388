"""Asking the contact ledger, telling what came of it, and reading one's own asks."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from openprotect.api.actions import Answer, once
from openprotect.api.door import ClientRequest, body_of, by_key
from openprotect.api.paging import LOCAL, instant, limit_of
from openprotect.api.rules import (
    READ,
    REPEAT_KEY,
    WRITE,
    Wrong,
    read_cursor,
    write_cursor,
)
from openprotect.base import nhs_number
from openprotect.contacts import actions, queries
from openprotect.contacts.models import Claim
from openprotect.contacts.rules import HELD_FOR

ASKED = frozenset({"nhs_number", "channel", "topic", "wanted_on", "hold_days", "is_safety"})
QUERY = frozenset({"limit", "cursor"})


@by_key({"GET": READ, "POST": WRITE})
def claims(request: ClientRequest) -> HttpResponse:
    """POST asks whether somebody may be contacted; GET lists one's own asks, the newest first."""
    return _ask(request) if request.method == "POST" else _list(request)


def _ask(request: ClientRequest) -> HttpResponse:
    given = body_of(request, may=ASKED)
    actions.refuse_without_basis(request.viewer)
    repeat_key = request.headers.get("Idempotency-Key", "")
    if repeat_key and not REPEAT_KEY.fullmatch(repeat_key):
        raise Wrong(400, "An Idempotency-Key has 8 to 80 letters, digits, dashes or underscores.")

    def act() -> Answer:
        return _answered(request, given)

    if repeat_key:
        status, told = once(request.key, request.viewer, repeat_key, request.body, act)
    else:
        status, told = act()
    return JsonResponse(told, status=status)


def _answered(request: ClientRequest, given: dict[str, object]) -> Answer:
    at = request.viewer.at
    answered = actions.ask(
        _number(given.get("nhs_number")),
        channel=_word(given, "channel").upper(),
        topic=_word(given, "topic"),
        wanted_at=_day(given.get("wanted_on"), at=at),
        hold_for=timedelta(days=_whole(given.get("hold_days", HELD_FOR.days))),
        is_safety=_yes(given.get("is_safety", False)),
        at=at,
    )
    return 201 if answered.is_yes else 200, {
        "id": str(answered.claim_id) if answered.is_yes else None,
        "answer": answered.answer.lower(),
        "until": instant(answered.until),
        "covered_by": answered.covered_by or None,
    }


def _number(written: object) -> str:
    if not isinstance(written, str):
        raise Wrong(400, "nhs_number is text of ten digits.")
    try:
        return nhs_number.parse(written, synthetic=settings.OPENPROTECT.synthetic)
    except nhs_number.NotAnNhsNumber as why:
        raise Wrong(400, f"Not an NHS number: {why.reason}.") from None


def _word(given: dict[str, object], name: str) -> str:
    word = given.get(name)
    if not isinstance(word, str):
        raise Wrong(400, f"{name} is text, and must be given.")
    return word


def _day(written: object, *, at: datetime) -> datetime | None:
    if written is None:
        return None
    try:
        day = date.fromisoformat(str(written))
    except ValueError:
        raise Wrong(400, "wanted_on is a day, as in 2026-12-24.") from None
    if day < at.astimezone(LOCAL).date():
        raise Wrong(400, "wanted_on is past.")
    return max(at, datetime.combine(day, time(8), LOCAL))


def _whole(written: object) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or not 1 <= written <= 365:
        raise Wrong(400, "hold_days is a whole number of days.")
    return written


def _yes(written: object) -> bool:
    if not isinstance(written, bool):
        raise Wrong(400, "is_safety is true or false.")
    return written


def _list(request: ClientRequest) -> HttpResponse:
    if set(request.GET) - QUERY:
        raise Wrong(400, "Only limit and cursor may be asked for.")
    limit = limit_of(request)
    found = queries.visible_to(request.viewer).order_by("-asked_at", "-id")
    secret = settings.SECRET_KEY.encode()
    if cursor := request.GET.get("cursor"):
        found = queries.older_than(found, *read_cursor(cursor, secret))
    page = list(found[: limit + 1])
    last = page[limit - 1] if len(page) > limit else None
    return JsonResponse(
        {
            "claims": [_shown(each) for each in page[:limit]],
            "next": write_cursor(last.asked_at, last.pk, secret) if last else None,
        }
    )


@by_key({"GET": READ, "PATCH": WRITE, "DELETE": WRITE})
def claim(request: ClientRequest, claim_id: UUID) -> HttpResponse:
    """GET reads one's own ask; PATCH tells what came of it; DELETE gives its slot back unused."""
    found = _own(request, claim_id)
    if request.method != "GET":
        outcome = ""
        if request.method == "PATCH":
            outcome = _word(body_of(request, may=frozenset({"outcome"})), "outcome").upper()
        found = _settle(request, found, outcome)
    told = JsonResponse(_shown(found))
    told["ETag"] = _version(found)
    return told


def _own(request: ClientRequest, claim_id: UUID) -> Claim:
    """One of the asking body's claims; another body's is not there."""
    found = queries.visible_to(request.viewer).filter(pk=claim_id).first()
    if found is None:
        raise Wrong(404, "There is no such claim.")
    return found


def _settle(request: ClientRequest, found: Claim, outcome: str) -> Claim:
    wanted = request.headers.get("If-Match")
    if wanted not in (None, "*", _version(found)):
        raise Wrong(412, "That claim has changed: read it again.")
    if (found.status == "MADE" and found.outcome == outcome) or (
        found.status == "RELEASED" and not outcome
    ):
        return found
    if not actions.settle_claim(found.pk, outcome, at=request.viewer.at):
        raise Wrong(409, "That claim is settled, and stays as it is.")
    return _own(request, found.pk)


def _version(found: Claim) -> str:
    return f'"{found.status}-{found.outcome}"'


def _shown(found: Claim) -> dict[str, object]:
    """What a partner is told of its own ask: nothing of who it was about."""
    return {
        "id": str(found.pk),
        "status": found.status.lower(),
        "answer": found.answer.lower(),
        "channel": found.channel.lower(),
        "topic": found.topic,
        "asked_at": instant(found.asked_at),
        "until": instant(found.until),
        "covered_by": found.covered_by or None,
        "outcome": found.outcome.lower() or None,
        "settled_at": instant(found.settled_at),
    }
