"""Users, the organisations they act for, and their sessions."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.rules import LANGUAGE, SKILLS, TITLES, USUAL_PACE, Role
from openprotect.base.states import Moves
from openprotect.places.models import Organisation

ROLES = [(str(role), TITLES[role]) for role in Role]


class User(models.Model):
    """Someone on the staff of one of the organisations, or the background worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []
    is_anonymous = False
    is_authenticated = True

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a role of an organisation, for a purpose, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=ROLES)
    purpose = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="only_the_worker_has_no_organisation",
                condition=Q(organisation__isnull=False) | Q(role="WORKER"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.purpose}"


class Credential(models.Model):
    """How a user proves who they are. Only the database's own functions read this table."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True)
    salt = models.BinaryField()
    key_digest = models.BinaryField()
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "credential"


class Session(models.Model):
    """Someone at work, or a person answering a check-in, known by the digest of a secret token.

    Written and read only by the database's own functions: row security asks it who is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    person_id = models.UUIDField(null=True)
    checkin_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="session_is_of_staff_or_of_a_person",
                condition=Q(membership__isnull=False, user__isnull=False, person_id=None)
                | Q(membership=None, user=None, person_id__isnull=False, checkin_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Ability(models.Model):
    """Something a call handler can do, as a supervisor noted it; ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="abilities")
    kind = models.CharField(max_length=12, choices=[(LANGUAGE, "speaks"), *SKILLS.items()])
    language = models.CharField(max_length=35, blank=True, default="")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_ability_is_noted_once",
                fields=["user", "kind", "language"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="only_a_language_is_named",
                condition=(Q(kind="LANGUAGE") & ~Q(language=""))
                | (~Q(kind="LANGUAGE") & Q(language="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}".strip()


class Pause(models.Model):
    """A while in which a call handler is given no call; the one they hold stays theirs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="pauses")
    because = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_of_a_queue_ends_after_it_starts",
                condition=Q(ends_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(name="pause_of_a_queue_says_why", condition=~Q(because="")),
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="pause_of_a_queue")]

    def __str__(self) -> str:
        return f"pause until {self.ends_at:%H:%M}"


class Shift(models.Model):
    """A call handler is on the floor of one purpose from when until when, at a pace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="shifts")
    purpose = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    calls_an_hour = models.PositiveSmallIntegerField(default=USUAL_PACE)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="shift_on_the_floor_told_once",
                fields=["user", "purpose", "starts_at"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="shift_on_the_floor_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="shift_has_a_human_pace",
                condition=Q(calls_an_hour__gte=1, calls_an_hour__lte=20),
            ),
        ]
        indexes = [models.Index(fields=["purpose", "ends_at"], name="shift_on_the_floor")]

    def __str__(self) -> str:
        return f"shift of {self.user_id}"


class Loan(models.Model):
    """One organisation lends a call handler to another, for its programme, until a time.

    The borrowed rights are a membership between dates, so they begin and end by themselves; the
    home membership rests meanwhile, and a later one (`again`) goes on where the loan ends.
    """

    class Status(models.TextChoices):
        OFFERED = "OFFERED", "offered"
        ACCEPTED = "ACCEPTED", "accepted"
        DECLINED = "DECLINED", "declined"
        WITHDRAWN = "WITHDRAWN", "taken back before it was answered"
        RETURNED = "RETURNED", "returned early"

    MOVES = Moves(
        {
            Status.OFFERED: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN},
            Status.ACCEPTED: {Status.RETURNED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="loans")
    home = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    borrowed = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    again = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    from_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OFFERED)
    words = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_ends_after_it_starts", condition=Q(until__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="loan_is_to_another_organisation",
                condition=~Q(from_organisation=F("to_organisation")),
            ),
            models.CheckConstraint(
                name="answered_loan_says_by_whom",
                condition=Q(status__in=["OFFERED", "WITHDRAWN"])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="accepted_loan_gives_rights",
                condition=~Q(status="ACCEPTED") | Q(borrowed__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_offer_of_a_call_handler", fields=["user"], condition=Q(status="OFFERED")
            ),
        ]

    def __str__(self) -> str:
        return f"loan of {self.user_id}"
