"""Asking the ledger by hand: as a council, as a charity, or as one of our programmes."""

import uuid
from datetime import timedelta

from openprotect.contacts import actions as contacts
from openprotect.contacts.models import Claim
from openprotect.contacts.rules import HELD_FOR_MESSAGE
from tests import given
from tests.given import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def council():
    return given.area().council


def charity():
    return given.place_once("CHA", "CHARITY")


def body_asks(number, *, body=None, topic="welfare", channel="CALL", at=NOON, **more):
    """What the ledger tells a partner, asked on its behalf by the worker."""
    return contacts.ask(
        number, channel=channel, topic=topic, at=at, organisation_id=(body or council()).pk, **more
    )


def we_ask(person, *, topic="welfare", channel="CALL", at=NOON, subject=None, **more):
    return contacts.claim(
        person,
        programme_id=given.programme().pk,
        subject_id=subject or uuid.uuid4(),
        channel=channel,
        topic=topic,
        hold_for=HELD_FOR_MESSAGE,
        at=at,
        **more,
    )


def spoke(answered, *, at=NOON, outcome="SPOKE"):
    """The body that holds the slot tells that it used it."""
    assert contacts.settle_claim(answered.claim_id, outcome, at=at)


def claim_of(answered):
    return Claim.objects.get(pk=answered.claim_id)
