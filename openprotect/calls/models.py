"""Calls to people who stayed silent: waiting, claimed by one call handler, done."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.checkins.models import Checkin, StandIn
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.places.models import Team
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
    # Where it stands in the queue; why, is in `Standing`, which no call handler sees.
    rank = models.IntegerField(default=0)
    ranked_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    skills = ArrayField(models.CharField(max_length=12), default=list)
    kept_until = models.DateTimeField(null=True)
    rings_from = models.TimeField(null=True)
    rings_until = models.TimeField(null=True)
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_until = models.DateTimeField(null=True)
    # Held by a printed sheet, on a day without network; its call handler takes others beside it.
    on_paper = models.BooleanField(default=False)
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
            models.CheckConstraint(
                name="assigned_call_says_until_when",
                condition=Q(assigned_to=None, assigned_until=None)
                | Q(assigned_to__isnull=False, assigned_until__isnull=False),
            ),
            models.CheckConstraint(
                name="calling_hours_have_both_ends",
                condition=Q(rings_from=None, rings_until=None)
                | Q(rings_from__isnull=False, rings_until__gt=F("rings_from")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="call_waiting",
                condition=Q(status__in=["WAITING", "CLAIMED"]),
            ),
            models.Index(
                fields=["-rank", "due_at", "id"],
                name="call_queue",
                condition=Q(status__in=["WAITING", "CLAIMED"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def about(cls, checkin: Checkin, why: "Call.Why", *, at: datetime) -> Self:
        """A call that is due now because of a check-in; not stored yet."""
        return cls(
            enrolment_id=checkin.enrolment_id,
            person_id=checkin.person_id,
            programme_id=checkin.programme_id,
            checkin=checkin,
            why=why,
            made_at=at,
            due_at=at,
        )

    def move_to(self, status: "Call.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Attempt(models.Model):
    """One time the phone rang, and what came of it."""

    class Outcome(models.TextChoices):
        ANSWERED = "ANSWERED", "Spoke to them and went through the questions"
        ON_BEHALF = "ON_BEHALF", "Somebody else answered the questions for them"
        PARTLY = "PARTLY", "Spoke to them, and they answered some questions"
        REFUSED = "REFUSED", "Did not want to answer today"
        RESCHEDULED = "RESCHEDULED", "Asked us to ring another time"
        NO_ANSWER = "NO_ANSWER", "No answer"
        VOICEMAIL = "VOICEMAIL", "Voicemail or answering machine"
        LANGUAGE = "LANGUAGE", "They need another language"
        HANDED_OVER = "HANDED_OVER", "Emergency: stopped the questions and handed over"
        SAFEGUARDING = "SAFEGUARDING", "I am worried that somebody is harming or neglecting them"
        HOSPITAL = "HOSPITAL", "They are in hospital"
        MOVED = "MOVED", "They live somewhere else now"
        DIED = "DIED", "Somebody said that this person has died"
        WRONG_NUMBER = "WRONG_NUMBER", "Wrong number or wrong person"
        LINE_DEAD = "LINE_DEAD", "The line is dead"
        OPTED_OUT = "OPTED_OUT", "Asked us to stop contacting them"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="tries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(max_length=2000, blank=True)
    ring_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")
    home_on = models.DateField(null=True)
    by_whom = models.CharField(max_length=9, choices=StandIn.Who, blank=True, default="")
    relationship = models.CharField(max_length=60, blank=True, default="")
    consent = models.CharField(max_length=10, choices=StandIn.Consent, blank=True, default="")
    handed_to = models.CharField(max_length=120, blank=True, default="")
    did_speak = models.BooleanField(null=True)
    why_not = models.CharField(max_length=300, blank=True, default="")
    is_bereaved = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="language_needed_says_which",
                condition=~Q(outcome="LANGUAGE") | ~Q(language=""),
            ),
            models.CheckConstraint(
                name="answered_for_somebody_says_by_whom_and_consent",
                condition=~Q(outcome="ON_BEHALF") | (~Q(by_whom="") & ~Q(consent="")),
            ),
            models.CheckConstraint(
                name="failed_handover_says_why",
                condition=Q(did_speak=None) | Q(did_speak=True) | ~Q(why_not=""),
            ),
        ]
        indexes = [models.Index(fields=["by", "at"], name="attempt_by_caller")]

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


class Standing(models.Model):
    """Why a call stands where it does in the queue, and who owns it where today's staff end.

    The reasons may tell of somebody's health: they are for who plans the day, not for who rings.
    """

    call = models.OneToOneField(Call, models.PROTECT, primary_key=True, related_name="standing")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    spilled_on = models.DateField(null=True)
    owner = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="spilled_call_has_an_owner",
                condition=Q(spilled_on=None) | Q(owner__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["programme", "spilled_on"],
                name="standing_spilled",
                condition=Q(spilled_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"standing of {self.call_id}"


class BestTime(models.Model):
    """Between which times of day somebody likes to be rung; what they said last counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rings_from = models.TimeField()
    rings_until = models.TimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_best_time_at_a_time", fields=["person"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="best_time_has_a_length", condition=Q(rings_until__gt=F("rings_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"best time of {self.person_id}"
