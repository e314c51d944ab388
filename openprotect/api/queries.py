"""Which key is in hand, and which there are."""

from django.db import connection
from django.db.models import QuerySet

from openprotect.api.models import Key


def key_in_hand() -> Key | None:
    """The key whose session the database knows; None when there is none, or it has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (context()).session_id")
        (session_id,) = cursor.fetchone()
    return Key.objects.filter(session_id=session_id).first() if session_id else None


def keys() -> QuerySet[Key]:
    """Every key, those that hold first; no secret is among them."""
    known = Key.objects.select_related("membership__organisation")
    return known.order_by("revoked_at", "-issued_at", "id")
