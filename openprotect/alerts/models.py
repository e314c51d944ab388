"""A concern about a person that one team owns, with a due time, until it is closed."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.checkins.models import Response
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.places.models import Organisation, Team
from openprotect.programmes.models import PackVersion, Programme


class Urgency(models.IntegerChoices):
    """How soon somebody must act; the few words used everywhere."""

    NOW = 1, "now"
    TODAY = 2, "today"
    WEEK = 3, "this week"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> "AlertQuerySet":
        return self.exclude(status=Alert.Status.CLOSED)

    def overdue(self, at: datetime) -> "AlertQuerySet":
        """Not closed by the time that its kind and urgency allow."""
        return self.open().filter(due_at__lt=at)

    def most_urgent_first(self) -> "AlertQuerySet":
        return self.order_by("urgency", "due_at", "id")


class Alert(models.Model):
    """A concern about one person that exactly one team must act on by a due time."""

    class Status(models.TextChoices):
        RAISED = "RAISED", "waiting to be accepted"
        ACCEPTED = "ACCEPTED", "accepted"
        CLOSED = "CLOSED", "closed"

    class Outcome(models.TextChoices):
        RESOLVED = "RESOLVED", "Need met"
        ADVICE = "ADVICE", "Advice given"
        SEEN = "SEEN", "Seen or visited"
        ARRANGED = "ARRANGED", "Help arranged with another service"
        ADMITTED = "ADMITTED", "Sent to hospital"
        NOT_NEEDED = "NOT_NEEDED", "No action needed after contact"
        NOT_REACHED = "NOT_REACHED", "Could not be reached after all that was possible"

    class Instead(models.TextChoices):
        """Why another team owns it than the one the programme's routes name first."""

        NO_TEAM = "NO_TEAM", "there is no such team for this person"
        CLOSED = "CLOSED", "that team has closed"
        NOT_TAKEN = "NOT_TAKEN", "that team does not take this kind of need"
        NOBODY = "NOBODY", "nobody works in that team"
        NOT_THERE = "NOT_THERE", "that team is not at work in time"
        NO_ROUTE = "NO_ROUTE", "the programme names no team for this"
        DECLINED = "DECLINED", "that team declined it"
        NOT_ACCEPTED = "NOT_ACCEPTED", "that team did not accept it in time"

    class Rung(models.IntegerChoices):
        """How far up an overdue alert has climbed."""

        OWNER = 0, "the owning team"
        LOCALITY_LEAD = 1, "the locality lead"
        SURVEILLANCE = 2, "the surveillance team"
        CLINICAL_LEAD = 3, "the clinical lead"

    MOVES = Moves(
        {
            Status.RAISED: {Status.RAISED, Status.ACCEPTED, Status.CLOSED},
            Status.ACCEPTED: {Status.RAISED, Status.ACCEPTED, Status.CLOSED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="alerts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="alerts")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="+")
    source_id = models.UUIDField()
    response = models.ForeignKey(Response, models.PROTECT, null=True, related_name="alerts")
    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    need = models.CharField(max_length=80)
    urgency = models.PositiveSmallIntegerField(choices=Urgency)
    reason = models.CharField(max_length=300)
    team = models.ForeignKey(Team, models.PROTECT, related_name="alerts")
    status = models.CharField(max_length=10, choices=Status, default=Status.RAISED)
    instead = models.CharField(max_length=12, choices=Instead, blank=True)
    passed_by = ArrayField(models.UUIDField(), default=list)
    rung = models.PositiveSmallIntegerField(choices=Rung, default=Rung.OWNER)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    opened_again_because = models.CharField(max_length=500, blank=True)
    raised_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            # The same need of a person is one alert until it is closed: noted, not doubled.
            models.UniqueConstraint(
                name="one_open_alert_a_need",
                fields=["enrolment", "need"],
                condition=~Q(status="CLOSED"),
            ),
            models.CheckConstraint(
                name="alert_is_due_after_it_is_raised",
                condition=Q(due_at__gte=F("raised_at")) & Q(accept_by__gte=F("raised_at")),
            ),
            models.CheckConstraint(
                name="accepted_alert_says_who_and_when",
                condition=~Q(status="ACCEPTED")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_alert_says_who_when_and_how",
                condition=(
                    Q(status="CLOSED", closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(outcome="")
                )
                | Q(~Q(status="CLOSED"), closed_at=None, closed_by=None, outcome=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "urgency", "due_at"],
                name="alert_worklist",
                condition=~Q(status="CLOSED"),
            ),
            models.Index(fields=["person", "raised_at"], name="alert_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Alert.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Finding(models.Model):
    """That a rule asked for an alert about one thing: the one that raised it, or the need again."""

    class Standing(models.TextChoices):
        RAISED = "RAISED", "raised it"
        ALSO = "ALSO", "found at the same time"
        SAME = "SAME", "said again"
        WORSE = "WORSE", "worse than before"
        BETTER = "BETTER", "better than before"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="findings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    source_id = models.UUIDField()
    response = models.ForeignKey(Response, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=60)
    urgency = models.PositiveSmallIntegerField(choices=Urgency)
    reason = models.CharField(max_length=300)
    standing = models.CharField(max_length=6, choices=Standing)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_rule_alerts_once", fields=["source_id", "rule"]),
        ]
        indexes = [models.Index(fields=["alert", "at"], name="finding_by_alert")]

    def __str__(self) -> str:
        return f"finding of {self.alert_id}"


class Evaluation(models.Model):
    """A response that was put to the rules, once: what matched, and what could not be computed."""

    response = models.OneToOneField(Response, models.PROTECT, primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    findings = models.PositiveSmallIntegerField()
    failures = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"evaluation of {self.response_id}"


class Handover(models.Model):
    """One team gave an alert to another, and why, in words for the one that gets it."""

    class How(models.TextChoices):
        HANDED_ON = "HANDED_ON", "handed on"
        DECLINED = "DECLINED", "declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="handovers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    how = models.CharField(max_length=9, choices=How, default=How.HANDED_ON)
    because = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="handover_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"handover of {self.alert_id}"


class FollowUp(models.Model):
    """A question for the next check-in about a closed alert: did what was done help?"""

    class Helped(models.TextChoices):
        YES = "YES", "it helped"
        PARTLY = "PARTLY", "it helped a little"
        NO = "NO", "it did not help"
        UNSURE = "UNSURE", "they are not sure"

    alert = models.OneToOneField(Alert, models.PROTECT, primary_key=True, related_name="follow_up")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    # What it was about, in the one word that somebody who came by a link may be asked with.
    kind = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()
    helped = models.CharField(max_length=6, choices=Helped, blank=True)
    answered_at = models.DateTimeField(null=True)
    # The call handler who asked; nobody when the person answered by their own link.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_answer_says_when",
                condition=Q(helped="", answered_at=None)
                | (~Q(helped="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="follow_up_to_ask", condition=Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return f"follow-up of {self.alert_id}"


class Procedure(models.Model):
    """How an area works one kind of alert, in its own words; every version is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    words = models.TextField(max_length=6000)
    because = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="procedure_version_once", fields=["area", "kind", "version"]
            ),
            models.CheckConstraint(name="procedure_says_something", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class MedicinesCare(models.Model):
    """Who brings somebody's medicines: the pharmacy, who may collect, and what needs care."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="medicines_care"
    )
    pharmacy = models.CharField(max_length=200, blank=True)
    may_collect = models.CharField(max_length=300, blank=True)
    has_controlled_drugs = models.BooleanField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return "medicines care"
