"""The world as plain facts: people, rows about them, and whoever looks."""

from dataclasses import dataclass, field

# Tables whose rows are known by another column than `id`.
KEYS = {
    "alerts_evaluation": "response_id",
    "alerts_followup": "alert_id",
    "alerts_medicinescare": "person_id",
    "calls_standing": "call_id",
}


@dataclass
class Body:
    """One person as plain facts, beside the row that stands for them."""

    person: object
    name: str
    practice: str
    enrolled: dict = field(default_factory=dict)
    claims: set = field(default_factory=set)  # (call handler, purpose) that hold their call now
    in_hand: set = field(default_factory=set)  # the check-ins of those calls
    open_alerts: set = field(default_factory=set)  # (code of the owning organisation, purpose)

    @property
    def songs(self):
        """What must not be heard by those who may not see them: name, numbers, address, our id."""
        each = self.person
        return [
            each.family_name.lower(),
            each.nhs_number,
            each.mobile.removeprefix("+44"),
            str(each.pk),
        ]


@dataclass(frozen=True)
class Fact:
    """One row: where it is, whom it is about, and what decides who sees it."""

    table: str
    id: str
    body: Body | None
    purpose: str = ""
    owner: str = ""
    by: str = ""
    checkin: str = ""
    about: str = ""


@dataclass(frozen=True)
class Someone:
    """Who looks, in plain facts."""

    name: str
    role: str
    code: str
    purpose: str
    user: object = None
    user_id: str = ""
    person: str = ""
    checkin: str = ""


WORKER = Someone("worker", "WORKER", "", "")
NOBODY = Someone("nobody", "", "", "")
