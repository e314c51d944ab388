"""Visiting pages as somebody, without leaving a trace, and listening for canaries."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.test import Client

from openprotect.accounts.actions import acting_as
from openprotect.governance.models import Access
from tests import given
from tests.isolation.urls import ABOUT, addresses
from tests.isolation.words import may_see, sees_person, who_holds

BLANKS = re.compile(r"&nbsp;|\s+")


@dataclass(frozen=True)
class Answer:
    """What a visit gave: the status, whose canaries sang, and whose access was noted."""

    status: int
    heard: frozenset
    noted: frozenset


class Visits:
    """One browser, in which each member of staff is signed in, and the person with a link."""

    def __init__(self, world):
        self.world, self.made = world, 0
        self.tokens = {each.name: given.token_of(each.user) for each in world.staff.values()}
        self.worker = given.sign_in_with_key("worker", given.WORKER_KEY)
        self.songs = [(song, each.name) for each in world.people.values() for song in each.songs]
        self.client = Client(raise_request_exception=False)
        with transaction.atomic(), acting_as(self.worker):
            newest = Access.objects.order_by("-id").values_list("id", flat=True)
            self.noted_before = newest.first() or 0  # every visit is undone
            transaction.set_rollback(True)  # or the tables that were asked stay locked

    def __call__(self, who, path, method="get"):
        self.made += 1
        self.client.cookies.clear()
        self.client.cookies["openprotect_staff"] = self.tokens.get(who.name, "")
        if who is self.world.answering:
            self.client.cookies["openprotect_person"] = self.world.person_token
        with transaction.atomic():
            response = getattr(self.client, method)(path)
            text = response.content.decode(errors="replace") + str(response.headers)
            noted = self._noted() if response.status_code < 500 else frozenset()
            transaction.set_rollback(True)
        return Answer(response.status_code, self._heard(text), noted)

    def _heard(self, text):
        text = BLANKS.sub("", text.lower())
        return frozenset(name for song, name in self.songs if song in text)

    def _noted(self):
        with acting_as(self.worker):
            since = Access.objects.filter(id__gt=self.noted_before)
            return frozenset(since.values_list("person_id", flat=True))


def ours():
    """The style page shows made-up people, and is there in a demonstration only."""
    return [each for each in addresses() if not each.route.startswith("design/")]


def seen_by(world, who):
    return {body.name for body in world.people.values() if sees_person(who, body)}


def things(world, address):
    """Everything that an address could be about; nothing when it is about nobody."""
    table = ABOUT.get(address.about)
    return [fact for fact in world.facts if fact.table == table]


def is_theirs(who, fact):
    """Whether somebody may open the page about this; a call is its call handler's alone."""
    if fact.table == "calls_call":
        return fact.checkin in who_holds(who, fact)
    return may_see(who, fact)


def spread(facts, most, turn=0):
    """Some of them, far apart, others each turn, so that many visits meet them all."""
    if len(facts) <= most:
        return facts
    step = len(facts) / most
    return [facts[(int(number * step) + turn) % len(facts)] for number in range(most)]
