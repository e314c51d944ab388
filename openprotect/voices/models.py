"""Notes between people at work, the wording of reminders, and what was said about the service."""

import uuid

from django.db import models
from django.db.models import Q

from openprotect.accounts.models import User
from openprotect.places.models import Organisation, Team
from openprotect.programmes.models import Programme


class Note(models.Model):
    """A word to one team, which nobody else reads: a reminder, or a thank-you."""

    class Kind(models.TextChoices):
        REMINDER = "REMINDER", "a reminder"
        COMPARISON = "COMPARISON", "how others do"
        ESCALATION = "ESCALATION", "a team that may need a hand"
        CALLED_ON = "CALLED_ON", "a lead asks"
        THANKS = "THANKS", "thank you"

    class Mail(models.TextChoices):
        NONE = "NONE", "shown here only"
        DUE = "DUE", "to be mailed"
        SENDING = "SENDING", "being mailed"
        SENT = "SENT", "mailed"
        FAILED = "FAILED", "could not be mailed"

    NUDGES = ("REMINDER", "COMPARISON", "ESCALATION")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Whose work waits; for an escalation another team than the one that is told.
    of_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=10, blank=True)
    waiting = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    words = models.CharField(max_length=900)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=7, choices=Mail, default=Mail.NONE)
    mail_due_at = models.DateTimeField(null=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            # Two workers at once write one note.
            models.UniqueConstraint(
                name="a_step_is_said_once",
                fields=["programme", "of_team", "about", "kind"],
                condition=Q(settled_at=None) & Q(kind__in=["REMINDER", "COMPARISON", "ESCALATION"]),
            ),
            models.CheckConstraint(name="note_says_something", condition=~Q(words="")),
            models.CheckConstraint(
                name="a_persons_note_says_whose_it_is",
                condition=Q(by__isnull=False)
                | Q(kind__in=["REMINDER", "COMPARISON", "ESCALATION"]),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-at"], name="note_by_team"),
            models.Index(
                fields=["mail_due_at"],
                name="note_to_mail",
                condition=Q(mail__in=["DUE", "SENDING"]),
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.id}"


class Wording(models.Model):
    """How a programme puts one kind of reminder; the newest holds, every one is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    step = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    words = models.CharField(max_length=600)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="wording_version_once", fields=["programme", "step", "version"]
            ),
            models.CheckConstraint(name="wording_says_something", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.version}"


class Feedback(models.Model):
    """What somebody at work said about a page or the service, and what was done about it."""

    class State(models.TextChoices):
        NEW = "NEW", "not answered yet"
        DONE = "DONE", "we did it"
        PLANNED = "PLANNED", "we will do it"
        NOT_DONE = "NOT_DONE", "we will not, and say why"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    # The name of a page, never an address: that could say whose page it was.
    page = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="feedback_says_something", condition=~Q(words="")),
            models.CheckConstraint(
                name="answered_feedback_says_what_when_and_who",
                condition=Q(state="NEW", answer="", answered_at=None, answered_by=None)
                | (
                    ~Q(state="NEW")
                    & ~Q(answer="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
            ),
        ]
        indexes = [models.Index(fields=["programme", "-at"], name="feedback_by_programme")]

    def __str__(self) -> str:
        return f"feedback {self.id}"
