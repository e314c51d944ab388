"""A link tells nothing by the time it takes: the same is asked of the database for every cause.

The figures of the stopwatch need a quiet machine: `python3 run.py bench front_door`.
"""

import os
import random
import re
import time

import pytest
from django.db import connection
from django.test import Client

from openprotect.checkins.models import Link
from openprotect.web.checkin import front_door
from tests.faults.telling_apart import by_many_looks, by_one_look
from tests.web.checkin.links import (
    closed,
    dead,
    expired,
    locked,
    refused_everything,
    restricted,
    stopped,
    unknown,
    used,
)
from tests.web.checkin.people import BORN, asked, link

pytestmark = pytest.mark.django_db
# Every cause that somebody could want to find out about a link of the right form.
CAUSES = (unknown, used, expired, closed, dead, stopped, refused_everything, restricted, locked)
LINKS, LOOKS = int(os.environ.get("OPENPROTECT_LINKS", "40")), 50
# What a guess reaches on half of 40 links, 19 times of 20; and on thousands of single looks.
CHANCE_BY_MANY, CHANCE_BY_ONE = 0.66, 0.55


# Each transaction's savepoints have names of their own.
NAMED = re.compile(r"s[0-9]+_x[0-9]+")


class Statements:
    """What is asked of the database while somebody looks."""

    def __init__(self):
        self.asked = []

    def __call__(self, execute, sql, *rest):
        self.asked.append(NAMED.sub("s", sql))
        return execute(sql, *rest)


def statements(token, how):
    heard = Statements()
    with connection.execute_wrapper(heard):
        getattr(Client(), how)(f"/c/{token}", BORN)
    return heard.asked


@pytest.mark.parametrize("how", ["get", "post"])
def test_for_every_cause_the_same_statements_are_run(worker, how):
    asked()
    statements(unknown("", None), how)  # what is read once and kept
    as_unknown = statements(unknown("", None), how)

    differ = {}
    for cause in CAUSES:
        checkin = asked()
        found = statements(cause(link(checkin), checkin), how)
        if found != as_unknown:
            differ[cause.__name__] = found

    assert differ == {}
    assert as_unknown


def test_a_page_that_asks_more_for_a_known_link_is_noticed(worker, monkeypatch):
    behind, checkin = front_door.pack_behind, asked()
    known = used(link(checkin), checkin)

    def chatty(token):
        if token == known:
            Link.objects.count()
        return behind(token)

    monkeypatch.setattr(front_door, "pack_behind", chatty)

    assert statements(known, "get") != statements(unknown("", None), "get")


def looks(tokens):
    """How long each look at each link took, in a random order, warmed up."""
    client, draw = Client(), random.Random(3)  # noqa: S311
    turns = [(cause, place) for cause, found in tokens.items() for place in range(len(found))]
    taken = {cause: [[] for _ in found] for cause, found in tokens.items()}
    for _ in range(LOOKS + 2):
        draw.shuffle(turns)
        for cause, place in turns:
            path = f"/c/{tokens[cause][place]}"
            begun = time.perf_counter()
            client.get(path)
            taken[cause][place].append(time.perf_counter() - begun)
    return {cause: [each[2:] for each in found] for cause, found in taken.items()}


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.skipif("OPENPROTECT_LINKS" not in os.environ, reason="needs a quiet machine: bench")
def test_by_a_stopwatch_no_cause_is_told_from_another_better_than_by_chance(worker, say):
    tokens = {}
    for cause in CAUSES:
        checkins = [asked() for _ in range(LINKS)]
        tokens[cause.__name__] = [cause(link(each), each) for each in checkins]
    times = looks(tokens)

    one, many = {}, {}
    for cause in CAUSES[1:]:
        one[cause.__name__] = by_one_look(times, "unknown", cause.__name__)
        many[cause.__name__] = by_many_looks(times, "unknown", cause.__name__)
    worst_one, worst_many = max(one.values()), max(many.values())
    for name, told in many.items():
        say(f"unknown or {name}: {one[name]:.3f} by one look, {told:.3f} by {LOOKS} looks")
    say(f"worst: {worst_one:.3f} by one look, {worst_many:.3f} by {LOOKS} looks; chance is 0.5")

    assert worst_one <= CHANCE_BY_ONE
    assert worst_many <= CHANCE_BY_MANY


def test_the_stopwatch_tells_a_page_that_takes_longer(say):
    draw = random.Random(1)  # noqa: S311
    times = {
        "unknown": [[draw.gauss(3.0, 0.3) for _ in range(50)] for _ in range(40)],
        "slower": [[draw.gauss(3.2, 0.3) for _ in range(50)] for _ in range(40)],
    }

    assert by_one_look(times, "unknown", "slower") > 0.58
    assert by_many_looks(times, "unknown", "slower") > 0.9
