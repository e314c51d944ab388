"""Why we may: legal bases with an end, and the log of who opened whose record."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LegalBasis(models.Model):
    """Why a purpose is lawful, from when until when; past its end the database shows nothing."""

    class Kind(models.TextChoices):
        COPI_NOTICE = "COPI_NOTICE", "notice under the Control of Patient Information Regulations"
        SECTION_251 = "SECTION_251", "support under section 251 of the NHS Act 2006"
        DIRECT_CARE = "DIRECT_CARE", "direct care"
        CONSENT = "CONSENT", "explicit consent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="legal_basis_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="legal_basis_is_approved", condition=~Q(approved_by="")),
        ]
        indexes = [models.Index(fields=["purpose", "ends_at"], name="legal_basis_by_purpose")]

    def __str__(self) -> str:
        return self.title


class Access(models.Model):
    """One person's record shown or changed: who, whom, what, why, on which basis. Never altered.

    Somebody who is in the records and in no programme has no id here: their NHS number stands for
    them. The database puts the id in its place for whoever is known to the service.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20)
    purpose = models.CharField(max_length=60)
    basis_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    nhs_number = models.CharField(max_length=10, blank=True, db_default="")
    what = models.CharField(max_length=60)
    why = models.CharField(max_length=200)
    leaf = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_says_whose_record",
                condition=Q(Q(person_id__isnull=False, nhs_number=""))
                | Q(Q(person_id=None) & ~Q(nhs_number="")),
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "at"], name="access_by_person"),
            models.Index(
                fields=["nhs_number"], name="access_by_number", condition=~Q(nhs_number="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
