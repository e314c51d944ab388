"""Reading legal bases and the access log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from openprotect.governance.models import Access, LegalBasis


@dataclass(frozen=True)
class Basis:
    """A legal basis as shown on pages."""

    id: UUID
    purpose: str
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    approved_by: str
    is_in_force: bool


def bases(*, at: datetime) -> list[Basis]:
    """Every legal basis, those that end first at the top."""
    return [
        Basis(
            each.id,
            each.purpose,
            each.get_kind_display(),
            each.title,
            each.starts_at,
            each.ends_at,
            each.approved_by,
            each.starts_at <= at < each.ends_at,
        )
        for each in LegalBasis.objects.order_by("ends_at", "id")
    ]


def purposes_in_force(*, at: datetime) -> list[str]:
    """Every purpose that has a legal basis at an instant."""
    live = LegalBasis.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return sorted(set(live.values_list("purpose", flat=True)))


def basis_ends_at(purpose: str, *, at: datetime) -> datetime | None:
    """When the last basis in force for a purpose ends; None when there is none."""
    live = LegalBasis.objects.filter(purpose=purpose, starts_at__lte=at, ends_at__gt=at)
    return live.order_by("-ends_at").values_list("ends_at", flat=True).first()


def accesses() -> QuerySet[Access]:
    """The part of the access log that the database lets this session read, newest first."""
    return Access.objects.select_related("user").order_by("-id")
