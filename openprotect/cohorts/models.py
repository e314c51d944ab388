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
