"""The persons behind a figure, for those who work for them: their own area's, and no others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from openprotect.accounts.queries import Viewer
from openprotect.alerts.queries import visible_to as alerts_of
from openprotect.calls.models import Call
from openprotect.enrolments.queries import visible_to
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import settings
from openprotect.reports.queries.grip import LOOK_BACK, NEVER_REACHED, elsewhere

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One person behind a figure, where they are registered, and a word on why."""

    person_id: UUID
    name: str
    practice: str
    why: str
    since: datetime | None
    alert_id: UUID | None = None


@dataclass(frozen=True)
class Behind:
    """A page of the persons behind a figure, and how many there are in all."""

    lines: tuple[Line, ...]
    total: int
    page: int

    @property
    def has_next(self) -> bool:
        return self.page * A_PAGE < self.total


def behind(viewer: Viewer, programme: Programme, figure: str, *, page: int) -> Behind:
    """Who is counted by a figure, of the viewer's own area, the longest waiting first."""
    found = FIGURES[figure](viewer, programme)
    start = (page - 1) * A_PAGE
    return Behind(tuple(found[start : start + A_PAGE]), len(found), page)


def _alert_lines(viewer: Viewer, programme: Programme, *, only_late: bool) -> list[Line]:
    found = alerts_of(viewer).open().filter(programme=programme)
    if only_late:
        found = found.overdue(viewer.at)
    return [
        Line(
            each.person_id,
            f"{each.person.given_name} {each.person.family_name}",
            each.person.practice.name,
            f"{each.reason} ({each.team.name})",
            each.due_at if only_late else each.raised_at,
            each.pk,
        )
        for each in found.order_by("due_at", "id")
    ]


def _overdue(viewer: Viewer, programme: Programme) -> list[Line]:
    return _alert_lines(viewer, programme, only_late=True)


def _open(viewer: Viewer, programme: Programme) -> list[Line]:
    return _alert_lines(viewer, programme, only_late=False)


def _unowned(viewer: Viewer, programme: Programme) -> list[Line]:
    gone = (
        alerts_of(viewer).open().filter(programme=programme, team__closed_on__lt=viewer.at.date())
    )
    ids = set(gone.values_list("pk", flat=True))
    return [each for each in _open(viewer, programme) if each.alert_id in ids]


SILENT = """
SELECT e.id, e.practice_id, count(*), max(c.closes_at)
  FROM enrolments_enrolment e
  CROSS JOIN LATERAL (
       SELECT max(a.due_on) AS on_day FROM checkins_checkin a
        WHERE a.enrolment_id = e.id AND a.status = 'ANSWERED') answered
  JOIN checkins_checkin c ON c.enrolment_id = e.id AND c.status = 'MISSED'
   AND c.due_on > coalesce(answered.on_day, %(since)s)
 WHERE e.programme_id = %(programme)s AND e.status = 'ACTIVE'
 GROUP BY e.id, e.practice_id
"""


def _silent(viewer: Viewer, programme: Programme) -> list[Line]:
    """As the figure counts them: by how many misses make us ring them where they live."""
    threshold = settings(programme, "misses_before_call", at=viewer.at)
    since = (viewer.at - LOOK_BACK).date()
    with connection.cursor() as cursor:
        cursor.execute(SILENT, {"programme": programme.pk, "since": since})
        rows = cursor.fetchall()
    missed = {
        enrolment: (int(misses), last)
        for enrolment, practice, misses, last in rows
        if misses >= threshold.number(practice)
    }
    return _people(viewer, programme, {e: f"{n} missed in a row" for e, (n, _) in missed.items()},
                   {e: last for e, (_, last) in missed.items()})  # fmt: skip


NOT_REACHED = f"SELECT e.id, max(c.ended_at) {NEVER_REACHED} GROUP BY e.id"


def _not_reached(viewer: Viewer, programme: Programme) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(NOT_REACHED, [programme.pk])
        since = dict(cursor.fetchall())
    return _people(viewer, programme, dict.fromkeys(since, "handed to a team after calls"), since)


def _elsewhere(viewer: Viewer, programme: Programme) -> list[Line]:
    found = elsewhere(programme, at=viewer.at).values_list("pk", flat=True)
    return _people(viewer, programme, dict.fromkeys(found, "another body will contact them"), {})


def _waiting(viewer: Viewer, programme: Programme) -> list[Line]:
    due = Call.objects.filter(programme=programme, status__in=["WAITING", "CLAIMED"])
    since = dict(due.values_list("enrolment_id", "due_at"))
    return _people(viewer, programme, dict.fromkeys(since, "a call is due"), since)


def _people(
    viewer: Viewer,
    programme: Programme,
    why: Mapping[UUID, str],
    since: Mapping[UUID, datetime],
) -> list[Line]:
    found = visible_to(viewer).filter(pk__in=list(why), programme=programme)
    lines = [
        Line(
            each.person_id,
            f"{each.person.given_name} {each.person.family_name}",
            each.practice.name,
            why[each.pk],
            since.get(each.pk),
        )
        for each in found.order_by("person__family_name", "id")
    ]
    return sorted(lines, key=lambda each: (each.since is None, each.since or viewer.at))


FIGURES: Mapping[str, Callable[[Viewer, Programme], list[Line]]] = {
    "overdue": _overdue,
    "unowned": _unowned,
    "alerts_open": _open,
    "silent": _silent,
    "not_reached": _not_reached,
    "elsewhere": _elsewhere,
    "calls_waiting": _waiting,
}
