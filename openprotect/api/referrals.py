"""What an organisation is asked to do, read and answered by its own system; nobody else's."""

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse, JsonResponse

from openprotect.accounts.queries import Viewer
from openprotect.api.actions import Answer, once
from openprotect.api.door import ClientRequest, body_of, by_key
from openprotect.api.paging import LOCAL, instant, limit_of
from openprotect.api.rules import (
    READ_REFERRALS,
    REPEAT_KEY,
    WRITE_REFERRALS,
    Wrong,
    read_cursor,
    write_cursor,
)
from openprotect.governance.actions import record_access
from openprotect.referrals import actions, queries
from openprotect.referrals.models import Referral, ReferralQuerySet
from openprotect.referrals.rules import LABELS, NotYourReferral, ReferralChanged

QUERY = frozenset({"limit", "cursor", "status"})
ANSWERED = frozenset({"answer", "outcome", "because", "until", "note"})
WHICH = {"open": Referral.OPEN, "ended": ("DONE", "DECLINED", "WITHDRAWN")}
Act = Callable[[Referral, dict[str, object], Viewer, str], object]


@by_key({"GET": READ_REFERRALS})
def referrals(request: ClientRequest) -> HttpResponse:
    """What is asked of the key's own organisation, the newest first; open ones unless told."""
    if set(request.GET) - QUERY:
        raise Wrong(400, "Only status, limit and cursor may be asked for.")
    which = request.GET.get("status", "open")
    if which not in WHICH:
        raise Wrong(400, "status is open or ended.")
    limit, secret = limit_of(request), settings.SECRET_KEY.encode()
    found = _ours(request.viewer).filter(status__in=WHICH[which]).order_by("-offered_at", "-id")
    if cursor := request.GET.get("cursor"):
        at, last_id = read_cursor(cursor, secret)
        found = found.filter(Q(offered_at__lt=at) | Q(offered_at=at, id__lt=last_id))
    page = list(found[: limit + 1])
    shown, last = page[:limit], page[limit - 1] if len(page) > limit else None
    if shown:
        record_access(
            {each.person_id for each in shown}, what="api.referrals", why="a task for a partner"
        )
    return JsonResponse(
        {
            "referrals": [_shown(each) for each in shown],
            "next": write_cursor(last.offered_at, last.pk, secret) if last else None,
        }
    )


@by_key({"GET": READ_REFERRALS, "POST": WRITE_REFERRALS})
def referral(request: ClientRequest, referral_id: UUID) -> HttpResponse:
    """GET reads one task; POST answers it: accept, hold, done or decline."""
    found = _one(request, referral_id)
    if request.method == "GET":
        record_access([found.person_id], what="api.referral", why="a task for a partner")
        told = JsonResponse(_shown(found))
        told["ETag"] = _version(found)
        return told
    return _answer(request, found)


def _ours(viewer: Viewer) -> ReferralQuerySet:
    """Made to the key's own organisation; what it asked of others is not for its system."""
    return queries.visible_to(viewer).filter(to_team__organisation_id=viewer.organisation_id)


def _one(request: ClientRequest, referral_id: UUID) -> Referral:
    """One of the organisation's own; another's is not there."""
    found = _ours(request.viewer).filter(pk=referral_id).first()
    if found is None:
        raise Wrong(404, "There is no such referral.")
    return found


def _answer(request: ClientRequest, found: Referral) -> HttpResponse:
    given = body_of(request, may=ANSWERED)
    repeat_key = request.headers.get("Idempotency-Key", "")
    if repeat_key and not REPEAT_KEY.fullmatch(repeat_key):
        raise Wrong(400, "An Idempotency-Key has 8 to 80 letters, digits, dashes or underscores.")

    def act() -> Answer:
        return 200, _done(request, found, given)

    if repeat_key:
        asked = str(found.pk).encode() + request.body
        status, told = once(request.key, request.viewer, repeat_key, asked, act)
    else:
        status, told = act()
    return JsonResponse(told, status=status)


def _done(request: ClientRequest, found: Referral, given: dict[str, object]) -> dict[str, object]:
    wanted = request.headers.get("If-Match", "")
    if wanted not in ("", "*", _version(found)):
        raise Wrong(412, "That referral has changed: read it again.")
    act = ACTS.get(str(given.get("answer", "")))
    if act is None:
        raise Wrong(400, f"answer is one of: {', '.join(ACTS)}.")
    try:
        act(found, given, request.viewer, "" if wanted in ("", "*") else queries.as_seen(found))
    except (ReferralChanged, NotYourReferral) as why:
        raise Wrong(409, str(why)) from None
    return _shown(_one(request, found.pk))


def _accept(found: Referral, given: dict[str, object], viewer: Viewer, seen: str) -> object:
    return actions.accept(found, viewer=viewer, at=viewer.at, seen=seen)


def _hold(found: Referral, given: dict[str, object], viewer: Viewer, seen: str) -> object:
    try:
        day = date.fromisoformat(str(given.get("until")))
    except ValueError:
        raise Wrong(400, "until is a day, as in 2026-12-24.") from None
    return actions.hold(
        found,
        until=datetime.combine(day, time(18), LOCAL),
        because=_text(given, "because"),
        viewer=viewer,
        at=viewer.at,
        seen=seen,
    )


def _finish(found: Referral, given: dict[str, object], viewer: Viewer, seen: str) -> object:
    outcome = _code(given, "outcome", Referral.Outcome.values)
    note = _text(given, "note")
    return actions.finish(found, outcome, note=note, viewer=viewer, at=viewer.at, seen=seen)


def _decline(found: Referral, given: dict[str, object], viewer: Viewer, seen: str) -> object:
    because = _code(given, "because", Referral.Declined.values)
    note = _text(given, "note")
    return actions.decline(found, because, note=note, viewer=viewer, at=viewer.at, seen=seen)


ACTS: dict[str, Act] = {
    "accept": _accept,
    "hold": _hold,
    "done": _finish,
    "decline": _decline,
}


def _text(given: dict[str, object], name: str) -> str:
    text = given.get(name, "")
    if not isinstance(text, str):
        raise Wrong(400, f"{name} is text.")
    return text


def _code(given: dict[str, object], name: str, known: list[str]) -> str:
    code = _text(given, name).upper()
    if code not in known:
        raise Wrong(400, f"{name} is one of: {', '.join(each.lower() for each in known)}.")
    return code


def _version(found: Referral) -> str:
    return f'"{queries.as_seen(found)}"'


def _shown(found: Referral) -> dict[str, object]:
    """What the receiver needs, fixed when it was asked, and how its own answer stands."""
    return {
        "id": str(found.pk),
        "status": found.status.lower(),
        "asked_by": found.from_team.name,
        "asked_of": found.to_team.name,
        "what": found.what,
        "person": {key: str(text) for key, text in found.shown.items() if key in LABELS and text},
        "offered_at": instant(found.offered_at),
        "accept_by": instant(found.accept_by),
        "due_at": instant(found.due_at),
        "hold_until": instant(found.hold_until),
        "outcome": found.outcome.lower() or None,
        "declined": found.declined.lower() or None,
        "ended_at": instant(found.ended_at),
    }
