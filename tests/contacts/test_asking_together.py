"""The ledger asked about many people at once tells each what it tells when asked about one."""

import random
import uuid

import pytest
from django.db import transaction

from openprotect.contacts import actions as contacts
from openprotect.contacts.actions.together import Ask, claim_many, release_many, settle_many
from openprotect.contacts.models import Claim
from openprotect.contacts.rules import HELD_FOR_MESSAGE
from openprotect.people.actions import stop_contact
from tests import given
from tests.contacts.asking import DAY, HOUR, body_asks, charity, council, spoke, we_ask
from tests.given import NOON

pytestmark = pytest.mark.django_db
TEXT = {"channel": "TEXT", "topic": "checkin"}


def texted(person, dice):
    """Texts of ours of the last ten days, more or fewer than the cap allows."""
    for hours in dice.sample(range(1, 240), dice.choice([0, 1, 3, 20, 21, 22])):
        at = NOON - hours * HOUR
        subject = uuid.uuid4()
        we_ask(person, at=at, subject=subject, is_safety=True, **TEXT)
        contacts.settle(subject, dice.choice(["SENT", "UNKNOWN", "NO_ANSWER"]), at=at)


def held(person, dice):
    we_ask(person, at=NOON - dice.choice([1, 5, 15]) * HOUR / 60, **TEXT)


def of_a_body(person, dice):
    at = NOON - dice.randrange(1, 60) * HOUR
    answered = body_asks(person.nhs_number, body=dice.choice([council(), charity()]), at=at)
    if answered.is_yes:
        spoke(answered, at=at)


def stopped(person, dice):
    stop_contact(person, because="asked us", at=NOON)


def nothing(person, dice):
    """Nobody ever contacted them."""


HISTORIES = (texted, held, of_a_body, stopped, nothing)


def undone(what):
    """What a thing done would give, and it is not done."""
    with transaction.atomic():
        result = what()
        transaction.set_rollback(True)
    return result


def told(answered):
    return (answered.answer, answered.until, answered.covered_by)


@pytest.mark.parametrize("seed", range(3))
def test_each_is_told_what_it_is_told_alone(worker, seed):
    dice = random.Random(seed)  # noqa: S311 - repeatable
    contacts.set_limit(
        "CAP", "ANY", most=22, hours=200, set_by="us", because="to try", at=NOON - DAY
    )
    people = [given.enrolment().person for _ in range(12)]
    for person in people:
        for happened in dice.choices(HISTORIES, k=2):
            happened(person, dice)
    programme = given.programme()
    asks = [Ask(uuid.uuid4(), each.nhs_number, programme.pk, "TEXT", "checkin") for each in people]

    alone = [
        told(undone(lambda who=who, ask=ask: we_ask(who, subject=ask.subject_id, **TEXT)))
        for who, ask in zip(people, asks, strict=True)
    ]
    together = claim_many(asks, hold_for=HELD_FOR_MESSAGE, at=NOON)

    assert [told(together[each.subject_id]) for each in asks] == alone
    assert len({answer for answer, *_ in alone}) > 1


def test_of_two_asks_about_one_person_one_gets_the_turn(worker):
    person, programme = given.person(), given.programme()
    asks = [Ask(uuid.uuid4(), person.nhs_number, programme.pk, **TEXT) for _ in range(2)]

    answers = claim_many(asks, hold_for=HELD_FOR_MESSAGE, at=NOON)

    assert [answers[each.subject_id].answer for each in asks] == ["YES", "WAIT"]


def test_settled_together_as_settled_alone(worker):
    people, programme = [given.person() for _ in range(3)], given.programme()
    asks = [Ask(uuid.uuid4(), each.nhs_number, programme.pk, **TEXT) for each in people]
    claim_many(asks, hold_for=HELD_FOR_MESSAGE, at=NOON)
    first, second, third = (each.subject_id for each in asks)

    contacts.settle(first, "SENT", at=NOON)
    settle_many([second, uuid.uuid4()], "SENT", at=NOON)
    release_many([first, third], at=NOON)

    rows = Claim.objects.values_list("subject_id", "status", "outcome", "settled_at")
    assert {subject: rest for subject, *rest in rows} == {
        first: ["MADE", "SENT", NOON],
        second: ["MADE", "SENT", NOON],
        third: ["RELEASED", "", NOON],
    }
