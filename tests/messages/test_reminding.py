"""Delivered and not answered: a reminder or the next way, once, as the pack says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from openprotect.messages.models import Message
from openprotect.packs.channels import ChannelPlan
from openprotect.pathway.reminding import remind_unread
from openprotect.programmes import queries as programmes
from tests import given
from tests.given import NOON
from tests.messages.sending import HOUR, send

pytestmark = pytest.mark.django_db
LATER = NOON + 7 * HOUR


@pytest.fixture
def plan(monkeypatch):
    def go_by(**changed):
        it = replace(given.covid_protect(), channels=replace(ChannelPlan(), **changed))
        monkeypatch.setattr(programmes, "_unpacked", lambda version_id: it)

    return go_by


def invited():
    checkin = given.checkin(closes_at=NOON + timedelta(days=2))
    given.message(of=checkin)
    send(given.Outbox())
    return checkin


def kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


def test_without_a_plan_for_it_nobody_is_reminded(worker):
    invited()

    assert remind_unread(at=LATER) == 0


def test_who_has_not_answered_is_reminded_once_by_the_same_way(worker, plan):
    plan(when_unread="remind")
    invited()

    assert remind_unread(at=NOON + 5 * HOUR) == 0
    for _ in range(3):
        remind_unread(at=LATER)

    assert kinds() == ["INVITE", "REMINDER"]
    outbox = given.Outbox()
    send(outbox, at=LATER)
    ((_, words),) = outbox.texts.values()
    assert "We have not heard from you" in words


def test_who_has_answered_is_left_alone(worker, plan):
    plan(when_unread="remind")
    checkin = invited()
    checkin.status, checkin.answered_at = "ANSWERED", NOON
    checkin.save()

    assert remind_unread(at=LATER) == 0


def test_where_the_next_way_is_only_a_call_the_same_way_reminds(worker, plan):
    plan(when_unread="next")
    invited()

    remind_unread(at=LATER)

    assert kinds() == ["INVITE", "REMINDER"]
