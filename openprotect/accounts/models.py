"""Users, the organisations they act for, and their sessions."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.rules import TITLES, Role
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
