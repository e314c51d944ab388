"""The call floor as its supervisor keeps it: notes for call handlers, reviews, sheets of paper."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.calls.models import Call
from openprotect.programmes.models import Programme


class Coaching(models.Model):
    """What a supervisor who listened in wrote to the call handler: for those two, for nobody else.

    Nobody listens without the person's word for it. A note names nobody and judges no patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    caller = models.ForeignKey(User, models.PROTECT, related_name="+")
    has_agreed = models.BooleanField()
    went_well = models.CharField(max_length=500)
    try_next = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_listens_without_consent", condition=Q(has_agreed=True)
            ),
            models.CheckConstraint(name="coaching_says_what_went_well", condition=~Q(went_well="")),
            models.CheckConstraint(name="nobody_coaches_themselves", condition=~Q(caller=F("by"))),
        ]
        indexes = [models.Index(fields=["caller", "-at"], name="coaching_by_caller")]

    def __str__(self) -> str:
        return f"coaching of {self.caller_id}"


class Review(models.Model):
    """One ended call of the week's sample, looked at with the sheet; the call handler is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    caller = models.ForeignKey(User, models.PROTECT, related_name="+")
    week_on = models.DateField()
    marks = models.JSONField(default=dict)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_call_is_reviewed_once", fields=["call", "caller", "week_on"]
            ),
            models.CheckConstraint(name="review_says_something_kind", condition=~Q(words="")),
            models.CheckConstraint(name="nobody_reviews_themselves", condition=~Q(caller=F("by"))),
        ]
        indexes = [models.Index(fields=["caller", "-at"], name="review_by_caller")]

    def __str__(self) -> str:
        return f"review of {self.call_id}"


class Sheet(models.Model):
    """Calls printed for the day the network is down, held by its call handler until entered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    holder = models.ForeignKey(User, models.PROTECT, related_name="+")
    rung_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    holds_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sheet_number_once", fields=["programme", "number"]),
            models.CheckConstraint(
                name="sheet_holds_for_a_while", condition=Q(holds_until__gt=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.number}"


class Line(models.Model):
    """One call of a sheet: held, then entered once, or in conflict with what happened elsewhere."""

    class Status(models.TextChoices):
        HELD = "HELD", "on paper"
        ENTERED = "ENTERED", "entered"
        CONFLICT = "CONFLICT", "to be looked at"
        SETTLED = "SETTLED", "looked at"
        RETURNED = "RETURNED", "given back unrung"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="lines")
    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    attempts = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.HELD)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    rung_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    found = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_place_of_a_sheet_once", fields=["sheet", "place"]),
            models.UniqueConstraint(
                name="a_call_is_on_one_sheet", fields=["call"], condition=Q(status="HELD")
            ),
            models.CheckConstraint(
                name="what_was_entered_says_when_and_by_whom",
                condition=Q(status__in=["HELD", "RETURNED"])
                | (Q(entered_at__isnull=False, entered_by__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="a_conflict_says_what_was_found",
                condition=~Q(status__in=["CONFLICT", "SETTLED"]) | ~Q(found=""),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.place}"
