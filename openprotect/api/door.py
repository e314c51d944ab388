"""The door of the API: who asks, how often, in which form; then one transaction, and an answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import Viewer, viewer
from openprotect.accounts.rules import Role
from openprotect.api.actions import spend_request
from openprotect.api.models import Key
from openprotect.api.queries import key_in_hand
from openprotect.api.rules import BEARER, LONGEST_BODY, Wrong
from openprotect.base.refusals import Refused
from openprotect.records.readers import strict_json

BY_KEY = "openprotect_by_key"
OPEN = "openprotect_open"  # as pages that are for everyone are marked
View = Callable[..., HttpResponse]
JSON = "application/json"


class ClientRequest(HttpRequest):
    """A request of a partner's system."""

    viewer: Viewer
    key: Key


def by_key(scopes: dict[str, str]) -> Callable[[View], View]:
    """For systems with a key; by method, the scope that its key must have. Others are refused."""

    def mark(view: View) -> View:
        @wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return _answer(view, scopes, request, *args, **kwargs)
            except Wrong as why:
                return problem(why, allow=scopes)
            except Refused as why:
                return problem(Wrong(400, str(why)))

        opened.csrf_exempt = True  # type: ignore[attr-defined]
        setattr(opened, BY_KEY, True)
        return opened

    return mark


def open_to_all(view: View) -> View:
    """Tells nothing of anybody, and so needs no key."""
    setattr(view, OPEN, True)
    return view


def _answer(
    view: View, scopes: dict[str, str], request: Any, *args: Any, **kwargs: Any
) -> HttpResponse:
    if request.method not in scopes:
        raise Wrong(405, "That method is not for this address.")
    token = BEARER.fullmatch(request.headers.get("Authorization", ""))
    if token is None:
        raise Wrong(401, "Send a key: Authorization: Bearer …")
    with acting_in(token[1]):
        # Counted for itself, so that a request that fails counts as well.
        if seconds := spend_request():
            raise Wrong(429, "Too many requests in this minute.", retry_after=seconds)
    with acting_in(token[1]):
        key, who = key_in_hand(), viewer()
        if key is None or who is None or who.role != Role.CLIENT:
            raise Wrong(401, "That key is unknown, has ended or was revoked.")
        if scopes[request.method] not in key.scopes:
            raise Wrong(403, f"That key has no scope {scopes[request.method]}.")
        request.key, request.viewer = key, who
        return view(request, *args, **kwargs)


class acting_in:
    """One transaction under the key's session; undone when anything in it is refused."""

    def __init__(self, token: str) -> None:
        self.whole, self.session = transaction.atomic(), acting_as(token)

    def __enter__(self) -> None:
        self.whole.__enter__()
        self.session.__enter__()

    def __exit__(self, *fault: Any) -> None:
        if not connection.needs_rollback:
            self.session.__exit__(*fault)
        self.whole.__exit__(*fault)


def problem(why: Wrong, *, allow: dict[str, str] | None = None) -> HttpResponse:
    """What is wrong, as RFC 9457 has it."""
    told = JsonResponse(
        {"type": "about:blank", "title": why.title, "status": why.status},
        status=why.status,
        content_type="application/problem+json",
    )
    if why.status == 401:
        told["WWW-Authenticate"] = "Bearer"
    if why.status == 405 and allow:
        told["Allow"] = ", ".join(allow)
    if why.retry_after:
        told["Retry-After"] = str(why.retry_after)
    return told


def body_of(request: HttpRequest, *, may: frozenset[str]) -> dict[str, object]:
    """The one JSON object of a request, read strictly. `may` are the fields that may be given."""
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != JSON or request.headers.get("Content-Encoding"):
        raise Wrong(415, "Send application/json, not compressed.")
    if charset != "utf-8":
        raise Wrong(415, "Send JSON as UTF-8.")
    try:
        given = strict_json.read(_content(request))
    except strict_json.BadJson:
        raise Wrong(400, "That is not JSON as RFC 8259 has it.") from None
    if not isinstance(given, dict):
        raise Wrong(400, "Send one JSON object.")
    if strange := set(given) - may:
        known = ", ".join(sorted(may))
        raise Wrong(400, f"{len(strange)} fields may not be given here; these may: {known}.")
    return given


def _content(request: HttpRequest) -> bytes:
    try:
        if int(request.headers.get("Content-Length") or 0) <= LONGEST_BODY:
            return request.body
    except (RequestDataTooBig, ValueError):
        pass
    except UnreadablePostError:
        raise Wrong(400, "The request was cut off.") from None
    raise Wrong(413, f"Send {LONGEST_BODY:,} bytes at most.")
