"""Imports as changesets. These tables hold counts, positions and reasons, and nobody's details."""

import uuid

from django.db import models
from django.db.models import F, Q


class ChangesetQuerySet(models.QuerySet["Changeset"]):
    def committed(self) -> "ChangesetQuerySet":
        return self.filter(status=Changeset.Status.COMMITTED)

    def newest_first(self) -> "ChangesetQuerySet":
        return self.order_by("-number")


class Changeset(models.Model):
    """One import: what it would change, whether it was taken, and the lake that it left behind.

    The lake's present generation is that of the newest committed changeset: nothing else points
    to it, so an import is taken or not taken in one transaction.
    """

    class Status(models.TextChoices):
        HELD = "HELD", "waiting for a second person"
        COMMITTED = "COMMITTED", "taken"
        REFUSED = "REFUSED", "not taken"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    source = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status)
    generation = models.UUIDField(null=True)
    staged = models.UUIDField(null=True)
    base = models.UUIDField(null=True)
    extract_on = models.DateField(null=True)
    newest_event_on = models.DateField(null=True)
    is_whole = models.BooleanField(default=False)
    stops = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    bundles_read = models.PositiveIntegerField(default=0)
    bundles_refused = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=150)
    approved_by = models.CharField(max_length=150, blank=True)

    objects = ChangesetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="changeset_settled_unless_held",
                condition=Q(status="HELD", settled_at=None)
                | Q(~Q(status="HELD"), settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="changeset_approved_by_another",
                condition=Q(approved_by="") | ~Q(approved_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.number} ({self.get_status_display()})"


class ChangesetCount(models.Model):
    """The row equation of one kind of row: every row read has exactly one outcome."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    changeset = models.ForeignKey(Changeset, models.CASCADE, related_name="counts")
    kind = models.CharField(max_length=10)
    rows = models.PositiveBigIntegerField()
    added = models.PositiveBigIntegerField()
    changed = models.PositiveBigIntegerField()
    unchanged = models.PositiveBigIntegerField()
    duplicate = models.PositiveBigIntegerField()
    held = models.PositiveBigIntegerField()
    rejected = models.PositiveBigIntegerField()
    removed = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="changeset_counts_a_kind_once", fields=["changeset", "kind"]
            ),
            models.CheckConstraint(
                name="changeset_rows_balance",
                condition=Q(
                    rows=F("added")
                    + F("changed")
                    + F("unchanged")
                    + F("duplicate")
                    + F("held")
                    + F("rejected")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rows} {self.kind}"


class ChangesetProblem(models.Model):
    """Where a row stood that was held or rejected, and why; the row itself stays in the lake."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    changeset = models.ForeignKey(Changeset, models.CASCADE, related_name="problems")
    kind = models.CharField(max_length=10)
    file = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["changeset", "reason"], name="problem_by_reason")]

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.reason}"
