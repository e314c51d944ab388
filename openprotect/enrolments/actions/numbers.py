"""One person, one place in a programme, also when their NHS number is replaced by another one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openprotect.enrolments.actions import leave
from openprotect.enrolments.models import Enrolment
from openprotect.enrolments.rules import TWICE_HERE
from openprotect.people.actions import follow_number, stop_contact
from openprotect.people.models import Person


@transaction.atomic
def follow_numbers(current: Mapping[str, str], *, at: datetime) -> None:
    """Everybody here is known by their current NHS number, so that nobody is enrolled twice.

    `current` gives, for each number that was replaced, the one that counts now. Where it no longer
    names the number that somebody came with, they are under that number again.
    """
    moved = Person.objects.filter(~Q(came_as="") | Q(nhs_number__in=current.keys()))
    for person in moved.order_by("id"):
        came_as = person.came_as or person.nhs_number
        number = current.get(came_as, came_as)
        other = Person.objects.filter(nhs_number=number).exclude(pk=person.pk).first()
        if other:
            _give_way(person, other, at=at)
        else:
            follow_number(person, number, at=at)


def _give_way(person: Person, other: Person, *, at: datetime) -> None:
    """Both are here already: the record under the current number goes on, the other one leaves.

    What the person asked of us holds under either number. Open work about them stays.
    """
    for enrolment in Enrolment.objects.staying().filter(person=person).order_by("id"):
        leave(enrolment, because=TWICE_HERE, at=at)
    if person.has_stopped_contact:
        stop_contact(other, because="asked under another NHS number", at=at)
