"""Recording who opened whose record, and moving the demonstration's clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from openprotect.base.refusals import Refused
from openprotect.governance.models import LegalBasis


def record_access(people: Iterable[UUID], *, what: str, why: str) -> None:
    """Write that these people's records were shown or changed, in the transaction under way.

    Who, in which role, for which purpose and on which basis is filled in by the database from
    the session, so that no caller can say otherwise. If this fails, nothing may be shown.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_access (person_id, what, why)"
            " SELECT DISTINCT unnest(%s::uuid[]), %s, %s",
            [list(people), what, why],
        )


def record_access_by_number(numbers: Iterable[str], *, what: str, why: str) -> None:
    """As `record_access`, for people of the records, who may be in no programme.

    The database itself looks up whether the service knows them, so that nobody else has to see.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_access (nhs_number, what, why)"
            " SELECT DISTINCT unnest(%s::text[]), %s, %s",
            [list(numbers), what, why],
        )


@transaction.atomic
def move_demo_clock(*, by: timedelta) -> None:
    """Move the demonstration's time forward. The database refuses outside a demonstration."""
    if by <= timedelta(0):
        raise Refused("Demonstration time moves forward only.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT openprotect_move_clock(%s * interval '1 second')", [by.total_seconds()]
        )


@transaction.atomic
def record_basis(
    purpose: str,
    *,
    kind: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    approved_by: str,
    at: datetime,
) -> LegalBasis:
    """A legal basis for a purpose, from when until when, and who approved it."""
    if ends_at <= starts_at:
        raise Refused("A legal basis ends after it starts.")
    return LegalBasis.objects.create(
        purpose=purpose,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        approved_by=approved_by,
        recorded_at=at,
    )
