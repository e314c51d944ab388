"""What happened: who, when, to what. Permanent, shown to users, and what the pathway follows."""

import uuid

from django.conf import settings
from django.db import models


class Event(models.Model):
    """Something that happened, in the past tense, with ids only in its detail."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    programme_id = models.UUIDField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    followed_up_at = models.DateTimeField(null=True)
    # How many steps followed, in the version that followed it; a later one may have more.
    owed = models.PositiveSmallIntegerField(null=True)
    # How many of them were done in the transaction that ticked it off: those need no note each.
    at_once = models.PositiveSmallIntegerField(default=0, db_default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["try_at"],
                name="event_waiting",
                condition=models.Q(followed_up_at__isnull=True),
            ),
            models.Index(fields=["subject_id", "name"], name="event_by_subject"),
            models.Index(fields=["person_id", "at"], name="event_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class Done(models.Model):
    """A step that has followed an event; committed together with the step's effect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="done")
    step = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_step_follows_an_event_once", fields=["event", "step"])
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.event_id}"
