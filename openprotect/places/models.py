from __future__ import annotations

import uuid
from datetime import date, time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

WEEKDAYS = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def working_week() -> list[int]:
    return list(WEEKDAYS)


def open_on(on: date, prefix: str = "") -> Q:
    """Open on that day; the close date that ODS gives is the last day of work, so it counts."""
    started = Q(**{f"{prefix}opened_on__lte": on})
    return started & (
        Q(**{f"{prefix}closed_on__isnull": True}) | Q(**{f"{prefix}closed_on__gte": on})
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def open(self, on: date) -> OrganisationQuerySet:
        return self.filter(open_on(on))


class Organisation(models.Model):
    """A body that cares for people, or an area it works in, from opening to closing."""

    class Kind(models.TextChoices):
        PRACTICE = "PRACTICE", "GP practice"
        PCN = "PCN", "primary care network"
        LOCALITY = "LOCALITY", "locality"
        SYSTEM = "SYSTEM", "integrated care system"
        COUNCIL = "COUNCIL", "council"
        CHARITY = "CHARITY", "charity"
        PHARMACY = "PHARMACY", "pharmacy"
        HOSPITAL = "HOSPITAL", "hospital"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=30, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="organisation_has_code_and_name", condition=~Q(code="") & ~Q(name="")
            ),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="organisation_by_kind")]

    def __str__(self) -> str:
        return self.name


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def on(self, on: date) -> RelationshipQuerySet:
        ended = Q(to_on__isnull=True) | Q(to_on__gte=on)
        return self.filter(ended, from_on__lte=on)


class Relationship(models.Model):
    """How one organisation stood to another between two days; `to_on` is the last day it held."""

    class Kind(models.TextChoices):
        MEMBER_OF = "MEMBER_OF", "is a member of"
        LIES_IN = "LIES_IN", "lies in"
        SERVED_BY = "SERVED_BY", "has its social care from"
        SUCCEEDED_BY = "SUCCEEDED_BY", "was succeeded by"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(Organisation, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Organisation, models.PROTECT, related_name="children")
    kind = models.CharField(max_length=12, choices=Kind)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="relationship_told_once", fields=["child", "parent", "kind", "from_on"]
            ),
            # A practice is in one network and one locality at a time; only a split has two heirs.
            models.UniqueConstraint(
                name="relationship_one_current_parent",
                fields=["child", "kind"],
                condition=Q(to_on__isnull=True) & ~Q(kind="SUCCEEDED_BY"),
            ),
            models.CheckConstraint(
                name="relationship_ends_after_it_starts",
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="relationship_is_with_another", condition=~Q(child=F("parent"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind} {self.parent_id}"


class TeamQuerySet(models.QuerySet["Team"]):
    def open(self, on: date) -> TeamQuerySet:
        return self.filter(open_on(on))


class Team(models.Model):
    """The people of one organisation who do one job for one area; alerts and calls are theirs."""

    class Function(models.TextChoices):
        PRACTICE = "practice", "GP practice"
        LOCALITY = "locality", "locality team"
        SURVEILLANCE = "surveillance", "surveillance team"
        COUNCIL = "council", "council"
        CHARITY = "charity", "charity"
        PHARMACY = "pharmacy", "pharmacy"
        CALLING = "calling", "calling team"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    function = models.CharField(max_length=12, choices=Function)
    name = models.CharField(max_length=200)
    covers = models.ForeignKey(Organisation, models.PROTECT, related_name="covered_by")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=working_week)
    opens = models.TimeField(default=time(8, 0))
    closes = models.TimeField(default=time(18, 30))

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="team_named_once", fields=["function", "covers", "name"]),
            models.CheckConstraint(
                name="team_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="team_opens_before_it_closes", condition=Q(opens__lt=F("closes"))
            ),
            models.CheckConstraint(
                name="team_works_on_iso_weekdays",
                condition=Q(weekdays__contained_by=list(EVERY_DAY)) & Q(weekdays__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """Somebody is on a team's rota from when until when. A team that has none goes by its hours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="shift_is_told_once",
                fields=["team", "user", "starts_at"],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="shift_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["team", "ends_at"], name="shift_by_team")]

    def __str__(self) -> str:
        return f"shift of {self.team_id}"


class WorkingHours(models.Model):
    """From a day on, a team works on these weekdays between these times; the latest word holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="hours")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    opens = models.TimeField()
    closes = models.TimeField()
    from_on = models.DateField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hours_open_before_they_close", condition=Q(opens__lt=F("closes"))
            ),
            models.CheckConstraint(
                name="hours_are_on_iso_weekdays",
                condition=Q(weekdays__contained_by=list(EVERY_DAY)) & Q(weekdays__len__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["team", "from_on", "at"], name="hours_by_team")]

    def __str__(self) -> str:
        return f"hours of {self.team_id}"


class SpecialDay(models.Model):
    """One day on which a team is away, or at work though it is a holiday; the latest word holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="special_days")
    on = models.DateField()
    is_there = models.BooleanField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "on", "at"], name="special_day_by_team")]

    def __str__(self) -> str:
        return f"{self.team_id} on {self.on}"


class Undertaking(models.Model):
    """What a team said of one kind of need: we take it, or we do not. The latest word holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="undertakings")
    kind = models.CharField(max_length=20)
    takes = models.BooleanField()
    because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "kind", "-at"], name="undertaking_latest")]

    def __str__(self) -> str:
        return f"{self.team_id} {'takes' if self.takes else 'does not take'} {self.kind}"
