"""Programmes: a published pack at work for a purpose, and what localities changed in it."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.people.models import Person
from openprotect.places.models import Organisation


class PackVersion(models.Model):
    """A pack as it was published: its files, whole and unchangeable, known by their hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pack_version_is_published_once", fields=["key", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Programme(models.Model):
    """The loop at work for one purpose: draft, live, paused or closed, with a stop button."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "draft"
        LIVE = "LIVE", "live"
        PAUSED = "PAUSED", "paused"
        CLOSED = "CLOSED", "closed"

    MOVES = Moves(
        {
            Status.DRAFT: {Status.LIVE},
            Status.LIVE: {Status.PAUSED, Status.CLOSED},
            Status.PAUSED: {Status.LIVE, Status.CLOSED},
            Status.CLOSED: {Status.LIVE},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=60)
    aim = models.CharField(max_length=300)
    sponsor = models.CharField(max_length=200)
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="programmes")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    launched_at = models.DateTimeField(null=True)
    sending_stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    def move_to(self, status: "Programme.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Adaptation(models.Model):
    """A setting that one locality changed, within the pack's bounds: owner, reason, dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="adaptations")
    locality = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    setting = models.CharField(max_length=60)
    value = models.JSONField()
    reason = models.CharField(max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_adaptation_of_a_setting_at_a_time",
                fields=["programme", "locality", "setting"],
                condition=Q(ends_at=None),
            ),
            models.CheckConstraint(
                name="adaptation_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(name="adaptation_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.setting} in {self.locality_id}"


class Draft(models.Model):
    """A pack being written: checked, signed by two people who did not write it, then published."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "being written"
        CHECKED = "CHECKED", "checked, waiting for signatures"
        SIGNED = "SIGNED", "signed by two people"
        PUBLISHED = "PUBLISHED", "published"
        ABANDONED = "ABANDONED", "given up"

    # Whatever is edited begins anew: what was signed is not what would be published.
    MOVES = Moves(
        {
            Status.DRAFT: {Status.DRAFT, Status.CHECKED, Status.ABANDONED},
            Status.CHECKED: {Status.DRAFT, Status.CHECKED, Status.SIGNED, Status.ABANDONED},
            Status.SIGNED: {Status.DRAFT, Status.PUBLISHED, Status.ABANDONED},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    files = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_draft_of_a_pack",
                fields=["key"],
                condition=~Q(status__in=["PUBLISHED", "ABANDONED"]),
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.title} {self.version}"

    def move_to(self, status: "Draft.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Edit(models.Model):
    """One change of a draft: by whom, of which file. Whoever edited a draft may not sign it."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="edits")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    file = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.file} of {self.draft_id}"


class Signature(models.Model):
    """Somebody answers for a draft as it is now; edited afterwards, it counts no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="signatures")
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    accepts_translations = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signed_once_by_one_person", fields=["draft", "content_hash", "by"]
            )
        ]

    def __str__(self) -> str:
        return f"signature of {self.draft_id}"


class Rehearsal(models.Model):
    """A draft put to the answers of the last days, before anybody is judged by it; counts alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rehearsals")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    found = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rehearsal_is_of_some_days", condition=Q(days__gte=1, days__lte=400)
            )
        ]

    def __str__(self) -> str:
        return f"rehearsal of {self.draft_id}"


class Rehearsed(models.Model):
    """One person who would have been judged otherwise: known to their practice, and to no other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rehearsal = models.ForeignKey(Rehearsal, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    was = models.CharField(max_length=10, blank=True)
    would_be = models.CharField(max_length=10, blank=True)
    gained = models.JSONField()
    lost = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rehearsed_once_in_one_way", fields=["rehearsal", "person", "kind"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.rehearsal_id}"
