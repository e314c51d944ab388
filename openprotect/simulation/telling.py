"""A season in numbers: how many of everything stand where."""

from collections.abc import Mapping

from django.db import connection

COUNTS: Mapping[str, str] = {
    "enrolments": "SELECT lower(status), count(*) FROM enrolments_enrolment GROUP BY 1",
    "check-ins": "SELECT lower(status), count(*) FROM checkins_checkin GROUP BY 1",
    "responses": "SELECT lower(channel), count(*) FROM checkins_response GROUP BY 1",
    "conflicts kept": "SELECT 'second answers', count(*) FROM checkins_conflict",
    "invitations": "SELECT lower(status), count(*) FROM messages_message"
    " WHERE kind = 'INVITE' GROUP BY 1",
    "outcomes told": "SELECT lower(status), count(*) FROM messages_message"
    " WHERE kind = 'CLOSED' GROUP BY 1",
    "calls": "SELECT lower(status), count(*) FROM calls_call GROUP BY 1",
    "times rung": "SELECT lower(outcome), count(*) FROM calls_attempt GROUP BY 1",
    "alerts": "SELECT lower(status), count(*) FROM alerts_alert GROUP BY 1",
    "alerts by urgency": "SELECT CASE urgency WHEN 1 THEN 'now' WHEN 2 THEN 'today'"
    " ELSE 'this week' END, count(*) FROM alerts_alert GROUP BY 1",
    "events": "SELECT split_part(name, '.', 1), count(*) FROM events_event GROUP BY 1",
    "steps done": "SELECT 'in all', count(*) FROM events_done",
    "notes of access": "SELECT lower(role), count(*) FROM governance_access GROUP BY 1",
}
FLOOR: Mapping[str, str] = {
    "alerts by team": "SELECT t.function || ' ' || lower(a.status), count(*) FROM alerts_alert a"
    " JOIN places_team t ON t.id = a.team_id GROUP BY 1",
    "alerts closed as": "SELECT lower(outcome), count(*) FROM alerts_alert"
    " WHERE status = 'CLOSED' GROUP BY 1",
    "alerts handed on": "SELECT detail ->> 'because', count(*) FROM events_event"
    " WHERE name = 'alert.handed_on' GROUP BY 1",
    "calls by reason": "SELECT lower(why) || ' ' || lower(status), count(*) FROM calls_call"
    " GROUP BY 1",
}
# An alert that no open team owns, or that has no time by which it is due.
ORPHANS = """
SELECT count(*) FROM alerts_alert a LEFT JOIN places_team t ON t.id = a.team_id
 WHERE a.status <> 'CLOSED' AND (t.id IS NULL OR a.due_at IS NULL
    OR (t.closed_on IS NOT NULL AND t.closed_on < openprotect_now()::date))
"""
Counts = dict[str, dict[str, int]]


def count_everything(*, with_floor: bool = False) -> Counts:
    """How many of each thing stand in each state."""
    asked = {**COUNTS, **(FLOOR if with_floor else {})}
    return {what: _counted(statement) for what, statement in asked.items()}


def orphans() -> int:
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS)
        (count,) = cursor.fetchone()
    return int(count)


def in_lines(counts: Counts) -> list[str]:
    """A line for each thing: how many in all, and how many in each state."""
    return [
        f"{what}: {sum(parts.values()):,} = "
        + " + ".join(f"{number:,} {state}" for state, number in parts.items())
        for what, parts in counts.items()
        if parts
    ]


def _counted(statement: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {str(state): int(number) for state, number in sorted(cursor.fetchall())}
