"""The contact ledger and the ladder in the world: rows about every person, for two councils."""

from datetime import UTC, datetime
from uuid import uuid4

from openprotect.contacts.models import Claim, Exchange, Precaution, Tried, Unreached

NOW = datetime.now(UTC)
COUNCILS = ("COU", "COU2")


def exchanges(world):
    """A list of each council: of nobody in particular."""
    for code in COUNCILS:
        listed = Exchange.objects.create(
            organisation=world.places[code], digest=uuid4().hex, begun_at=NOW
        )
        world._note("contacts_exchange", listed, None, owner=code)


def claims(world, body):
    """Each council has spoken with this person, whom others are to mind something about."""
    for owner in COUNCILS:
        claim = Claim(
            key=uuid4().hex, person=body.person, organisation=world.places[owner], channel="CALL",
            topic="welfare", status="MADE", answer="YES", asked_at=NOW, wanted_at=NOW,
            settled_at=NOW, outcome="SPOKE",
        )  # fmt: skip
        world._note("contacts_claim", world._later(claim), body, owner=owner)
    for kind, seen_by in (("LANGUAGE", "CALLERS"), ("CARER", "CLINICAL")):
        mind = Precaution(
            person=body.person, kind=kind, seen_by=seen_by, set_at=NOW, words="Canary"
        )
        world._note("contacts_precaution", world._later(mind), body, about=seen_by)


def ladder(world, body, purpose, enrolment):
    """This person cannot be reached, and a rung was tried."""
    climbed = Unreached(
        enrolment=enrolment, person=body.person, programme=enrolment.programme, rung="VISIT",
        why="NO_PHONE", team=body.person.practice.covered_by.get(function="practice"),
        opened_at=NOW, due_at=NOW,
    )  # fmt: skip
    world._note("contacts_unreached", world._later(climbed), body, purpose=purpose)
    tried = Tried(
        unreached=climbed, person=body.person, rung="RECORD", found="NOTHING", note="Canary", at=NOW
    )
    world._note("contacts_tried", world._later(tried), body, purpose=purpose)
