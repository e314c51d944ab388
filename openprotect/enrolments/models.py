"""A person in a programme: why, what the practice decided, and how it ended."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.people.models import Person
from openprotect.places.models import Organisation
from openprotect.programmes.models import Programme


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.ACTIVE)

    def in_preview(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.PREVIEW)

    def staying(self) -> "EnrolmentQuerySet":
        return self.exclude(status=Enrolment.Status.LEFT)

    def absent(self) -> "EnrolmentQuerySet":
        """No longer found by the rules, and nobody has decided what follows from that."""
        return self.filter(absences__settled_at=None, absences__isnull=False)

    def not_absent(self) -> "EnrolmentQuerySet":
        return self.exclude(absences__settled_at=None, absences__isnull=False)


class Enrolment(models.Model):
    """A person in a programme, from being found to leaving."""

    class Status(models.TextChoices):
        PREVIEW = "PREVIEW", "waiting for the practice's review"
        VETOED = "VETOED", "not contacted: the practice decided"
        ACTIVE = "ACTIVE", "in the programme"
        LEFT = "LEFT", "has left"

    MOVES = Moves(
        {
            Status.PREVIEW: {Status.VETOED, Status.ACTIVE, Status.LEFT},
            Status.VETOED: {Status.PREVIEW, Status.ACTIVE, Status.LEFT},
            Status.ACTIVE: {Status.LEFT},
            Status.LEFT: {Status.PREVIEW},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PREVIEW)
    found_at = models.DateTimeField()
    preview_ends_at = models.DateTimeField()
    active_from = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=40, blank=True)
    # The last run of the rules that found them, and the last that looked for them at all.
    found_by = models.UUIDField(null=True)
    looked_for_by = models.UUIDField(null=True)
    looked_for_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_person_is_in_a_programme_once", fields=["person", "programme"]
            ),
            models.CheckConstraint(
                name="active_enrolment_says_since_when",
                condition=~Q(status="ACTIVE") | Q(active_from__isnull=False),
            ),
            models.CheckConstraint(
                name="left_enrolment_says_when_and_why",
                condition=Q(Q(status="LEFT", left_at__isnull=False) & ~Q(left_because=""))
                | Q(~Q(status="LEFT"), left_at=None, left_because=""),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "status"], name="enrolment_by_status"),
            models.Index(fields=["practice", "status"], name="enrolment_by_practice"),
            models.Index(
                fields=["preview_ends_at"], name="enrolment_preview", condition=Q(status="PREVIEW")
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Enrolment.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Reason(models.Model):
    """Why a person is in a programme: a dated fact with its source. Never seen by call handlers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="reasons")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    group = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True)
    term = models.CharField(max_length=300, blank=True)
    on = models.DateField()
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_reason_is_told_once",
                fields=["enrolment", "group", "code", "on", "source"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.on}"


class Absence(models.Model):
    """A run of the rules no longer finds someone who is in the programme: somebody decides.

    Nobody leaves by omission. An absence is settled when a later run finds the person again, when
    a clinician keeps them, or when they are out for a reason of their own.
    """

    class Because(models.TextChoices):
        RULE = "RULE", "no rule holds any longer"
        EXCLUDED = "EXCLUDED", "excluded by the rules"
        MOVED = "MOVED", "registered with a practice outside this area"
        GONE = "GONE", "no longer in the records"

    class Settled(models.TextChoices):
        FOUND = "FOUND", "found again"
        KEPT = "KEPT", "kept by the practice"
        OUT = "OUT", "no longer in the programme"
        CHANGED = "CHANGED", "no longer found, for another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    run = models.UUIDField()
    because = models.CharField(max_length=10, choices=Because)
    words = models.CharField(max_length=200)
    noticed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_as = models.CharField(max_length=10, choices=Settled, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_absence_of_an_enrolment",
                fields=["enrolment"],
                condition=Q(settled_at=None),
            ),
            models.CheckConstraint(
                name="settled_absence_says_when_and_how",
                condition=Q(Q(settled_at__isnull=False) & ~Q(settled_as=""))
                | Q(settled_at=None, settled_as=""),
            ),
            models.CheckConstraint(name="absence_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.because} {self.noticed_at:%Y-%m-%d}"


class Reminder(models.Model):
    """A practice was reminded that its time to look through its people ends; once a deadline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ends_on = models.DateField()
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_practice_is_reminded_once_a_deadline",
                fields=["programme", "practice", "ends_on"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} by {self.ends_on}"


class Standstill(models.Model):
    """Days on which none of a practice's patients is asked anything, as the practice decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_standstill_a_practice",
                fields=["practice"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="standstill_ends_after_it_begins", condition=Q(until__gt=F("from_at"))
            ),
            models.CheckConstraint(name="standstill_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"standstill of {self.practice_id}"


class Decision(models.Model):
    """What a clinician of the practice decided about a person's inclusion, and why."""

    class Kind(models.TextChoices):
        KEEP = "KEEP", "keep"
        VETO = "VETO", "do not contact"
        ADD = "ADD", "add"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class Request(models.Model):
    """A practice asks for one of its patients to be added, by NHS number; answered once."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "being looked up"
        ADDED = "ADDED", "added"
        REFUSED = "REFUSED", "could not be added"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    nhs_number = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    answer = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_request_for_a_person",
                fields=["programme", "practice", "nhs_number"],
                condition=Q(status="WAITING"),
            ),
            models.CheckConstraint(name="request_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.id)
