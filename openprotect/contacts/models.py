"""The ledger: each ask to contact a person, its answer, and what came of it; and its limits."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openprotect.accounts.models import User
from openprotect.base.states import Moves
from openprotect.contacts.rules import CHANNELS, MADE, TOPICS
from openprotect.contacts.rules.reaching import ENDS, FOUND, PRECAUTIONS, RUNGS, WHY_UNREACHED
from openprotect.enrolments.models import Enrolment
from openprotect.people.models import Person
from openprotect.places.models import Organisation, Team
from openprotect.programmes.models import Programme

NO = ["WAIT", "COVERED", "STOP"]


class Exchange(models.Model):
    """A list that a body exchanged with the ledger: what each row was told, and nobody's number."""

    class Status(models.TextChoices):
        BEGUN = "BEGUN", "begun"
        DONE = "DONE", "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    # The same list sent again once its slots are over is asked anew.
    turn = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=5, choices=Status, default=Status.BEGUN)
    is_hashed = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    results = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_list_is_exchanged_once", fields=["organisation", "digest", "turn"]
            ),
            models.CheckConstraint(
                name="done_exchange_says_when",
                condition=Q(status="DONE", done_at__isnull=False) | Q(status="BEGUN", done_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Claim(models.Model):
    """One ask of one body to contact one person about one topic, its answer, and what came of it.

    Written by the database's own functions alone. Whoever is in no programme is known here by a
    pseudonym of their NHS number, and by nothing else.
    """

    class Status(models.TextChoices):
        HELD = "HELD", "the slot is held"
        MADE = "MADE", "contact was made or tried"
        RELEASED = "RELEASED", "given back unused"
        LAPSED = "LAPSED", "not used in time"
        RECALLED = "RECALLED", "taken back: nobody may contact them"
        REFUSED = "REFUSED", "told to wait, or that it is covered"

    # A contact that is told late was made all the same.
    MOVES = Moves(
        {
            Status.HELD: {Status.MADE, Status.RELEASED, Status.LAPSED, Status.RECALLED},
            Status.LAPSED: {Status.MADE},
            Status.RECALLED: {Status.MADE},
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="claims", db_index=False
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=6, choices=list(CHANNELS.items()))
    topic = models.CharField(max_length=20, choices=list(TOPICS.items()))
    is_safety = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status)
    answer = models.CharField(max_length=7)
    asked_at = models.DateTimeField()
    wanted_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    covered_by = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=list(MADE.items()), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    exchange = models.ForeignKey(Exchange, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_body_holds_a_slot",
                fields=["key", "topic"],
                condition=Q(status="HELD", is_safety=False),
            ),
            models.CheckConstraint(
                name="claim_is_of_a_programme_or_an_organisation",
                condition=Q(programme=None, organisation__isnull=False)
                | Q(programme__isnull=False, organisation=None),
            ),
            models.CheckConstraint(
                name="held_slot_says_until_when",
                condition=~Q(status="HELD")
                | Q(answer="YES", until__isnull=False, settled_at=None, outcome=""),
            ),
            models.CheckConstraint(
                name="refused_claim_says_why",
                condition=~Q(status="REFUSED") | Q(answer__in=NO, outcome="", is_safety=False),
            ),
            models.CheckConstraint(
                name="covered_claim_says_by_whom_until_when",
                condition=~Q(answer="COVERED") | (Q(until__isnull=False) & ~Q(covered_by="")),
            ),
            models.CheckConstraint(
                name="settled_claim_says_when",
                condition=~Q(status__in=["MADE", "RELEASED", "LAPSED", "RECALLED"])
                | Q(answer="YES", settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="made_contact_says_what_came_of_it",
                condition=(Q(status="MADE") & ~Q(outcome="")) | (~Q(status="MADE") & Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["key", "asked_at"], name="claim_by_key"),
            models.Index(fields=["person", "asked_at"], name="claim_by_person"),
            models.Index(fields=["subject_id"], name="claim_by_subject"),
            models.Index(fields=["until"], name="claim_held", condition=Q(status="HELD")),
            models.Index(
                fields=["person", "settled_at"],
                name="claim_that_counts",
                condition=Q(status__in=["HELD", "MADE"]),
            ),
            models.Index(fields=["key"], name="claim_of_a_stranger", condition=Q(person=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Precaution(models.Model):
    """What to mind before this person is contacted: seen before the number, and kept to by texts.

    It says what to do, never why: that somebody may not speak freely has reasons that are nobody's
    to write down here.
    """

    class SeenBy(models.TextChoices):
        CALLERS = "CALLERS", "everybody who may contact them"
        CLINICAL = "CLINICAL", "the practice and clinical teams"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="precautions")
    kind = models.CharField(max_length=10, choices=list(PRECAUTIONS.items()))
    words = models.CharField(max_length=120, blank=True)
    closes = ArrayField(models.CharField(max_length=6), default=list)
    seen_by = models.CharField(max_length=8, choices=SeenBy, default=SeenBy.CALLERS)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_precaution_of_a_kind",
                fields=["person", "kind"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="discretion_says_no_more", condition=~Q(kind="DISCREET") | Q(words="")
            ),
            models.CheckConstraint(
                name="who_must_be_careful_is_told",
                condition=~Q(kind="DISCREET") | Q(seen_by="CALLERS"),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Unreached(models.Model):
    """Somebody who cannot be reached, rung by rung, until they are or somebody has seen them.

    Each rung has a next step, a team that owns it and a time. Silence climbs; it never ends it.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "not reached yet"
        ENDED = "ENDED", "ended"

    MOVES = Moves({Status.OPEN: {Status.ENDED}})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="unreached")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    why = models.CharField(max_length=12, choices=list(WHY_UNREACHED.items()))
    status = models.CharField(max_length=5, choices=Status, default=Status.OPEN)
    rung = models.CharField(max_length=8, choices=list(RUNGS.items()))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, choices=list(ENDS.items()), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="unreached_once_at_a_time",
                fields=["person", "programme"],
                condition=Q(status="OPEN"),
            ),
            models.CheckConstraint(
                name="unreached_ends_with_what_was_found",
                condition=(Q(status="ENDED", ended_at__isnull=False) & ~Q(ended_as=""))
                | Q(status="OPEN", ended_at=None, ended_as=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_at"], name="unreached_worklist", condition=Q(status="OPEN")
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, status: "Unreached.Status") -> None:
        self.MOVES.check(self.status, status)
        self.status = status


class Tried(models.Model):
    """One rung of somebody's ladder: what was tried, what came of it, and by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unreached = models.ForeignKey(Unreached, models.PROTECT, related_name="tries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rung = models.CharField(max_length=8, choices=list(RUNGS.items()))
    found = models.CharField(max_length=12, choices=list(FOUND.items()))
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rung} {self.at:%Y-%m-%d}"


class Limit(models.Model):
    """How often a person may be contacted, or for how long one body's contact speaks for all.

    Set for the whole system, with who set it and why; never changed, only ended and set anew.
    """

    class Kind(models.TextChoices):
        CAP = "CAP", "contacts at most"
        WINDOW = "WINDOW", "others wait after somebody was reached"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    # A channel for a cap, a topic for a window.
    what = models.CharField(max_length=20)
    most = models.PositiveSmallIntegerField(default=0)
    hours = models.PositiveIntegerField()
    set_by = models.CharField(max_length=120)
    because = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_limit_at_a_time", fields=["kind", "what"], condition=Q(ends_at=None)
            ),
            models.CheckConstraint(
                name="limit_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(
                name="limit_says_who_and_why", condition=~Q(set_by="") & ~Q(because="")
            ),
            models.CheckConstraint(
                name="cap_lets_somebody_through", condition=~Q(kind="CAP") | Q(most__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"
