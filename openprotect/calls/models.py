"""Calls to people who stayed silent: waiting, claimed by one call handler, done."""

import uuid

from django.db import models
from django.db.models import Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.checkins.models import Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.programmes.models import Programme


class Call(models.Model):
    """A call that is due to one person, until somebody was spoken to or a team took it over."""

    class Why(models.TextChoices):
        SILENT = "SILENT", "has not answered"
        NOT_REACHED = "NOT_REACHED", "our text could not be delivered"
        LINK_LOCKED = "LINK_LOCKED", "could not get into their check-in"
        ASKED = "ASKED", "asked us to ring"
        BY_PHONE = "BY_PHONE", "is asked by phone"

    class Status(models.TextChoices):
        WAITING = "WAITING", "waiting"
        CLAIMED = "CLAIMED", "with a call handler"
        DONE = "DONE", "done"
        HANDED_ON = "HANDED_ON", "handed to a team"
        CANCELLED = "CANCELLED", "no longer needed"

    MOVES = Moves(
        {
            Status.WAITING: {Status.CLAIMED, Status.CANCELLED},
            Status.CLAIMED: {
                Status.WAITING,
                Status.CLAIMED,
                Status.DONE,
                Status.HANDED_ON,
                Status.CANCELLED,
            },
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="calls")
    person = models.ForeignKey(Person, models.PROTECT, related_name="calls")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    checkin = models.ForeignKey(Checkin, models.PROTECT, related_name="calls")
    why = models.CharField(max_length=12, choices=Why)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_call_to_a_person",
                fields=["person", "programme"],
                condition=Q(status__in=["WAITING", "CLAIMED"]),
            ),
            models.CheckConstraint(
                name="claimed_call_says_by_whom_until_when",
                condition=Q(status="CLAIMED", claimed_by__isnull=False, leased_until__isnull=False)
                | ~Q(status="CLAIMED"),
            ),
            models.CheckConstraint(
                name="ended_call_says_when_and_how",
                condition=Q(
                    Q(status__in=["DONE", "HANDED_ON", "CANCELLED"], ended_at__isnull=False)
                    & ~Q(outcome="")
                )
                | Q(status__in=["WAITING", "CLAIMED"], ended_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="call_waiting",
                condition=Q(status__in=["WAITING", "CLAIMED"]),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Call.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Attempt(models.Model):
    """One time the phone rang, and what came of it."""

    class Outcome(models.TextChoices):
        ANSWERED = "ANSWERED", "Spoke to them and went through the questions"
        NO_ANSWER = "NO_ANSWER", "No answer"
        VOICEMAIL = "VOICEMAIL", "Voicemail or answering machine"
        CALL_BACK = "CALL_BACK", "Asked us to ring another time"
        HANDED_OVER = "HANDED_OVER", "Emergency: stopped the questions and handed over"
        REFUSED = "REFUSED", "Did not want to answer today"
        STOP = "STOP", "Asked us to stop contacting them"
        WRONG_NUMBER = "WRONG_NUMBER", "Wrong number, wrong person, or the line is dead"
        DIED = "DIED", "Somebody said that this person has died"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="tries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """What a call handler wrote in a call not ended yet; whoever holds the call may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="drafts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_draft_of_a_call_handler", fields=["call", "by"])
        ]

    def __str__(self) -> str:
        return f"draft for {self.call_id}"
