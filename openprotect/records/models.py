"""Imports as changesets. These tables hold counts, positions and reasons, and nobody's details."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.base.states import Moves


class ChangesetQuerySet(models.QuerySet["Changeset"]):
    def committed(self) -> "ChangesetQuerySet":
        return self.filter(status=Changeset.Status.COMMITTED)

    def waiting(self) -> "ChangesetQuerySet":
        return self.filter(status__in=Changeset.OPEN)

    def newest_first(self) -> "ChangesetQuerySet":
        return self.order_by("-number")

    def last_taken_first(self) -> "ChangesetQuerySet":
        return self.order_by("-taken_as")


class Changeset(models.Model):
    """One import: what it would change, whether it was taken, and the lake that it left behind.

    The lake's present generation is that of the committed changeset that was taken last: nothing
    else points to it, so an import is taken, or undone, in one transaction or not at all.
    """

    class Status(models.TextChoices):
        STAGED = "STAGED", "to be matched"
        MATCHED = "MATCHED", "waiting to be looked at"
        SHOWN = "SHOWN", "looked at, waiting for approval"
        APPROVED = "APPROVED", "approved"
        COMMITTED = "COMMITTED", "taken"
        REFUSED = "REFUSED", "not taken"
        UNDONE = "UNDONE", "undone"

    OPEN = (Status.STAGED, Status.MATCHED, Status.SHOWN, Status.APPROVED)
    MOVES = Moves(
        {
            Status.STAGED: {Status.MATCHED, Status.REFUSED},
            Status.MATCHED: {Status.SHOWN, Status.STAGED, Status.APPROVED, Status.REFUSED},
            Status.SHOWN: {Status.APPROVED, Status.STAGED, Status.REFUSED},
            Status.APPROVED: {Status.COMMITTED},
            Status.COMMITTED: {Status.UNDONE},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True)
    source = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status, default=Status.STAGED)
    generation = models.UUIDField(null=True)
    staged = models.UUIDField(null=True)
    base = models.UUIDField(null=True)
    place = models.UUIDField(null=True)
    taken_as = models.BigIntegerField(null=True, unique=True)
    preview = models.CharField(max_length=16, blank=True)
    before = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
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
    ended_by = models.CharField(max_length=150, blank=True)
    because = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True)

    objects = ChangesetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="changeset_settled_unless_open",
                condition=Q(status__in=["STAGED", "MATCHED", "SHOWN", "APPROVED"], settled_at=None)
                | Q(status__in=["COMMITTED", "REFUSED", "UNDONE"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="changeset_stopped_approved_by_another",
                condition=Q(stops=[]) | Q(approved_by="") | ~Q(approved_by=F("by")),
            ),
            models.CheckConstraint(
                name="changeset_stopped_taken_when_approved",
                condition=Q(stops=[]) | ~Q(status__in=["COMMITTED", "UNDONE"]) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="changeset_taken_has_its_place",
                condition=Q(status__in=["COMMITTED", "UNDONE"], taken_as__isnull=False)
                | Q(~Q(status__in=["COMMITTED", "UNDONE"]), taken_as=None),
            ),
            models.CheckConstraint(
                name="changeset_ended_says_who_and_why",
                condition=Q(~Q(ended_by=""), ~Q(because=""), status__in=["REFUSED", "UNDONE"])
                | Q(~Q(status__in=["REFUSED", "UNDONE"]), ended_by="", because=""),
            ),
            models.CheckConstraint(
                name="changeset_undone_says_when",
                condition=Q(status="UNDONE", undone_at__isnull=False)
                | Q(~Q(status="UNDONE"), undone_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.number} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def needs_another(self) -> bool:
        """Something about the whole looks wrong: somebody other than who ran it must approve."""
        return self.is_open and bool(self.stops)

    @property
    def changes_the_lake(self) -> bool:
        return bool(self.generation) and self.generation != self.base

    def move_to(self, status: "Changeset.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


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
    """Where a row stood that was held or rejected, and why; the row itself stays in the lake.

    A held row of an import that was taken waits until somebody settles it: released, it is taken
    in by an import of its own; rejected, it is let go.
    """

    class Settled(models.TextChoices):
        RELEASED = "RELEASED", "released"
        TAKEN = "TAKEN", "released and taken in"
        REJECTED = "REJECTED", "rejected"

    MOVES = Moves(
        {
            "": {Settled.RELEASED, Settled.REJECTED},
            Settled.RELEASED: {Settled.TAKEN, ""},
            Settled.REJECTED: {""},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    changeset = models.ForeignKey(Changeset, models.CASCADE, related_name="problems")
    place = models.UUIDField(null=True)
    kind = models.CharField(max_length=10)
    file = models.CharField(max_length=120)
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    settled_as = models.CharField(max_length=10, choices=Settled, blank=True)
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="problem_settled_says_who_and_when",
                condition=Q(settled_as="", settled_by="", settled_at=None)
                | Q(~Q(settled_as=""), ~Q(settled_by=""), settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_settled_was_held",
                condition=Q(settled_as="") | Q(outcome="held"),
            ),
        ]
        indexes = [
            models.Index(fields=["changeset", "reason"], name="problem_by_reason"),
            models.Index(
                fields=["changeset", "kind", "row"],
                name="problem_waiting",
                condition=Q(outcome="held", settled_as=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.reason}"


class Proposal(models.Model):
    """Two records that may be of one person. Only a person decides; nothing is merged by itself.

    The id is drawn from the two NHS numbers by a secret key, so that the same pair is one
    proposal for good; the numbers themselves stay beside the lake.
    """

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "waiting for a decision"
        CONFIRMED = "CONFIRMED", "one person"
        DECLINED = "DECLINED", "two people"

    MOVES = Moves(
        {
            Status.PROPOSED: {Status.CONFIRMED, Status.DECLINED},
            Status.CONFIRMED: {Status.PROPOSED},
            Status.DECLINED: {Status.PROPOSED},
        }
    )

    id = models.UUIDField(primary_key=True, editable=False)
    score = models.FloatField()
    agreeing = models.JSONField(default=list)
    differing = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    keeps_second = models.BooleanField(null=True)
    is_applied = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_says_who_and_when",
                condition=Q(status="PROPOSED", decided_by="", decided_at=None)
                | Q(~Q(status="PROPOSED"), ~Q(decided_by=""), decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_confirmed_says_which_number_stays",
                condition=Q(status="CONFIRMED", keeps_second__isnull=False)
                | Q(~Q(status="CONFIRMED"), keeps_second=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "id"],
                name="proposal_waiting",
                condition=Q(status="PROPOSED"),
            )
        ]

    def __str__(self) -> str:
        return f"proposal {self.id}"
