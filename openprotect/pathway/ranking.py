"""What the queue of calls is told by all that stands above it: open needs, and who is on shift."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from openprotect.calls import chores
from openprotect.calls.rules.ranking import Unmet
from openprotect.floor.queries import capacity_left

# What is open about each of these people, and whether an open need got worse when last heard of.
UNMET = """
SELECT a.person_id, min(a.urgency), count(*),
       bool_or(EXISTS (SELECT 1 FROM alerts_finding f
                        WHERE f.alert_id = a.id AND f.standing = 'WORSE'))
  FROM alerts_alert a
 WHERE a.person_id = ANY (%s) AND a.status <> 'CLOSED'
 GROUP BY 1
"""


def unmet_needs(people_ids: Collection[UUID]) -> Mapping[UUID, Unmet]:
    """What is still open about these people, for the rank of their calls."""
    with connection.cursor() as cursor:
        cursor.execute(UNMET, [list(people_ids)])
        return {
            person_id: Unmet(urgency, needs, bool(is_worse))
            for person_id, urgency, needs, is_worse in cursor.fetchall()
        }


def rank_calls(*, at: datetime) -> int:
    """The queue worked out anew, and what is beyond today's staff said and owned."""
    ranked = chores.rank_waiting(at=at, beside=unmet_needs)
    chores.plan_the_day(at=at, capacity=capacity_left)
    return ranked
