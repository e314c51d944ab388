"""The database's judgement and plain Python's agree on random histories of asking and telling."""

import random
import uuid
from datetime import timedelta

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.contacts import actions as contacts
from openprotect.contacts.models import Limit
from openprotect.contacts.rules import HELD_FOR_MESSAGE, MADE
from openprotect.people.models import Person
from tests import given
from tests.contacts.asking import DAY, HOUR, charity, claim_of, council
from tests.contacts.second_opinion import Ledger
from tests.given import NOON

pytestmark = pytest.mark.django_db
TOPICS, CHANNELS = ("welfare", "food", "money"), ("CALL", "TEXT", "VISIT")
OURS = "COVID-19 Protect"


def limits():
    """The caps and windows in force, few and tight, as both opinions are to read them."""
    for kind, what, most, hours in [
        ("CAP", "CALL", 2, 48), ("CAP", "TEXT", 3, 24), ("CAP", "ANY", 5, 72),
    ]:  # fmt: skip
        contacts.set_limit(
            kind, what, most=most, hours=hours, set_by="Lead", because="test", at=NOON - DAY
        )
    now = Limit.objects.filter(ends_at=None)
    return (
        {e.what: (e.most, timedelta(hours=e.hours)) for e in now.filter(kind="CAP")},
        {e.what: timedelta(hours=e.hours) for e in now.filter(kind="WINDOW")},
    )


class History:
    """One person's random life with the ledger, seen by both."""

    def __init__(self, draw, number, bodies, ledger):
        self.draw, self.number, self.bodies, self.ledger = draw, number, bodies, ledger
        self.yes, self.subjects = [], [uuid.uuid4() for _ in range(3)]
        self.person = Person.objects.filter(nhs_number=number).first()

    def step(self, at):
        if self.person and self.draw.random() < 0.02:
            self.ledger.is_stopped = not self.ledger.is_stopped
            held = Person.objects.filter(pk=self.person.pk)
            held.update(has_stopped_contact=self.ledger.is_stopped)
        elif self.yes and self.draw.random() < 0.35:
            self._tell(at)
        else:
            return self._ask(at)
        return None

    def _ask(self, at):
        body = self.draw.choice([*self.bodies, OURS] if self.person else [*self.bodies])
        topic, channel = self.draw.choice(TOPICS), self.draw.choice(CHANNELS)
        is_safety = self.draw.random() < 0.08
        subject = self.draw.choice(self.subjects) if body == OURS else None
        wish = at + self.draw.choice([0, 0, 30]) * HOUR if body != OURS else at
        hold = HELD_FOR_MESSAGE if body == OURS else self.draw.choice([6 * HOUR, 2 * DAY])
        told = self._database(body, topic, channel, at, wish, hold, subject, is_safety)
        thought = self.ledger.ask(
            body, str(subject), topic, channel, at=at, wish=wish, hold=hold, is_safety=is_safety
        )
        if told.is_yes:
            self.yes.append((told, self.ledger.asks[-1] if self._is_new(told) else None))
        return (told.answer.value, told.until, told.covered_by), thought

    def _is_new(self, told):
        return all(told.claim_id != each.claim_id for each, _ in self.yes)

    def _database(self, body, topic, channel, at, wish, hold, subject, is_safety):
        if body == OURS:
            return contacts.claim(
                self.person, programme_id=given.programme().pk, subject_id=subject,
                channel=channel, topic=topic, hold_for=hold, at=at, is_safety=is_safety,
            )  # fmt: skip
        return contacts.ask(
            self.number, channel=channel, topic=topic, at=at, wanted_at=wish, hold_for=hold,
            organisation_id=self.bodies[body], is_safety=is_safety,
        )  # fmt: skip

    def _tell(self, at):
        told, asked = self.draw.choice(self.yes)
        if asked is None:
            return
        outcome = self.draw.choice(["", *MADE])
        contacts.settle_claim(told.claim_id, outcome, at=at)
        self.ledger.settle(asked, outcome, at=at)
        assert claim_of(told).status == asked.status


def histories(seed):
    draw, (caps, windows) = random.Random(seed), limits()  # noqa: S311
    bodies = {each.name: each.pk for each in (council(), charity())}
    given.programme()
    numbers = [given.person().nhs_number, synthetic_number(f"stranger {seed}")]
    return draw, [History(draw, each, bodies, Ledger(caps, windows)) for each in numbers]


def differences(seed, steps):
    """How many answers were compared, and those on which the two do not agree."""
    draw, lives = histories(seed)
    at, compared, differ = NOON, 0, []
    for step in range(steps):
        at += draw.choice([1, 5, 20, 60, 300]) * timedelta(minutes=1)
        if both := draw.choice(lives).step(at):
            compared += 1
            differ += [] if both[0] == both[1] else [f"seed {seed}, step {step}: {both}"]
    return compared, differ


@pytest.mark.parametrize("seed", [1, 2])
def test_both_opinions_agree_on_a_random_history(worker, say, seed):
    compared, differ = differences(seed, 200)

    say(f"answers compared {compared}, differences {len(differ)}")
    assert compared > 100
    assert differ == []


@pytest.mark.fault
@pytest.mark.slow
def test_both_opinions_agree_on_many_random_histories(worker, say):
    found = [differences(seed, 500) for seed in range(3, 23)]

    say(f"answers compared {sum(count for count, _ in found)}, differences"
        f" {sum(len(differ) for _, differ in found)}")  # fmt: skip
    assert [each for _, differ in found for each in differ] == []


def test_a_second_opinion_that_forgets_a_window_is_noticed(worker, monkeypatch):
    monkeypatch.setattr(Ledger, "_somebody_spoke_lately", lambda *_: None)

    assert differences(1, 200)[1]
