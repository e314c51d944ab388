"""What a key may do, how often, and what is wrong with a request."""

import base64
import hashlib
import re
from datetime import datetime
from uuid import UUID

READ, WRITE = "claims:read", "claims:write"
READ_REFERRALS, WRITE_REFERRALS = "referrals:read", "referrals:write"
SCOPES = (READ, WRITE, READ_REFERRALS, WRITE_REFERRALS)
A_MINUTE = 600
LONGEST_BODY = 100_000
MOST_ON_A_PAGE = 100
BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{40,200})", re.ASCII)
REPEAT_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}", re.ASCII)


class Wrong(Exception):
    """Why a request is not answered as it stands; never holds what was sent."""

    def __init__(self, status: int, title: str, *, retry_after: int = 0) -> None:
        super().__init__(title)
        self.status, self.title, self.retry_after = status, title, retry_after


def write_cursor(at: datetime, claim_id: UUID, secret: bytes) -> str:
    """Where the next page begins, sealed so that nobody moves it."""
    words = f"{at.isoformat()} {claim_id}".encode()
    return base64.urlsafe_b64encode(_seal(words, secret) + words).decode().rstrip("=")


def read_cursor(cursor: str, secret: bytes) -> tuple[datetime, UUID]:
    """Where a page begins; Wrong when the cursor is none of ours, or was altered."""
    try:
        whole = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        seal, words = whole[:16], whole[16:]
        at, claim_id = words.decode("ascii").split(" ")
        found = datetime.fromisoformat(at), UUID(claim_id)
    except (ValueError, UnicodeDecodeError):
        raise Wrong(400, "That cursor is none of this service's.") from None
    if _seal(words, secret) != seal:
        raise Wrong(400, "That cursor is none of this service's.")
    return found


def _seal(words: bytes, secret: bytes) -> bytes:
    return hashlib.blake2b(words, key=secret[:64], digest_size=16, person=b"cursor").digest()
