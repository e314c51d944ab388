"""What time alone does to the ledger: a slot that nobody used in time is free again."""

from datetime import datetime

from django.db import connection

from openprotect.contacts.actions.reaching import climb
from openprotect.contacts.models import Unreached


def lapse_slots(*, at: datetime) -> int:
    """Free every slot whose time is over; whoever still tells of a contact is believed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lapse_contacts(%s)", [at])
        (many,) = cursor.fetchone()
    return int(many)


def climb_ladders(*, at: datetime, limit: int = 500) -> int:
    """Whoever's rung nobody spoke about in time goes on to the next one; nobody is given up."""
    due = Unreached.objects.filter(status=Unreached.Status.OPEN, due_at__lte=at)
    return sum(climb(each, at=at) for each in due.order_by("due_at", "id")[:limit])
