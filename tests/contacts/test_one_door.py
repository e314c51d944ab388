"""Nobody is contacted outside the ledger: each way claims its own channel, and none goes around."""

import ast

import pytest

from openprotect.contacts import actions as contacts
from openprotect.contacts.actions.reaching import set_precaution
from openprotect.contacts.models import Claim
from openprotect.contacts.rules import CHANNELS
from openprotect.messages.chores import claiming
from openprotect.messages.models import Message
from openprotect.messages.rules import Undeliverable
from tests import given
from tests.architecture.sources import functions, python_files, said
from tests.contacts.asking import HOUR
from tests.given import NOON
from tests.messages.sending import EveryWay, send, state
from tests.messages.test_ways import EVERY_WAY, opened, plan

__all__ = ["plan"]
pytestmark = pytest.mark.django_db
POSTS = {"post_text", "post_email", "post_letter"}
WITHOUT = {"TEXT": {}, "EMAIL": {"mobile": ""}, "LETTER": {"mobile": "", "email": ""}}
# Who may hand something to a provider: what was claimed; and what goes to the mailbox of a team.
DOORS = {
    "openprotect/messages/chores/sending.py: _post",
    "openprotect/referrals/chores/__init__.py: _send",
    "openprotect/voices/chores.py: _post",
}


class Watched(EveryWay):
    """A postbox that notes what comes without a turn held for it at that moment."""

    def __init__(self, *faults):
        super().__init__(*faults)
        self.unclaimed = []

    def _look(self, reference, channel):
        held = Claim.objects.filter(subject_id=reference, channel=channel, status="HELD")
        self.unclaimed += [] if held.exists() else [channel]

    def post_text(self, reference, to, body):
        self._look(reference, "TEXT")
        return given.Outbox.post_text(self, reference, to, body)

    def post_email(self, reference, to, subject, body):
        self._look(reference, "EMAIL")
        return given.Outbox.post_text(self, reference, to, body)

    def post_letter(self, reference, letter):
        self._look(reference, "LETTER")
        return given.Outbox.post_text(self, reference, letter.to, letter)


def due(way, **person):
    """A message of this way that is due, to somebody who has no better one."""
    opened(**({"landline": "+441632960001"} | WITHOUT[way] | person))
    given.follow()
    return Message.objects.get(channel=way)


def claims(message):
    return list(Claim.objects.filter(subject_id=message.pk).values_list("channel", "status"))


def hands_to_a_provider():
    """Every function outside the gateways that calls a postbox's verbs."""
    ours = [each for each in python_files() if said(each).startswith("openprotect/")]
    for path in ours:
        if said(path).startswith(("openprotect/gateways/", "openprotect/simulation/")):
            continue
        for function in functions(path):
            called = {
                node.func.attr
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            if called & POSTS:
                yield f"{said(path)}: {function.name}"


def test_these_are_the_only_ways_out_of_the_house():
    assert set(hands_to_a_provider()) == DOORS


@pytest.mark.parametrize("way", WITHOUT)
def test_every_way_claims_its_own_channel_before_it_leaves(worker, plan, way):
    plan(EVERY_WAY)
    message, outbox = due(way), Watched()

    send(outbox)

    assert (len(outbox.texts), outbox.unclaimed) == (1, [])
    assert claims(message) == [(way, "MADE")]


@pytest.mark.parametrize("way", WITHOUT)
def test_a_way_around_the_ledger_is_noticed(worker, plan, monkeypatch, way):
    plan(EVERY_WAY)
    due(way)
    monkeypatch.setattr(claiming, "_no_turns", lambda of, *_, **__: {e.pk: None for e in of})
    outbox = Watched()

    send(outbox)

    assert outbox.unclaimed == [way]


@pytest.mark.parametrize("way", WITHOUT)
def test_every_way_waits_for_its_own_cap(worker, plan, way):
    plan(EVERY_WAY)
    contacts.set_limit("CAP", way, most=1, hours=24, set_by="Lead", because="test", at=NOON)
    message = due(way)
    contacts.ask(
        message.person.nhs_number, channel=way, topic="food", at=NOON,
        organisation_id=given.area().council.pk,
    )  # fmt: skip
    outbox = Watched()

    send(outbox)

    assert (outbox.texts, state(message)) == ({}, Message.Status.DUE)


@pytest.mark.parametrize(("way", "kind"), [("LETTER", "ADDRESS"), ("EMAIL", "DISCREET")])
def test_a_way_that_is_not_safe_gives_way_to_another(worker, plan, way, kind):
    plan(EVERY_WAY)
    message = due(way)
    set_precaution(message.person, kind, at=NOON)
    outbox = Watched()

    for _ in range(3):
        send(outbox)
        given.follow()

    assert (outbox.texts, state(message)) == ({}, Message.Status.CANCELLED)
    assert message.person.calls.get().why == "NOT_REACHED"


@pytest.mark.parametrize("way", WITHOUT)
def test_what_surely_did_not_arrive_gives_its_turn_back(worker, plan, way):
    plan(EVERY_WAY)
    message = due(way)

    send(Watched(Undeliverable("no such address")))

    assert claims(message) == [(way, "RELEASED")]


def test_every_way_of_a_message_is_a_channel_of_the_ledger():
    assert set(Message.Channel.values) <= set(CHANNELS)


def test_an_answer_to_what_somebody_wrote_goes_through_the_ledger_and_waits_for_nothing(worker):
    contacts.set_limit("CAP", "TEXT", most=1, hours=24, set_by="Lead", because="test", at=NOON)
    first = given.message()
    send(Watched())
    again = given.checkin(of=first.person.enrolments.get(), due_on=NOON - HOUR * 30)
    answer = given.message(of=again, kind="HELP")
    outbox = Watched()

    send(outbox)

    assert (len(outbox.texts), outbox.unclaimed) == (1, [])
    assert claims(answer) == [("TEXT", "MADE")]
