"""What providers post: kept as it came, answered at once, and read by background work.

Only whoever shows the secret in the header is heard. A secret in the address would stand in logs.
"""

import hmac
import json
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openprotect.messages import actions
from openprotect.messages.actions import A_TEXT, RECEIPT
from openprotect.web.access import open_page

LONGEST = 20_000


@csrf_exempt
@open_page
@require_POST
def receipt(request: HttpRequest) -> JsonResponse:
    """What became of a message."""
    return _take_in(request, RECEIPT)


@csrf_exempt
@open_page
@require_POST
def text(request: HttpRequest) -> JsonResponse:
    """A text that somebody sent us."""
    return _take_in(request, A_TEXT)


def _take_in(request: HttpRequest, kind: str) -> JsonResponse:
    if not _knows_the_secret(request):
        # Without its content: anybody could fill our disk with it.
        actions.turn_away("no secret", b"")
        return JsonResponse({"error": "unauthorized"}, status=401)
    raw = request.body if _length(request) <= LONGEST else b""
    said = _object_in(raw)
    if said is None:
        actions.turn_away("unreadable", sha256(raw).digest())
        return JsonResponse({"error": "a JSON object was expected"}, status=400)
    actions.take_in(kind, said)
    return JsonResponse({"taken": True}, status=202)


def _knows_the_secret(request: HttpRequest) -> bool:
    """Compared in constant time; where no secret is set up, nobody knows it."""
    secret = settings.OPENPROTECT.callback_token
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    is_same = hmac.compare_digest(shown.strip().encode(), secret.encode())
    return bool(secret) and scheme.lower() == "bearer" and is_same


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "0")
    return int(length) if length.isdigit() else LONGEST + 1


def _object_in(raw: bytes) -> str | None:
    """The post as text, when it is one JSON object; None for anything else."""
    try:
        words = raw.decode()
        found = json.loads(words)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    return words if isinstance(found, dict) and "\x00" not in words else None
