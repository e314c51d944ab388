"""Ten thousand messages sent by two workers that are killed, frozen and told to stop at random.

Arranged and counted in one process, sent in others that are forked for each life. Time runs
faster than the clock on the wall, so that a lease of a minute ends in seconds; the provider's
patience is as much shorter than a lease as it is in earnest.
"""

import os
import random
import signal
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import requests
from nhs_number import calculate_checksum

from openprotect.checkins.models import Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.events.models import Event
from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, Outbox
from openprotect.gateways.notify import NotifyPostbox
from openprotect.messages.chores import give_up_on_unknown, send_due
from openprotect.messages.models import Message
from openprotect.pathway.composing import compose
from openprotect.people.models import Person, Registration
from tests import given
from tests.faults.lives import fork, has_ended, kill
from tests.given import NOON

FASTER = 20  # a second is 20 seconds of the service's time: a lease lasts three
PATIENCE = 0.4
LEASE = 60 / FASTER
# Of a thousand sends, so many go wrong in each way.
FAULTS = {
    "drop": 8,
    "accepted_drop": 8,
    "status 500": 8,
    "accepted_status 500": 8,
    "status 400": 4,
    "status 429": 2,
    "status 429 retry-after": 2,
    "error_as_success": 2,
    "empty_success": 4,
    "not_json": 4,
    "stall": 2,
    "accepted_stall": 2,
    "slow": 2,
}
ENDED = {"SENT", "DELIVERED", "FAILED", "CANCELLED", "UNKNOWN"}
FAR = {"sent": 1, "unknown": 1, "delivered": 2, "failed": 2, "cancelled": 2}


@dataclass
class Found:
    """What one run showed; `said` is its story in figures."""

    messages: int
    kills: int = 0
    stops: int = 0
    freezes: int = 0
    accepted: int = 0
    lost: list = field(default_factory=list)
    twice: int = 0
    backwards: int = 0
    old_unknown: int = 0
    not_ended: int = 0
    late: list = field(default_factory=list)
    late_after_freeze: int = 0
    worst_ms: int = 0
    ends: Counter = field(default_factory=Counter)
    seconds: float = 0.0


def service_time(began):
    """The instant of the service, which began at noon when this process' parent began."""
    return NOON + timedelta(seconds=(time.time() - began) * FASTER)


def numbers():
    """Different NHS numbers of the range that is issued to nobody."""
    for nine in range(999_000_000, 999_999_999):
        check = calculate_checksum(str(nine))
        if check not in (None, 10):
            yield f"{nine}{check}"


def arrange(how_many, *, start=0):
    """So many people with an open check-in and an invitation that is due now."""
    for first in range(start, start + how_many, 1000):
        size = min(1000, start + how_many - first)
        askings = _askings(_people(first, size))
        Message.objects.bulk_create(
            Message(
                person_id=each.person_id,
                programme=each.programme,
                kind="INVITE",
                subject_id=each.pk,
                due_at=NOON,
                made_at=NOON,
            )
            for each in askings
        )


def _people(first, size):
    practice = given.area().practice
    people = [
        Person(
            nhs_number=number,
            given_name="Ada",
            family_name="Canary",
            birth_date=date(1941, 3, 4),
            mobile=f"+447700900{turn:03d}",
            practice=practice,
            known_at=NOON,
        )
        for turn, number in enumerate(islice(numbers(), first, first + size))
    ]
    Person.objects.bulk_create(people)
    Registration.objects.bulk_create(
        Registration(person=each, practice=practice, from_on=date(2020, 1, 1)) for each in people
    )
    return people


def _askings(people):
    programme = given.programme()
    running = {"found_at": NOON, "preview_ends_at": NOON, "status": "ACTIVE", "active_from": NOON}
    enrolled = [
        Enrolment(person=each, programme=programme, practice=each.practice, **running)
        for each in people
    ]
    Enrolment.objects.bulk_create(enrolled)
    opened = {"due_on": NOON.date(), "opens_at": NOON, "closes_at": NOON + timedelta(days=30)}
    askings = [
        Checkin(
            enrolment=each,
            person_id=each.person_id,
            programme=programme,
            pack=programme.pack,
            status="OPEN",
            **opened,
        )
        for each in enrolled
    ]
    Checkin.objects.bulk_create(askings)
    return askings


def script(url, sends, seed):
    """Tell the stand-in what goes wrong, and when."""
    dice, faults = random.Random(seed), []  # noqa: S311 - repeatable
    for kind, of_a_thousand in FAULTS.items():
        trouble, _, rest = kind.partition(" ")
        for at in dice.sample(range(1, sends + 1), max(1, sends * of_a_thousand // 1000)):
            fault = {"at": at, "trouble": trouble}
            if rest[:3].isdigit():
                fault["status"] = int(rest[:3])
            if "retry-after" in rest:
                fault["retry_after"] = 1
            if "stall" in trouble:
                fault["seconds"] = 60 / FASTER
            if trouble == "slow":
                fault["seconds"] = PATIENCE / 2
            faults.append(fault)
    requests.post(f"{url}/control/faults", json=faults, timeout=30).raise_for_status()


class Blind(NotifyPostbox):
    """The same provider, as one that cannot be asked by our reference."""

    def find(self, reference, channel):
        return None


def working(url, began, *, can_be_asked=True):
    """A worker: sends what is due until nothing is, under a session of its own."""
    kind = NotifyPostbox if can_be_asked else Blind

    def work():
        with given.as_worker(), kind(url, DEMO_KEY, DEMO_TEMPLATE, PATIENCE) as postbox:
            quiet = 0
            while quiet < 40:
                done = send_due(at=service_time(began), postbox=postbox, compose=compose, limit=8)
                quiet = 0 if done else quiet + 1
                if not done:
                    time.sleep(0.2)

    return work


def are_left():
    with given.as_worker():
        return Message.objects.filter(status__in=["DUE", "SENDING"]).exists()


def kill_run(found, url, folder, seed, *, kills, can_be_asked=True, longest=1800):
    """Two workers; now and then one is killed and another takes its place, until all is sent.

    Kills are spread over the messages, not over time: each falls while there is work.
    """
    dice, began = random.Random(seed), time.time()  # noqa: S311 - repeatable
    script(url, found.messages, seed)
    workers = [fork(working(url, began, can_be_asked=can_be_asked)) for _ in range(2)]
    while time.time() - began < longest and are_left():
        if found.kills < kills:
            wait_until(found.messages * found.kills // (kills + 1), longest=5)
            time.sleep(dice.uniform(0, 0.06))
        else:
            time.sleep(0.2)
        turn = dice.randrange(2)
        if found.kills < kills or has_ended(workers[turn]):
            found.kills += kill(workers[turn])
            workers[turn] = fork(working(url, began, can_be_asked=can_be_asked))
    for each in workers:
        kill(each)
    found.seconds = time.time() - began
    count_messages(found, folder)


def wait_until(ended, *, longest):
    """Until so many messages are not on their way any more, or for so many seconds."""
    until = time.time() + longest
    while time.time() < until:
        with given.as_worker():
            done = Message.objects.exclude(status__in=["DUE", "SENDING"]).count()
        if done >= ended:
            return
        time.sleep(0.02)


def count_messages(found, folder):
    """Each message against what the provider has under its reference."""
    kept = defaultdict(list)
    for each in Outbox(folder).all():
        kept[each.reference].append(each)
    with given.as_worker():
        give_up_on_unknown(at=NOON + timedelta(hours=100))
        for pk, status in Message.objects.values_list("pk", "status"):
            found.ends[status] += 1
            there = len(kept[str(pk)])
            found.accepted += there
            found.twice += there > 1
            if status in ("SENT", "DELIVERED") and not there:
                found.lost.append(str(pk))
            if status == "CANCELLED" and there:
                found.lost.append(f"{pk} is called cancelled and was sent")
        found.not_ended = sum(n for s, n in found.ends.items() if s not in ENDED)
        found.old_unknown = found.ends["UNKNOWN"]
        found.backwards = _backwards()


def _backwards():
    """Events of a message that say less than one before."""
    seen, back = defaultdict(int), 0
    told = Event.objects.filter(name__startswith="message.").order_by("id")
    for subject, name in told.values_list("subject_id", "name"):
        far = FAR[name.removeprefix("message.")]
        back += far < seen[subject]
        seen[subject] = max(seen[subject], far)
    return back


def stop_run(found, url, folder, seed, *, stops, freezes, longest=1800):
    """Two workers send; people say stop, die, are restricted; workers freeze and wake."""
    dice, began = random.Random(seed), time.time()  # noqa: S311 - repeatable
    requests.post(f"{url}/control/faults", json=[], timeout=30).raise_for_status()
    workers = [fork(working(url, began)) for _ in range(2)]
    committed, frozen = {}, []
    while time.time() - began < longest:
        wait_until(found.messages * len(committed) // (stops + 1), longest=5)
        time.sleep(dice.uniform(0, 0.03))
        if len(committed) < stops and not _stop_one(dice, committed, began):
            break
        if found.freezes < freezes and len(committed) * (freezes + 1) > stops * (found.freezes + 1):
            frozen.append(_freeze(dice.choice(workers), dice, committed, began))
            found.freezes += 1
        if len(committed) >= stops and not are_left():
            break
    for each in workers:
        kill(each)
    found.seconds, found.stops = time.time() - began, len(committed)
    _compare(found, folder, committed, frozen)
    count_messages(found, folder)


WAYS = ("opt-out", "opt-out by text", "death", "restricted", "stopped", "leaves")


def _stop_one(dice, committed, began):
    """One person who has not been written to; what is said holds from its commit."""
    with given.as_worker():
        waiting = Message.objects.filter(status__in=["DUE", "SENDING"]).order_by("due_at", "id")
        near = list(waiting.values_list("person_id", flat=True)[:40])
        near = [each for each in near if each not in committed]
        if not near:
            return False
        person_id, how = dice.choice(near), dice.choice(WAYS)
        _say_stop(person_id, how, service_time(began))
        committed[person_id] = time.time()
    return True


def _say_stop(person_id, how, at):
    from openprotect.people.actions.choosing import choose

    person = Person.objects.filter(pk=person_id)
    if how == "opt-out":
        choose(person_id, "REFUSED", via="LINK", at=at)
    elif how == "opt-out by text":
        choose(person_id, "REFUSED", way="TEXT", via="TEXT", at=at)
    elif how == "death":
        person.update(died_on=date(2026, 1, 1))
    elif how == "restricted":
        person.update(is_restricted=True)
    elif how == "stopped":
        person.update(has_stopped_contact=True)
    else:
        Checkin.objects.filter(person_id=person_id).update(status="CANCELLED")


def _freeze(worker, dice, committed, began):
    """A worker stands still for longer than a lease, while somebody it may hold says stop."""
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGSTOP)
    since = time.time()
    with given.as_worker():
        held = list(
            Message.objects.filter(status="SENDING").values_list("person_id", flat=True)[:4]
        )
        for person_id in held:
            if person_id not in committed:
                _say_stop(person_id, "stopped", service_time(began))
                committed[person_id] = time.time()
    time.sleep(LEASE * dice.uniform(1.05, 1.2))
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGCONT)
    return since, time.time()


def _compare(found, folder, committed, frozen):
    """When the provider took a message, against when the stop was committed."""
    with given.as_worker():
        whose = dict(Message.objects.values_list("pk", "person_id"))
    by_reference = {str(pk): person_id for pk, person_id in whose.items()}
    for kept in Outbox(folder).all():
        said = committed.get(by_reference.get(kept.reference))
        if said is None:
            continue
        took = datetime.strptime(kept.created_at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        late_ms = int((took.timestamp() - said) * 1000)
        if late_ms <= 0:
            continue
        found.worst_ms = max(found.worst_ms, late_ms)
        if late_ms > 5000:
            found.late.append(late_ms)
        if any(since <= took.timestamp() + 0.2 and took.timestamp() <= woke + 1
               and said >= since for since, woke in frozen):  # fmt: skip
            found.late_after_freeze += 1


@contextmanager
def provider(folder):
    """The stand-in in a process of its own; gives its address."""
    import subprocess
    import sys

    with subprocess.Popen(
        [sys.executable, "-m", "openprotect.gateways.fake_notify", "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running.stdout.readline().strip()
        finally:
            running.terminate()
