"""An episode of asking one person how they are: due, open, answered by any channel, or missed."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.programmes.models import PackVersion, Programme


class Channel(models.TextChoices):
    """How answers reached us."""

    WEB = "WEB", "online"
    CARER = "CARER", "online, by somebody for them"
    PHONE = "PHONE", "by phone"
    PAPER = "PAPER", "on paper"


class CheckinQuerySet(models.QuerySet["Checkin"]):
    def unanswered(self) -> "CheckinQuerySet":
        return self.filter(status__in=[Checkin.Status.DUE, Checkin.Status.OPEN])


class Checkin(models.Model):
    """One asking of one person: due on a day, open until an instant, answered or missed."""

    class Status(models.TextChoices):
        DUE = "DUE", "due"
        OPEN = "OPEN", "waiting for an answer"
        ANSWERED = "ANSWERED", "answered"
        PARTLY = "PARTLY", "answered in part"
        MISSED = "MISSED", "not answered"
        EXCUSED = "EXCUSED", "excused"
        CANCELLED = "CANCELLED", "cancelled"

    # What was missed, begun or excused may still be answered: by a call, or on paper. A miss is
    # excused afterwards when it turns out that they were in hospital, or that we were down.
    MOVES = Moves(
        {
            Status.DUE: {Status.OPEN, Status.CANCELLED, Status.ANSWERED, Status.EXCUSED},
            Status.OPEN: {
                Status.ANSWERED,
                Status.PARTLY,
                Status.MISSED,
                Status.CANCELLED,
                Status.EXCUSED,
            },
            Status.PARTLY: {Status.ANSWERED},
            Status.MISSED: {Status.ANSWERED, Status.EXCUSED},
            Status.EXCUSED: {Status.ANSWERED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Looked up by what stands beside it in an index below, and so without an index of its own.
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="checkins", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="checkins", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    answered_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)

    objects = CheckinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="asked_once_a_day", fields=["enrolment", "due_on"]),
            models.CheckConstraint(
                name="checkin_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="answered_checkin_says_when",
                condition=Q(status="ANSWERED", answered_at__isnull=False)
                | Q(~Q(status="ANSWERED"), answered_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["opens_at", "id"], name="checkin_due", condition=Q(status="DUE")),
            models.Index(
                fields=["closes_at", "id"], name="checkin_open", condition=Q(status="OPEN")
            ),
            models.Index(fields=["person", "due_on"], name="checkin_by_person"),
            models.Index(fields=["programme", "due_on"], name="checkin_by_programme"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Checkin.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Excuse(models.Model):
    """Days on which somebody is not asked: in hospital, away, or for another reason they gave."""

    class Why(models.TextChoices):
        HOSPITAL = "HOSPITAL", "in hospital"
        AWAY = "AWAY", "away"
        OTHER = "OTHER", "asked not to be asked then"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="excuses")
    why = models.CharField(max_length=8, choices=Why)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_excuse_without_an_end",
                fields=["person"],
                condition=Q(to_on=None),
            ),
            models.CheckConstraint(
                name="excuse_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} from {self.from_on}"


class Rhythm(models.Model):
    """How often one person is asked, where somebody chose otherwise than the programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="rhythms")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    every_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_rhythm_at_a_time", fields=["enrolment"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="rhythm_is_within_a_year",
                condition=Q(every_days__gte=1, every_days__lte=365),
            ),
            models.CheckConstraint(name="rhythm_has_a_reason", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"every {self.every_days} days for {self.enrolment_id}"


class StandIn(models.Model):
    """Somebody who answers one check-in for the person: who they are, and that it is agreed."""

    class Who(models.TextChoices):
        FAMILY = "FAMILY", "family or friend"
        CARER = "CARER", "paid carer"
        CARE_HOME = "CARE_HOME", "staff of their care home"
        ATTORNEY = "ATTORNEY", "attorney or deputy for health"
        OTHER = "OTHER", "somebody else"

    class Consent(models.TextChoices):
        GIVEN = "GIVEN", "the person is happy with it"
        CANNOT_SAY = "CANNOT_SAY", "the person cannot say, and it is best for them"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checkin = models.OneToOneField(Checkin, models.PROTECT, related_name="stand_in")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    who = models.CharField(max_length=9, choices=Who)
    consent = models.CharField(max_length=10, choices=Consent)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.who} for {self.checkin_id}"


class Link(models.Model):
    """A personal link to one check-in; only the digest of its 128-bit token is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checkin = models.ForeignKey(Checkin, models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    token_digest = models.BinaryField(unique=True)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    followed_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["locked_at"],
                name="link_locked",
                condition=Q(locked_at__isnull=False, followed_up_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """One answer as it was given; the last one to a question counts, the earlier ones are kept."""

    id = models.BigAutoField(primary_key=True)
    checkin = models.ForeignKey(Checkin, models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    link_id = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    channel = models.CharField(max_length=6, choices=Channel)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["checkin", "link_id", "id"], name="answer_latest")]

    def __str__(self) -> str:
        return f"{self.link_id} of {self.checkin_id}"


class Response(models.Model):
    """The answers of one check-in as sent in: stored once, never changed, then evaluated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission_id = models.UUIDField(unique=True)
    checkin = models.OneToOneField(Checkin, models.PROTECT, related_name="response")
    person = models.ForeignKey(Person, models.PROTECT, related_name="responses", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+", db_index=False)
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", db_index=False)
    answers = models.JSONField()
    content_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=6, choices=Channel)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="response_by_person")]

    def __str__(self) -> str:
        return str(self.id)


class Conflict(models.Model):
    """Answers refused because others had been stored for the same check-in; kept for review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, models.PROTECT, related_name="conflicts")
    checkin = models.ForeignKey(Checkin, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submission_id = models.UUIDField()
    answers = models.JSONField()
    content_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=6, choices=Channel)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_conflict_is_kept_once", fields=["checkin", "content_hash"]
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
