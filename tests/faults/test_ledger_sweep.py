"""Killed at any statement or commit: every row is told once, and no turn is held twice."""

import os
import signal
from datetime import timedelta
from itertools import count

import pytest
from django.db import connections

from openprotect.base.nhs_number import synthetic_number
from openprotect.contacts import actions as contacts
from openprotect.contacts.actions import exchanging
from openprotect.contacts.actions.exchanging import exchange
from openprotect.contacts.actions.listing import Reading
from openprotect.contacts.models import Claim, Exchange
from tests import given
from tests.contacts.asking import body_asks, charity, council
from tests.faults.boundaries import Boundaries
from tests.given import NOON

pytestmark = pytest.mark.django_db(transaction=True)
HOW = Reading(today=NOON.date(), synthetic=True)
A_MINUTE = timedelta(minutes=1)


def killed(act, at_boundary, *, edges_only=False, bug=None):
    """Whether a process of its own was killed at this boundary, or else came to its end."""
    connections.close_all()
    child = os.fork()
    if not child:
        status = 1
        try:
            if bug:
                bug()
            with given.as_worker(), Boundaries(at_boundary, edges_only=edges_only).counted():
                act()
            status = 0
        finally:
            os._exit(status)
    ended = os.waitpid(child, 0)[1]
    assert ended == 0 or os.WTERMSIG(ended) == signal.SIGKILL, "it failed by itself"
    return ended != 0


class ALife:
    """A list of a partner: one row clear, one that another body holds, one twice, one none."""

    def __init__(self, home, turn):
        self.turn = turn
        free, held = (synthetic_number(f"swept {each} {turn}") for each in ("free", "held"))
        self.path = home / f"list-{turn}.csv"
        self.path.write_text("\n".join(["nhs_number", free, held, free, "none", ""]))
        with given.as_worker():
            body_asks(held, body=charity())
            self.partner = council()

    def live(self, at=NOON):
        return exchange(self.path, HOW, organisation=self.partner, at=at)

    def faults(self):
        """Sent again afterwards, by somebody who does not know how far the first one came."""
        with given.as_worker():
            done = self.live(NOON + A_MINUTE)
            told = [each.outcome for each in done.results]
            held = list(Claim.objects.filter(exchange__isnull=False, status="HELD"))
            first = done.results[0].claim if done.results else "nothing"
            mine = [each for each in held if str(each.pk) == first]
            turns = Exchange.objects.filter(status="DONE").count()
        right = ["clear", "covered", "duplicate", "rejected"]
        found = [] if told == right else [f"told {told}"]
        found += [] if len(mine) == 1 else [f"turns of row 1: {len(mine)}"]
        found += [] if len(held) == turns == self.turn else [f"{len(held)} turns, {turns} lists"]
        return [f"kill {self.turn}: {each}" for each in found]


def sweep(home, **how):
    """Kill at each boundary in turn until a life ends unharmed; how many, and what was wrong."""
    with given.as_worker():
        given.area()
    found, kills = [], 0
    for turn in count(1):
        life = ALife(home, turn)
        was_killed = killed(life.live, turn, **how)
        kills += was_killed
        found += life.faults()
        if not was_killed:
            break
    return kills, found


def test_a_list_that_is_cut_off_anywhere_is_taken_up_and_told_once(transactional_db, home, say):
    kills, found = sweep(home, edges_only=True)

    say(f"a list: kill points {kills}, faults {len(found)}")
    assert found == []
    assert kills >= 4


@pytest.mark.fault
@pytest.mark.slow
def test_a_list_that_is_cut_off_at_any_statement_is_told_once(transactional_db, home, say):
    kills, found = sweep(home)

    say(f"a list, every statement: kill points {kills}, faults {len(found)}")
    assert found == []


def done_before_it_is_asked():
    """The mistake: a list is noted as done before anybody was asked about."""
    asked = exchanging._begin

    def begin(*args, **named):
        made = asked(*args, **named)
        exchanging.Exchange.objects.filter(pk=made.pk).update(status="DONE", done_at=NOON)
        return made

    exchanging._begin = begin


def test_the_sweep_notices_a_list_that_is_done_before_it_is_asked(transactional_db, home):
    assert sweep(home, edges_only=True, bug=done_before_it_is_asked)[1]


def asked_and_told(number, partner):
    """What a partner does, and does again when it hears nothing: ask, contact, tell."""

    def act():
        mine = Claim.objects.filter(organisation=partner, key=contacts.ledger_key(number))
        if mine.filter(status="MADE").exists():
            return
        answered = contacts.ask(
            number, channel="VISIT", topic="food", at=NOON, organisation_id=partner.pk
        )
        contacts.settle_claim(answered.claim_id, "VISITED", at=NOON)

    return act


def test_an_ask_and_its_end_are_in_the_ledger_once_wherever_it_dies(transactional_db, say):
    found = []
    with given.as_worker():
        partner = council()
    for turn in count(1):
        number = synthetic_number(f"visited {turn}")
        act = asked_and_told(number, partner)
        was_killed = killed(act, turn)
        with given.as_worker():
            act()
            kept = list(Claim.objects.filter(key=contacts.ledger_key(number)).values_list("status"))
        found += [] if kept == [("MADE",)] else [f"kill {turn}: {kept}"]
        if not was_killed:
            break

    say(f"an ask and its end: kill points {turn - 1}, faults {len(found)}")
    assert found == []
    assert turn > 6
