"""Why a run of the rules does not find somebody who is in its programme, in words."""

from collections.abc import Collection, Mapping, Set
from uuid import UUID

from django.conf import settings

from openprotect.cohorts.engine import know_many
from openprotect.cohorts.models import Run
from openprotect.cohorts.rules import REASONS, CohortRules
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
    numbers = dict(here.order_by("id").values_list("pk", "person__nhs_number"))
    why = {number: _by_place(people.get(number), practices) for number in numbers.values()}
    unknown = [number for number, missing in why.items() if missing is None]
    by_rule = _by_rule(run, pack_of(programme).cohort, unknown)
    return {pk: why[number] or by_rule[number] for pk, number in numbers.items()}


def _by_place(person: Person | None, practices: Set[str]) -> Missing | None:
    """Not in the records, or registered where nobody of ours is; None when it is neither."""
    if person is None:
        return Missing(Because.GONE, Because.GONE.label)
    if person.practice_code and person.practice_code not in practices:
        return Missing(Because.MOVED, Because.MOVED.label)
    return None


def _by_rule(run: Run, rules: CohortRules, numbers: Collection[str]) -> dict[str, Missing]:
    """Excluded by the rules, by the title of it; or found by no rule."""
    missing = dict.fromkeys(numbers, Missing(Because.RULE, Because.RULE.label))
    if not numbers:
        return missing
    store = ready_store(settings.OPENPROTECT.lake, run.generation)
    for number, known in know_many(rules, store, numbers, run.as_of).items():
        if reason := known.judgement.excluded:
            words = reason if reason in REASONS else rules.title_of(reason)
            missing[number] = Missing(Because.EXCLUDED, f"excluded: {words}"[:LONGEST])
    return missing
