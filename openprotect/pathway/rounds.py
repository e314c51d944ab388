"""One round of background work: everything that time alone makes due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from openprotect.alerts.chores import (
    climb_overdue,
    hand_to_practices_after_basis,
    offer_anew_what_leavers_held,
    rehome_orphans,
    take_back_unaccepted,
)
from openprotect.checkins.chores import close_missed, open_due, plan_due, report_locked_links
from openprotect.contacts.chores import climb_ladders, lapse_slots
from openprotect.enrolments.chores import activate_due, remind_due
from openprotect.messages.chores import follow_deliveries, send_due
from openprotect.messages.rules import Postbox
from openprotect.pathway.composing import compose, task_address
from openprotect.pathway.following import follow_waiting
from openprotect.referrals.chores import send_notices

ROUND = "round"
ALARM_AFTER = timedelta(minutes=3)
ByTime = Callable[..., int]

# What time does to open alerts.
ALERTS_BY_TIME: tuple[ByTime, ...] = (
    rehome_orphans,
    offer_anew_what_leavers_held,
    take_back_unaccepted,
    hand_to_practices_after_basis,
    climb_overdue,
)

# In this order, so that one round carries a person as far as time allows.
DUE_BY_TIME: tuple[ByTime, ...] = (
    activate_due,
    remind_due,
    close_missed,
    plan_due,
    open_due,
    report_locked_links,
    lapse_slots,
    climb_ladders,
    follow_waiting,
    *ALERTS_BY_TIME,
)


def go_round(*, at: datetime, postbox: Postbox) -> dict[str, int]:
    """Everything that is due at an instant, and how much of each was done."""
    done = {chore.__name__: chore(at=at) for chore in DUE_BY_TIME}
    done["send_due"] = send_due(at=at, postbox=postbox, compose=compose, limit=500)
    done["send_notices"] = send_notices(at=at, postbox=postbox, address=task_address)
    done["follow_deliveries"] = follow_deliveries(at=at, postbox=postbox)
    done["follow_waiting"] += follow_waiting(at=at)
    beat(ROUND)
    return done


def beat(name: str) -> None:
    """Note that a kind of work finished, by the database's real clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pathway_heartbeat (name, at) VALUES (%s, statement_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def quiet_for() -> timedelta | None:
    """How long no round has finished, by the real clock; None when none ever has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement_timestamp() - at FROM pathway_heartbeat WHERE name = %s", [ROUND]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def is_alarming() -> bool:
    """Background work has stopped: said aloud on every staff page and by the health address."""
    quiet = quiet_for()
    return quiet is None or quiet > ALARM_AFTER
