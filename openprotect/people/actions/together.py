"""Many people brought into the service half at once, none of whom is here yet."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openprotect.governance.actions import record_access
from openprotect.people.actions import FIELDS, Details
from openprotect.people.models import Person, Registration
from openprotect.places.models import Organisation


@transaction.atomic
def bring_in_new(found: Sequence[tuple[Details, Organisation]], *, at: datetime) -> list[Person]:
    """As `bring_in` for each of them, in a few statements; raises when one of them is here."""
    people = Person.objects.bulk_create(
        Person(
            nhs_number=details.nhs_number,
            email=details.email or "",
            died_on=details.died_on,
            is_restricted=details.is_restricted,
            practice=practice,
            known_at=at,
            **{name: getattr(details, name) for name in FIELDS},
        )
        for details, practice in found
    )
    Registration.objects.bulk_create(
        Registration(person=each, practice=each.practice, from_on=at.date()) for each in people
    )
    if people:
        why = "found by a programme's rules"
        record_access([each.pk for each in people], what="people.bring_in", why=why)
    return people
