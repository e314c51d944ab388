"""Issuing and revoking keys, and doing once what may be asked twice."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from openprotect.accounts.actions import add_membership, add_user
from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role, digest
from openprotect.api.models import Key, Repeatable
from openprotect.api.rules import SCOPES, Wrong
from openprotect.base.refusals import Refused
from openprotect.places.models import Organisation


@dataclass(frozen=True)
class Issued:
    """A key as it is handed over: its secret is shown this once and kept nowhere."""

    id: UUID
    secret: str


@transaction.atomic
def issue_key(
    organisation: Organisation,
    *,
    name: str,
    purpose: str,
    scopes: Sequence[str],
    until: datetime,
    issued_by: str,
    at: datetime,
) -> Issued:
    """A key for one system of a partner, for one purpose, with the scopes it needs and no more."""
    if not scopes or set(scopes) - set(SCOPES):
        raise Refused(f"A key is for some of: {', '.join(SCOPES)}.")
    if not name.strip() or until <= at:
        raise Refused("Name the system, and let its key end after today.")
    user = add_user(f"client-{secrets.token_hex(8)}", name=f"{name} ({organisation})"[:120])
    member = add_membership(
        user, organisation=organisation, role=Role.CLIENT, purpose=purpose, starts_at=at
    )
    secret = f"opk_{secrets.token_urlsafe(32)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_client_session(%s, %s, %s)", [member.pk, digest(secret), until])
        (session_id,) = cursor.fetchone()
    made = Key(
        session_id=session_id,
        membership=member,
        name=name,
        scopes=sorted(set(scopes)),
        issued_at=at,
        issued_by=issued_by,
        expires_at=until,
    )
    made.save(force_insert=True)
    return Issued(made.pk, secret)


@transaction.atomic
def revoke_key(key_id: UUID, *, revoked_by: str, at: datetime) -> Key:
    """End a key now. Revoked twice, it was revoked the first time."""
    key = Key.objects.select_for_update(of=("self",)).filter(pk=key_id).first()
    if key is None:
        raise Refused("There is no such key.")
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = at, revoked_by
        key.save(update_fields=["revoked_at", "revoked_by"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT end_client_session(%s)", [key.session_id])
    return key


def spend_request() -> int:
    """Count a request of the key in hand; how many seconds it has to wait, mostly none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT spend_request()")
        (seconds,) = cursor.fetchone()
    return int(seconds or 0)


Answer = tuple[int, dict[str, object]]


def once(
    key: Key, viewer: Viewer, repeat_key: str, asked: bytes, act: Callable[[], Answer]
) -> Answer:
    """Do something under the sender's own key for it, or tell again what came of it.

    Two at once: the second waits for the first, and then is told the same.
    """
    hashed = hashlib.sha256(asked).hexdigest()
    kept = Repeatable(
        session_id=key.session_id,
        repeat_key=repeat_key,
        asked=hashed,
        by_id=viewer.user_id,
        at=viewer.at,
    )
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        return _told_before(key, repeat_key, hashed)
    kept.status, kept.answer = act()
    kept.save(update_fields=["status", "answer"])
    return kept.status, kept.answer


def _told_before(key: Key, repeat_key: str, hashed: str) -> Answer:
    known = Repeatable.objects.get(session_id=key.session_id, repeat_key=repeat_key)
    if known.asked != hashed:
        raise Wrong(409, "That Idempotency-Key was used for another request.")
    return known.status, known.answer
