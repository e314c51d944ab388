"""An alert's need handed to another organisation, until its outcome is told back."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.alerts.models import Alert
from openprotect.base.states import Moves
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.places.models import Organisation, Team
from openprotect.programmes.models import Programme


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> "ReferralQuerySet":
        return self.filter(status__in=Referral.OPEN)

    def late(self, at: datetime) -> "ReferralQuerySet":
        """Not taken up in time, not done in time, or on hold for longer than was said."""
        waits = Q(status="OFFERED", accept_by__lt=at)
        held = Q(status="ON_HOLD", hold_until__lt=at)
        return self.open().filter(waits | held | Q(due_at__lt=at))

    def most_pressing_first(self) -> "ReferralQuerySet":
        return self.order_by("due_at", "id")


class Referral(models.Model):
    """What another organisation is asked to do for a person, with only what it needs to know."""

    class Status(models.TextChoices):
        OFFERED = "OFFERED", "waiting to be accepted"
        ACCEPTED = "ACCEPTED", "accepted"
        ON_HOLD = "ON_HOLD", "on hold"
        DONE = "DONE", "done"
        DECLINED = "DECLINED", "declined"
        WITHDRAWN = "WITHDRAWN", "withdrawn"

    class Outcome(models.TextChoices):
        GIVEN = "GIVEN", "Help was given"
        ARRANGED = "ARRANGED", "Regular help was arranged"
        ADVICE = "ADVICE", "Advice was given"
        ELSEWHERE = "ELSEWHERE", "Helped by somebody else already"
        UNWANTED = "UNWANTED", "The person did not want it"
        NOT_REACHED = "NOT_REACHED", "The person could not be reached"

    class Declined(models.TextChoices):
        FULL = "FULL", "No room to take it now"
        NOT_OURS = "NOT_OURS", "Not something we do"
        OUT_OF_AREA = "OUT_OF_AREA", "Not in our area"
        UNSAFE = "UNSAFE", "Not safe for our staff or volunteers"
        UNCLEAR = "UNCLEAR", "Not clear what is needed"

    class How(models.TextChoices):
        PAGE = "PAGE", "They sign in here"
        LINK = "LINK", "By a link for this one task"
        FILE = "FILE", "In a file that they take and bring back"
        API = "API", "Their system asks ours"

    OPEN = ("OFFERED", "ACCEPTED", "ON_HOLD")
    MOVES = Moves(
        {
            Status.OFFERED: {
                Status.ACCEPTED, Status.ON_HOLD, Status.DONE, Status.DECLINED, Status.WITHDRAWN,
            },
            Status.ACCEPTED: {Status.ON_HOLD, Status.DONE, Status.DECLINED, Status.WITHDRAWN},
            Status.ON_HOLD: {Status.ACCEPTED, Status.DONE, Status.DECLINED, Status.WITHDRAWN},
        }
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="referrals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="referrals")
    how = models.CharField(max_length=4, choices=How)
    what = models.CharField(max_length=1000)
    shown = models.JSONField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OFFERED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    hold_because = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True)
    declined = models.CharField(max_length=11, choices=Declined, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    changes = models.PositiveIntegerField(default=0)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_referral_of_an_alert_to_a_team",
                fields=["alert", "to_team"],
                condition=Q(status__in=["OFFERED", "ACCEPTED", "ON_HOLD"]),
            ),
            models.CheckConstraint(
                name="referral_is_due_after_it_is_offered",
                condition=Q(due_at__gte=F("offered_at")) & Q(accept_by__gte=F("offered_at")),
            ),
            models.CheckConstraint(
                name="done_referral_says_what_came_of_it",
                condition=(Q(status="DONE") & ~Q(outcome="")) | (~Q(status="DONE") & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="declined_referral_says_why",
                condition=(Q(status="DECLINED") & ~Q(declined=""))
                | (~Q(status="DECLINED") & Q(declined="")),
            ),
            models.CheckConstraint(
                name="ended_referral_says_when",
                condition=Q(status__in=["DONE", "DECLINED", "WITHDRAWN"], ended_at__isnull=False)
                | Q(status__in=["OFFERED", "ACCEPTED", "ON_HOLD"], ended_at=None),
            ),
            models.CheckConstraint(
                name="held_referral_says_why_and_until_when",
                condition=~Q(status="ON_HOLD")
                | (Q(hold_until__isnull=False) & ~Q(hold_because="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_team", "due_at"],
                name="referral_worklist",
                condition=Q(status__in=["OFFERED", "ACCEPTED", "ON_HOLD"]),
            ),
            models.Index(fields=["person", "offered_at"], name="referral_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Referral.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Mailbox(models.Model):
    """Where a team is known to be reached: links and codes go there, and nowhere else."""

    team = models.OneToOneField(Team, models.PROTECT, primary_key=True, related_name="mailbox")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_can_be_reached", condition=~Q(email="") | ~Q(phone="")
            )
        ]

    def __str__(self) -> str:
        return f"mailbox of {self.team_id}"


class Notice(models.Model):
    """A word to a team's mailbox that is due: that there is a task, or the code that opens it."""

    class Kind(models.TextChoices):
        TASK = "TASK", "one task by link"
        CODE = "CODE", "the code that opens a task"

    class Status(models.TextChoices):
        DUE = "DUE", "due"
        SENDING = "SENDING", "being sent"
        SENT = "SENT", "sent"
        FAILED = "FAILED", "failed"
        CANCELLED = "CANCELLED", "not wanted any more"

    MOVES = Moves(
        {
            Status.DUE: {Status.SENDING, Status.CANCELLED},
            Status.SENDING: {Status.SENDING, Status.SENT, Status.FAILED, Status.CANCELLED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="notices")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=4, choices=Kind)
    status = models.CharField(max_length=9, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_task_is_told_once",
                fields=["referral"],
                condition=Q(kind="TASK") & ~Q(status__in=["FAILED", "CANCELLED"]),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_due", condition=Q(status__in=["DUE", "SENDING"])
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.id}"


class TaskLink(models.Model):
    """An address that opens one referral, once a code from the team's mailbox is given too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="links")
    person_id = models.UUIDField()
    token_digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_digest = models.BinaryField(null=True)
    code_made_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    session_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["session_id"], name="task_by_session")]

    def __str__(self) -> str:
        return f"link to {self.referral_id}"


class Document(models.Model):
    """What became of an alert, for the person's practice; a newer version replaces an older."""

    class Status(models.TextChoices):
        DUE = "DUE", "to be sent"
        SENDING = "SENDING", "being sent"
        SENT = "SENT", "sent, without an answer yet"
        ACCEPTED = "ACCEPTED", "taken in by the practice"
        REFUSED = "REFUSED", "refused by the practice's system"
        FAILED = "FAILED", "could not be sent"

    MOVES = Moves(
        {
            Status.DUE: {Status.SENDING},
            Status.SENDING: {Status.SENDING, Status.SENT, Status.FAILED},
            Status.SENT: {Status.ACCEPTED, Status.REFUSED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="documents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    content = models.JSONField()
    made_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="document_version_once", fields=["alert", "version"]),
            models.CheckConstraint(
                name="document_replaces_the_one_before",
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="document_due", condition=Q(status__in=["DUE", "SENDING"])
            )
        ]

    def __str__(self) -> str:
        return f"document {self.id}"
