"""A person in a programme: how to know and reach them, where registered, whether alive."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.places.models import Organisation

DIGITS = r"^[0-9]{10}$"


class Person(models.Model):
    """Someone who is or was in a programme; nobody else is in this table."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nhs_number = models.CharField(max_length=10, unique=True)
    # The number they came with, once another one has replaced it: taken back, it counts again.
    came_as = models.CharField(max_length=10, blank=True, default="")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=10, blank=True)
    mobile = models.CharField(max_length=16, blank=True)
    landline = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=10, default="en")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    died_on = models.DateField(null=True)
    is_restricted = models.BooleanField(default=False)
    has_stopped_contact = models.BooleanField(default=False)
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_nhs_number_is_ten_digits",
                condition=Q(nhs_number__regex=DIGITS),
            ),
            models.CheckConstraint(
                name="person_came_as_another_number",
                condition=Q(came_as="") | Q(~Q(came_as=F("nhs_number")), came_as__regex=DIGITS),
            ),
            models.CheckConstraint(
                name="person_mobile_is_international",
                condition=Q(mobile="") | Q(mobile__regex=r"^\+44[0-9]{10}$"),
            ),
        ]
        indexes = [models.Index(fields=["practice"], name="person_by_practice")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def may_be_texted(self) -> bool:
        """Alive, not restricted, has not asked us to stop, and has a mobile number."""
        return bool(self.mobile) and self.may_be_contacted

    @property
    def may_be_contacted(self) -> bool:
        return self.died_on is None and not self.is_restricted and not self.has_stopped_contact


class Registration(models.Model):
    """A person's registration with a practice, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registered_with_one_practice_at_a_time",
                fields=["person"],
                condition=Q(to_on=None),
            ),
            models.CheckConstraint(
                name="registration_ends_after_it_starts",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} from {self.from_on}"
