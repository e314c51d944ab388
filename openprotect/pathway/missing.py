"""Why a run of the rules does not find somebody who is in its programme, in words."""

from collections.abc import Mapping, Set
from uuid import UUID

from django.conf import settings

from openprotect.cohorts import engine
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import REASONS
from openprotect.enrolments.models import Absence, Enrolment
from openprotect.enrolments.rules import Missing
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of
from openprotect.records.rules.values import Person
from openprotect.records.store import ready_store

Because = Absence.Because
LONGEST = 200


def missing_from(
    run: Run, programme: Programme, people: Mapping[str, Person], practices: Set[str]
) -> dict[UUID, Missing]:
    """Everyone in the programme whom the run did not find, or found where nobody of ours is."""
    here = Enrolment.objects.staying().filter(programme=programme).exclude(found_by=run.pk)
    rows = here.order_by("id").values_list("pk", "person__nhs_number")
    return {
        enrolment_id: _why(run, programme, number, people.get(number), practices)
        for enrolment_id, number in rows
    }


def _why(
    run: Run, programme: Programme, number: str, person: Person | None, practices: Set[str]
) -> Missing:
    if person is None:
        return Missing(Because.GONE, Because.GONE.label)
    if person.practice_code and person.practice_code not in practices:
        return Missing(Because.MOVED, Because.MOVED.label)
    rules = pack_of(programme).cohort
    store = ready_store(settings.OPENPROTECT.lake, run.generation)
    known = engine.know(rules, store, number, run.as_of)
    if known and (reason := known.judgement.excluded):
        words = reason if reason in REASONS else rules.title_of(reason)
        return Missing(Because.EXCLUDED, f"excluded: {words}"[:LONGEST])
    return Missing(Because.RULE, Because.RULE.label)
