"""What a run of a pack's cohort rules found, as of a day, and why."""

import uuid

from django.db import models


class RunQuerySet(models.QuerySet["Run"]):
    def newest_first(self) -> "RunQuerySet":
        return self.order_by("-at", "-id")


class Run(models.Model):
    """The rules of one version of a pack, asked of one generation of the lake, as of one day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    generation = models.UUIDField()
    as_of = models.DateField()
    digest = models.CharField(max_length=64)
    people = models.PositiveBigIntegerField()
    eligible = models.PositiveBigIntegerField()
    excluded = models.JSONField(default=dict)
    found_count = models.PositiveBigIntegerField()
    by_group = models.JSONField(default=dict)
    by_practice = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    engine = models.CharField(max_length=20, db_default="duckdb")
    # Steps of the waterfall in order: reason, title, people, found (who would have been).
    waterfall = models.JSONField(default=list, db_default=[])
    by_quintile = models.JSONField(default=dict, db_default={})
    # What changed since `earlier`: kind, reason, practice, people; by group, people in and out.
    earlier = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    difference = models.JSONField(default=list, db_default=[])
    by_group_change = models.JSONField(default=dict, db_default={})

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["pack", "-at"], name="run_by_pack")]

    def __str__(self) -> str:
        return f"{self.pack} as of {self.as_of}"


class Found(models.Model):
    """Somebody whom one run found at risk: the groups, and the dated evidence for each."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="found")
    nhs_number = models.CharField(max_length=10)
    practice_code = models.CharField(max_length=20)
    groups = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_run_finds_somebody_once", fields=["run", "nhs_number"])
        ]
        indexes = [models.Index(fields=["nhs_number"], name="found_by_number")]

    def __str__(self) -> str:
        return str(self.id)


class Change(models.Model):
    """Somebody whom one run found otherwise than the run before it: what changed, and why."""

    class Kind(models.TextChoices):
        JOINED = "joined", "joined"
        LEFT = "left", "left"
        CHANGED = "changed", "changed groups"
        MOVED = "moved", "moved practice"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    nhs_number = models.CharField(max_length=10)
    practice_code = models.CharField(max_length=20)
    practice_before = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=200)
    groups_joined = models.JSONField(default=list)
    groups_left = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_run_changes_somebody_once", fields=["run", "nhs_number"]
            )
        ]
        indexes = [models.Index(fields=["run", "kind"], name="change_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
