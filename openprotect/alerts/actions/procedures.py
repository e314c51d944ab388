"""An area's own way of working a kind of alert, and who brings somebody's medicines."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.actions.working import mine
from openprotect.alerts.models import Alert, MedicinesCare, Procedure
from openprotect.alerts.rules import KINDS, MEDICATION
from openprotect.base.refusals import Refused
from openprotect.events.actions import record

LONGEST_WORDS = 6000
NEWER = "Somebody wrote a newer version meanwhile. Read it, then write yours."
WRITES = frozenset({Role.LOCALITY, Role.SURVEILLANCE, Role.LEAD})


@transaction.atomic
def write_procedure(
    area_id: UUID, kind: str, words: str, *, because: str, over: int, viewer: Viewer, at: datetime
) -> Procedure:
    """A new version of how an area works a kind of alert. `over` is the version one has read.

    Each area writes its own, and nobody writes another's; the centre sees every difference.
    """
    if viewer.role not in WRITES or viewer.organisation_id != area_id:
        raise Refused("Each locality writes its own way of working.")
    if kind not in KINDS:
        raise Refused("There is no such kind of alert.")
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(f"Write between one and {LONGEST_WORDS} characters.")
    if not because.strip():
        raise Refused("Write what changed and why, for those who work by it.")
    latest = Procedure.objects.filter(area_id=area_id, kind=kind).order_by("-version").first()
    held = latest.version if latest else 0
    if latest and latest.words == words.strip():
        return latest
    if held != over:
        raise Refused(NEWER)
    made = Procedure(
        area_id=area_id,
        kind=kind,
        version=held + 1,
        words=words.strip(),
        because=because.strip()[:300],
        by_id=viewer.user_id,
        at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # two at once: one number, one version
        raise Refused(NEWER) from None
    record("procedure.written", made.pk, at=at, by=viewer.user_id, kind=kind, version=held + 1)
    return made


@transaction.atomic
def note_medicines_care(
    alert: Alert,
    *,
    pharmacy: str,
    may_collect: str,
    has_controlled_drugs: bool | None,
    viewer: Viewer,
    at: datetime,
) -> MedicinesCare:
    """Who brings this person's medicines: kept for the next alert about them too."""
    alert = mine(alert, viewer)
    if alert.kind != MEDICATION:
        raise Refused("This alert is not about medicines.")
    made, _ = MedicinesCare.objects.update_or_create(
        person_id=alert.person_id,
        defaults={
            "pharmacy": pharmacy.strip()[:200],
            "may_collect": may_collect.strip()[:300],
            "has_controlled_drugs": has_controlled_drugs,
            "by_id": viewer.user_id,
            "at": at,
        },
    )
    record(
        "alert.medicines_noted",
        alert.pk,
        at=at,
        by=viewer.user_id,
        person_id=alert.person_id,
        programme_id=alert.programme_id,
    )
    return made
