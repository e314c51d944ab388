"""What a run of the rules means for those who are here: found again, or no longer found."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.enrolments.models import Absence, Enrolment, Reason
from openprotect.enrolments.rules import BY_CLINICIAN, Missing
from openprotect.events.actions import record
from openprotect.programmes.models import Programme

Settled = Absence.Settled
STANDS_WITHOUT_RULE = Absence.Because.RULE


@transaction.atomic
def note_found(programme: Programme, numbers: Iterable[str], *, run: UUID, at: datetime) -> int:
    """These people were found again: whoever was thought to go stays, and it is said."""
    found = Enrolment.objects.filter(programme=programme, person__nhs_number__in=list(numbers))
    for enrolment in found.absent().order_by("id"):
        settle(enrolment, Settled.FOUND, at=at)
        _say("enrolment.found_again", enrolment, at=at)
    return found.update(found_by=run, looked_for_by=run, looked_for_at=at)


@transaction.atomic
def note_missing(
    programme: Programme, missing: Mapping[UUID, Missing], *, run: UUID, at: datetime
) -> tuple[tuple[str, int], ...]:
    """These enrolments were not found by a run. Nobody leaves: each waits for a person to decide.

    What was decided stands: whom a clinician added stays without a rule, and whom one kept is not
    asked about again for the same reason. Gives how many there are by reason.
    """
    here = Enrolment.objects.select_for_update(of=("self",)).filter(
        programme=programme, pk__in=list(missing)
    )
    added = set(
        Reason.objects.filter(enrolment__in=here, group=BY_CLINICIAN).values_list(
            "enrolment_id", flat=True
        )
    )
    latest = {
        each.enrolment_id: each
        for each in Absence.objects.filter(enrolment__in=here).order_by("noticed_at", "id")
    }
    counted: dict[str, int] = Counter()
    for enrolment in here.staying().order_by("id"):
        why = missing[enrolment.pk]
        counted[why.words] += 1
        stands = enrolment.pk in added and why.because == STANDS_WITHOUT_RULE
        if enrolment.status != Enrolment.Status.VETOED and not stands:
            _notice(enrolment, why, latest.get(enrolment.pk), run=run, at=at)
    here.update(looked_for_by=run, looked_for_at=at)
    return tuple(sorted(counted.items()))


def _notice(
    enrolment: Enrolment, why: Missing, last: Absence | None, *, run: UUID, at: datetime
) -> None:
    """Open an absence, unless this very one is known and open, or was looked at and kept."""
    is_same = last is not None and (last.because, last.words) == (why.because, why.words)
    if is_same and last and last.settled_as in ("", Settled.KEPT):
        return
    settle(enrolment, Settled.CHANGED, at=at)
    Absence.objects.create(
        enrolment=enrolment,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        run=run,
        because=why.because,
        words=why.words,
        noticed_at=at,
    )
    _say("enrolment.no_longer_found", enrolment, at=at, because=why.because)


def settle(enrolment: Enrolment, how: Absence.Settled, *, at: datetime) -> bool:
    """End the open absence of an enrolment, if it has one."""
    still_open = Absence.objects.filter(enrolment=enrolment, settled_at=None)
    return bool(still_open.update(settled_at=at, settled_as=how))


def _say(name: str, enrolment: Enrolment, *, at: datetime, because: str = "") -> None:
    detail = {"because": because} if because else {}
    record(
        name,
        enrolment.pk,
        at=at,
        by=None,
        person_id=enrolment.person_id,
        programme_id=enrolment.programme_id,
        **detail,
    )
