"""A changed pack put to the answers of the last days, before anybody is judged by it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from openprotect.packs.known import age_on
from openprotect.packs.pack import Pack
from openprotect.packs.replaying import Given, Replay, replay
from openprotect.programmes.models import PackVersion, Programme
from openprotect.programmes.queries import LOCAL

LOOK_BACK: Final = timedelta(days=60)
AT_ONCE: Final = 2_000
ANSWERED_BY: Final = {"WEB": "self", "PHONE": "caller"}
# The answers of the last time may lie before the days that are replayed.
GIVEN: Final = """
WITH told AS (
  SELECT r.id, r.person_id, e.practice_id, e.id AS enrolment_id, r.pack_id, r.channel, r.on_behalf,
         r.at, r.answers::text AS answers,
         lag(r.answers::text) OVER last AS before, lag(r.at) OVER last AS before_at
  FROM checkins_response r
  JOIN checkins_checkin c ON c.id = r.checkin_id
  JOIN enrolments_enrolment e ON e.id = c.enrolment_id
  WHERE r.programme_id = %(programme)s AND r.at >= %(back)s AND r.at < %(until)s
  WINDOW last AS (PARTITION BY e.id ORDER BY r.at, r.id)
)
SELECT t.id::text, t.person_id::text, o.name, t.pack_id::text, t.answers, t.before,
       t.channel, t.on_behalf, t.at, t.before_at, p.birth_date,
       CASE WHEN %(groups)s THEN
         (SELECT array_agg(DISTINCT g."group") FROM enrolments_reason g
          WHERE g.enrolment_id = t.enrolment_id)
       END
FROM told t
JOIN people_person p ON p.id = t.person_id
JOIN places_organisation o ON o.id = t.practice_id
WHERE t.at >= %(since)s
"""


@dataclass(frozen=True)
class Replayed:
    """A replay, and over which answers."""

    pack: Pack
    days: int
    versions: tuple[str, ...]
    found: Replay


def replay_pack(pack: Pack, *, days: int, at: datetime, processes: int | None = None) -> Replayed:
    """What the pack would have made of the answers of its programme's last days."""
    programme = Programme.objects.filter(key=pack.key).first()
    if programme is None:
        return Replayed(pack, days, (), Replay())
    versions = {
        str(each.pk): {name: text.encode() for name, text in each.files.items()}
        for each in PackVersion.objects.filter(key=pack.key).order_by("published_at", "id")
    }
    parameters: dict[str, UUID | datetime | bool] = {
        "programme": programme.pk,
        "since": at - timedelta(days=days),
        "back": at - timedelta(days=days) - LOOK_BACK,
        "until": at,
        "groups": True,
    }
    workers = processes or min(2, os.cpu_count() or 1)
    with transaction.atomic():
        found = replay(pack.files, versions, _given(parameters), processes=workers)
    named = PackVersion.objects.filter(key=pack.key).order_by("published_at", "id")
    return Replayed(pack, days, tuple(named.values_list("version", flat=True)), found)


def _given(parameters: dict[str, UUID | datetime | bool]) -> Iterator[Given]:
    """Read as they are judged: a quarter of a million sets of answers need no room at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(GIVEN, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from (_as_given(*row) for row in rows)


def _as_given(
    response: str,
    person: str,
    practice: str,
    version: str,
    answers: str,
    before: str | None,
    channel: str,
    on_behalf: str,
    at: datetime,
    before_at: datetime | None,
    born: date | None,
    groups: list[str] | None,
) -> Given:
    today = at.astimezone(LOCAL).date()
    silent = (today - before_at.astimezone(LOCAL).date()).days if before_at else None
    return Given(
        response,
        person,
        practice,
        version,
        answers,
        before,
        age_on(born, today) if born else None,
        silent,
        "carer" if on_behalf else ANSWERED_BY.get(channel),
        tuple(groups or ()),
        at.isoformat(),
    )
