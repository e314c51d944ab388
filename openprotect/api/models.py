"""Keys of partners' systems, and what was answered to a request that may be sent again."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import Membership, Session, User
from openprotect.api.rules import A_MINUTE


class Key(models.Model):
    """One system's right to ask, for one partner and purpose; only a digest of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=20))
    a_minute = models.PositiveIntegerField(default=A_MINUTE)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    minute = models.DateTimeField(null=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="key_expires_after_it_is_issued", condition=Q(expires_at__gt=F("issued_at"))
            ),
            models.CheckConstraint(
                name="revoked_key_says_by_whom",
                condition=Q(revoked_at=None, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Repeatable(models.Model):
    """What was answered to a request under its sender's own key; sent again, it is told so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    repeat_key = models.CharField(max_length=80)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_request_is_done_once", fields=["session", "repeat_key"])
        ]

    def __str__(self) -> str:
        return str(self.id)
