"""A person in a programme: how to know and reach them, what they chose, whether alive."""

import uuid

from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.people.rules import ALL, CALL, EMAIL, LETTER, TEXT
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
    email = models.CharField(max_length=254, blank=True, default="")
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=10, default="en")
    practice = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Of the area where they live; 1 is the most deprived fifth of England, 0 is not known.
    deprivation_fifth = models.PositiveSmallIntegerField(default=0)
    died_on = models.DateField(null=True)
    # A day of death that turned out to be a mistake: told again by a list, it is not believed.
    refuted_death_on = models.DateField(null=True)
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


class Via(models.TextChoices):
    """How somebody told us."""

    LINK = "LINK", "on their own page"
    TEXT = "TEXT", "by text"
    PHONE = "PHONE", "by phone"
    PRACTICE = "PRACTICE", "through their practice"


class Choice(models.Model):
    """What a person said of one way of contact, in one programme or in all; the last one holds.

    No way and no programme named means all of them: refused so, nobody contacts them any more.
    """

    class Way(models.TextChoices):
        ALL = ALL, "every way"
        TEXT = TEXT, "by text"
        EMAIL = EMAIL, "by e-mail"
        LETTER = LETTER, "by letter"
        CALL = CALL, "by phone"

    class Answer(models.TextChoices):
        REFUSED = "REFUSED", "does not want it"
        AGREED = "AGREED", "agreed to it"
        PREFERRED = "PREFERRED", "likes it best"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="choices")
    way = models.CharField(max_length=6, choices=Way, blank=True, default="")
    programme_id = models.UUIDField(null=True)
    answer = models.CharField(max_length=9, choices=Answer)
    via = models.CharField(max_length=8, choices=Via)
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_choice_of_a_way_at_a_time",
                fields=["person", "way", "programme_id"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="choice_ends_after_it_was_said",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("said_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.way} of {self.person_id}"


class Need(models.Model):
    """What a person, or their carer, needs so that they can understand us and we them.

    The six steps of the Accessible Information Standard (DAPB1605): identified and recorded here,
    flagged and shared with whoever contacts them, met by the form of what we send, and reviewed.
    """

    class Whose(models.TextChoices):
        PERSON = "PERSON", "the person"
        CARER = "CARER", "their carer"

    class Kind(models.TextChoices):
        LARGE_PRINT = "LARGE_PRINT", "large print"
        BRAILLE = "BRAILLE", "braille"
        EASY_READ = "EASY_READ", "easy read"
        AUDIO = "AUDIO", "audio"
        LANGUAGE = "LANGUAGE", "another language"
        INTERPRETER = "INTERPRETER", "an interpreter"
        BSL = "BSL", "British Sign Language"
        TEXTPHONE = "TEXTPHONE", "a textphone or Relay UK"
        NO_CALLS = "NO_CALLS", "cannot use the phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="needs")
    whose = models.CharField(max_length=6, choices=Whose, default=Whose.PERSON)
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=10, blank=True, default="")
    via = models.CharField(max_length=8, choices=Via)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_need_is_recorded_once",
                fields=["person", "whose", "kind", "language"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="need_of_a_language_names_it",
                condition=~Q(kind__in=["LANGUAGE", "INTERPRETER"]) | ~Q(language=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Wish(models.Model):
    """Something a person asked at the front door: a call, other details, or a while without us."""

    class Kind(models.TextChoices):
        CALL = "CALL", "to be rung"
        DETAILS = "DETAILS", "to change how they are reached"
        HOSPITAL = "HOSPITAL", "not to be asked while in hospital"
        AWAY = "AWAY", "not to be asked while away"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=8, choices=Kind)
    mobile = models.CharField(max_length=16, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    words = models.CharField(max_length=500, blank=True, default="")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wish_ends_after_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"
