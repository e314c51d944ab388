"""Many responses put to the rules at once: those that raise nothing, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.alerts.models import Evaluation
from openprotect.alerts.queries.beside import heard
from openprotect.programmes.queries import pack_version


@transaction.atomic
def evaluate_calm(response_ids: Sequence[UUID], *, at: datetime) -> set[UUID]:
    """Note of each response that no rule matches that it was put to the rules; which ones.

    Whatever raises something, could not be computed, or leaves an open alert unsaid is not settled
    here: `evaluate` takes it by itself. So is what was put to the rules before.
    """
    calm = [
        each
        for each in heard(response_ids, at=at)
        if not each.has_open_alert
        and not pack_version(each.pack_id).decide(each.answers, each.known)
    ]
    Evaluation.objects.bulk_create(
        Evaluation(response_id=each.id, person_id=each.person_id, at=at, findings=0, failures=0)
        for each in calm
    )
    return {each.id for each in calm}
