"""One round of background work: everything that time alone makes due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
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
from openprotect.gateways.gp_connect import MeshFolder
from openprotect.gateways.notify_posts import understand
from openprotect.messages.actions import note_outage
from openprotect.messages.chores import (
    follow_deliveries,
    give_up_on_unknown,
    read_notices,
    recall_letters,
    send_due,
)
from openprotect.messages.models import Outage
from openprotect.messages.rules import Postbox
from openprotect.pathway.composing import compose, task_address
from openprotect.pathway.documents import post_to
from openprotect.pathway.following import follow_waiting
from openprotect.pathway.hands import by_hands
from openprotect.pathway.ranking import rank_calls
from openprotect.pathway.reminding import remind_unread
from openprotect.referrals.chores import send_notices
from openprotect.referrals.chores.posting import send_documents, take_in_answers
from openprotect.voices.chores import mail_notes, nudge_teams

ROUND = "round"
ALARM_AFTER = timedelta(minutes=3)
ByTime = Callable[..., int]
# The provider's patience, times so many, stays below a lease; a quick provider is given more.
IN_ONE_PART, MOST_IN_ONE_PART = 8, 256
QUICK, LONGEST_SENDING = timedelta(seconds=5), timedelta(seconds=40)
# Nobody waits in a round of its own, and there a part is as large as may be.
EVERYTHING = 1_000_000
ASKED_AT_ONCE = 50  # messages whose provider is asked what became of them, in one round


def follow_everything(*, at: datetime) -> int:
    """Follow what waits, and what comes of that, until nothing does."""
    done = last = follow_waiting(at=at)
    while last:
        done += (last := follow_waiting(at=at))
    return done


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
    remind_unread,
    give_up_on_unknown,
    follow_everything,
    *ALERTS_BY_TIME,
    nudge_teams,
    rank_calls,
)

BY_MANY_HANDS = frozenset({close_missed, open_due, follow_everything})


def go_round(
    *,
    at: datetime,
    postbox: Postbox,
    now: Callable[[], datetime] | None = None,
    with_documents: bool = True,
    hands: int = 1,
) -> dict[str, int]:
    """Everything that is due at an instant, and how much of each was done.

    Sending may take longer than a lease: with `now` it goes on in small parts, each by the clock.
    Documents are drawn, which takes long: another process may do that beside this one. What comes
    in thousands is shared by so many `hands`: each takes what no other has locked.
    """
    note_missed_beats(at=at)
    done = {"read_notices": read_notices(at=at, understand=understand)}
    for chore in DUE_BY_TIME:
        many = hands if chore in BY_MANY_HANDS else 1
        done[chore.__name__] = by_hands(partial(chore, at=at), many)
    done["follow_waiting"] = done.pop("follow_everything")
    done["send_due"] = by_hands(partial(send_in_parts, at=at, postbox=postbox, now=now), hands)
    done["recall_letters"] = recall_letters(at=at, postbox=postbox)
    done["send_notices"] = send_notices(at=at, postbox=postbox, address=task_address)
    done["mail_notes"] = mail_notes(at=at, postbox=postbox)
    if with_documents:
        done |= tend_documents(at=at)
    asked = ASKED_AT_ONCE if now else EVERYTHING
    done["follow_deliveries"] = follow_deliveries(at=at, postbox=postbox, limit=asked)
    done["follow_waiting"] += by_hands(partial(follow_everything, at=at), hands)
    beat(ROUND)
    return done


def tend_documents(*, at: datetime) -> dict[str, int]:
    """Send the documents that are due to practices, and note what they answered."""
    mesh = MeshFolder(settings.OPENPROTECT.home / "mesh")
    return {
        "send_documents": send_documents(at=at, post=post_to(mesh)),
        "take_in_answers": take_in_answers(at=at, inbox=mesh),
    }


def send_in_parts(*, at: datetime, postbox: Postbox, now: Callable[[], datetime] | None) -> int:
    """What is due, in parts so small that each ends within its lease, however slow the provider."""
    if now is None:
        return send_due(at=at, postbox=postbox, compose=compose, limit=EVERYTHING)
    done, size, a_minute = 0, IN_ONE_PART, settings.OPENPROTECT.sends_a_minute
    began = start = now()
    while start - began < LONGEST_SENDING:
        part = send_due(at=start, postbox=postbox, compose=compose, limit=size, a_minute=a_minute)
        done += part
        if part < size:
            break
        before, start = start, now()
        is_quick = start - before < QUICK
        size = min(size * 2, MOST_IN_ONE_PART) if is_quick else IN_ONE_PART
    return done


def note_missed_beats(*, at: datetime) -> None:
    """No round for longer than the alarm allows: people could not be reached in that time."""
    quiet = quiet_for()
    if quiet and quiet > ALARM_AFTER:
        note_outage(
            Outage.Of.SERVICE,
            found=Outage.Found.HEARTBEAT,
            began_at=at - quiet,
            ended_at=at,
            at=at,
        )


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
