"""Reading messages: what was sent to a person, in whose words."""

from uuid import UUID

from django.db.models import QuerySet

from openprotect.messages.models import Message


def of_person(person_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(person_id=person_id).order_by("-made_at", "id")
