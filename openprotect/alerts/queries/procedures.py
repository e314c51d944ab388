"""What the programme says of a kind of alert, and what each locality says, told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.alerts.models import Alert, MedicinesCare, Procedure
from openprotect.alerts.queries import WORDS
from openprotect.alerts.rules import KINDS, MEDICATION
from openprotect.places import queries as places
from openprotect.programmes.queries import pack_of


@dataclass(frozen=True)
class Local:
    """One version of an area's own way of working."""

    area_id: UUID
    area: str
    kind: str
    version: int
    words: str
    because: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Central:
    """What the programme says: whose job it is, by when, and who steps in."""

    pack: str
    function: str
    accept_within: timedelta
    resolve_within: timedelta
    fallback: str


@dataclass(frozen=True)
class Medicines:
    """Who brings somebody's medicines."""

    pharmacy: str
    may_collect: str
    has_controlled_drugs: bool | None
    at: datetime | None


def central(alert: Alert) -> Central:
    pack = pack_of(alert)
    route = pack.routing.route(alert.kind, WORDS[alert.urgency])
    return Central(
        f"{pack.title} {pack.version}",
        route.function,
        route.accept_within,
        route.resolve_within,
        route.fallback,
    )


def local(alert: Alert, *, at: datetime) -> Local | None:
    """How the person's own locality works this kind of alert; None when it has written nothing."""
    home = places.locality_of(alert.enrolment.practice, at.date())
    return latest(home.pk, alert.kind) if home else None


def latest(area_id: UUID, kind: str) -> Local | None:
    return next(iter(versions(area_id, kind)), None)


def versions(area_id: UUID, kind: str) -> Sequence[Local]:
    """Every version of an area's way of working, the newest first."""
    found = Procedure.objects.filter(area_id=area_id, kind=kind).select_related("area", "by")
    return [_of(each) for each in found.order_by("-version")]


def side_by_side(kind: str, *, at: datetime) -> Sequence[tuple[str, Local | None]]:
    """Every locality beside the others, with what it says now; empty where it says nothing."""
    return [(each.name, latest(each.pk, kind)) for each in places.localities(at.date())]


def kinds(viewer: Viewer) -> Sequence[tuple[str, str, Local | None]]:
    """Each kind of alert in words, and what the viewer's own area says of it."""
    return [(kind, words, latest(viewer.organisation_id, kind)) for kind, words in KINDS.items()]


def medicines(alert: Alert) -> Medicines | None:
    """For an alert about medicines, who brings them, as far as it is known."""
    if alert.kind != MEDICATION:
        return None
    known = MedicinesCare.objects.filter(pk=alert.person_id).first()
    if known is None:
        return Medicines("", "", None, None)
    return Medicines(known.pharmacy, known.may_collect, known.has_controlled_drugs, known.at)


def _of(each: Procedure) -> Local:
    return Local(
        each.area_id,
        each.area.name,
        each.kind,
        each.version,
        each.words,
        each.because,
        each.by.name,
        each.at,
    )
