"""Texts to people: a row first, then sent once, or visibly failed, cancelled or unknown."""

import uuid

from django.db import models
from django.db.models import Q

from openprotect.base.states import Moves
from openprotect.people.models import Person
from openprotect.programmes.models import Programme


class Message(models.Model):
    """One message that is due to one person; its id is the provider's reference."""

    class Kind(models.TextChoices):
        INVITE = "INVITE", "invitation to a check-in"
        CLOSED = "CLOSED", "outcome told back"

    class Status(models.TextChoices):
        DUE = "DUE", "due"
        SENDING = "SENDING", "being sent"
        SENT = "SENT", "sent"
        DELIVERED = "DELIVERED", "delivered"
        FAILED = "FAILED", "failed"
        CANCELLED = "CANCELLED", "cancelled"
        UNKNOWN = "UNKNOWN", "unknown, under review"

    MOVES = Moves(
        {
            Status.DUE: {Status.SENDING, Status.CANCELLED, Status.FAILED},
            Status.SENDING: {Status.SENT, Status.FAILED, Status.CANCELLED, Status.UNKNOWN},
            Status.SENT: {Status.DELIVERED, Status.FAILED},
            Status.UNKNOWN: {Status.SENT, Status.DELIVERED, Status.FAILED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="messages")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    subject_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    ended_because = models.CharField(max_length=60, blank=True)
    wording = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_message_is_due_once", fields=["kind", "subject_id", "person"]
            ),
            models.CheckConstraint(
                name="sent_message_says_when",
                condition=~Q(status__in=["SENT", "DELIVERED"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_not_sent_says_why",
                condition=~Q(status__in=["FAILED", "CANCELLED"]) | ~Q(ended_because=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="message_due", condition=Q(status__in=["DUE", "SENDING"])
            ),
            models.Index(fields=["person", "made_at"], name="message_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Message.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status
