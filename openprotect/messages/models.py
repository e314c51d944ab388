"""What we write to people, row first, and what comes back: receipts, replies, outages."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.messages.rules import CALL, EMAIL, LETTER, TEXT
from openprotect.people.models import Person
from openprotect.programmes.models import Programme


class Message(models.Model):
    """One message that is due to one person; its id is the provider's reference."""

    class Kind(models.TextChoices):
        INVITE = "INVITE", "invitation to a check-in"
        REMINDER = "REMINDER", "reminder of a check-in"
        CLOSED = "CLOSED", "outcome told back"
        STOPPED = "STOPPED", "that we stop writing this way"
        STARTED = "STARTED", "that we write this way again"
        HELP = "HELP", "who we are and how to reach us"

    class Channel(models.TextChoices):
        TEXT = TEXT, "text"
        EMAIL = EMAIL, "e-mail"
        LETTER = LETTER, "letter"
        CALL = CALL, "call"

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
            Status.DUE: {Status.SENDING, Status.SENT, Status.CANCELLED, Status.FAILED},
            Status.SENDING: {Status.SENT, Status.FAILED, Status.CANCELLED, Status.UNKNOWN},
            Status.SENT: {Status.DELIVERED, Status.FAILED},
            Status.UNKNOWN: {Status.SENT, Status.DELIVERED, Status.FAILED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="messages", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    subject_id = models.UUIDField()
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.TEXT)
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    to_digest = models.BinaryField(default=b"")
    ended_because = models.CharField(max_length=60, blank=True)
    wording = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_message_is_due_once_a_way",
                fields=["subject_id", "kind", "person", "channel"],
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
                fields=["due_at", "id"],
                name="message_due",
                condition=Q(status__in=["DUE", "SENDING"]),
            ),
            models.Index(fields=["person", "made_at"], name="message_by_person"),
            models.Index(
                fields=["made_at", "id"],
                name="message_open_ended",
                condition=Q(status__in=["SENT", "UNKNOWN"]),
            ),
            models.Index(
                fields=["sent_at"], name="message_sent", condition=Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Message.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Pause(models.Model):
    """A way that a provider takes nothing by for a while: everything waits, nothing fails."""

    channel = models.CharField(max_length=6, primary_key=True, choices=Message.Channel)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} until {self.until:%H:%M}"


class Outage(models.Model):
    """Time in which people could not answer us, or we not write: misses in it are ours."""

    class Of(models.TextChoices):
        SERVICE = "SERVICE", "the service was down"
        PROVIDER = "PROVIDER", "messages could not be sent"

    class Found(models.TextChoices):
        HEARTBEAT = "HEARTBEAT", "by missing heartbeats"
        BY_HAND = "BY_HAND", "by hand"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.CharField(max_length=8, choices=Of)
    found = models.CharField(max_length=9, choices=Found)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_outage_of_a_kind_at_a_time",
                fields=["of", "found"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="outage_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gt=F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} from {self.began_at:%Y-%m-%d %H:%M}"


class Notice(models.Model):
    """What a provider posted to us, kept as it came before anything is made of it."""

    class Kind(models.TextChoices):
        RECEIPT = "RECEIPT", "what became of a message"
        TEXT = "TEXT", "a text that somebody sent us"

    class Status(models.TextChoices):
        WAITING = "WAITING", "not looked at yet"
        APPLIED = "APPLIED", "applied"
        NO_NEWS = "NO_NEWS", "told nothing new"
        STRANGE_ID = "STRANGE_ID", "about a message that is not ours"
        OTHER_NUMBER = "OTHER_NUMBER", "names somebody else than we wrote to"
        STRANGE_WORD = "STRANGE_WORD", "says something we do not know"
        UNREADABLE = "UNREADABLE", "could not be read"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7, choices=Kind)
    digest = models.BinaryField(unique=True)
    body = models.TextField()
    received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="notices")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"], name="notice_waiting", condition=Q(status="WAITING")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_looked_at_says_when",
                condition=Q(status="WAITING") | Q(looked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class TurnedAway(models.Model):
    """Posts to our receipts' address that were refused, counted by day and reason; no content."""

    id = models.BigAutoField(primary_key=True)
    on = models.DateField()
    why = models.CharField(max_length=12)
    digest = models.BinaryField(default=b"")
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="turned_away_by_day", fields=["on", "why", "digest"])
        ]

    def __str__(self) -> str:
        return f"{self.why} on {self.on}: {self.times}"


class Reply(models.Model):
    """A text that somebody sent us: what it means, and until when it waits for a person.

    Nobody is matched by a number alone where more than one person, or none, has it.
    """

    class Meaning(models.TextChoices):
        STOP = "STOP", "wants no more texts"
        START = "START", "wants texts again"
        HELP = "HELP", "asks who we are"
        EMERGENCY = "EMERGENCY", "may be an emergency"
        WORDS = "WORDS", "says something"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="reply")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="replies")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    from_number = models.CharField(max_length=20)
    words = models.CharField(max_length=1000)
    meaning = models.CharField(max_length=9, choices=Meaning)
    sent_at = models.DateTimeField()
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reply_dealt_with_says_by_whom",
                condition=Q(dealt_with_at=None) | (Q(dealt_with_by__isnull=False) & ~Q(note="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["sent_at"],
                name="reply_waiting",
                condition=Q(person=None, dealt_with_at=None),
            ),
            models.Index(fields=["person", "sent_at"], name="reply_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)
