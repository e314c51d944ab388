"""Sending by hand: a round of messages at an instant, with a postbox that may fail."""

from datetime import timedelta

from openprotect.messages.chores import send_due
from openprotect.messages.models import Message
from openprotect.pathway.composing import compose
from tests.given import NOON

SILENCE = "accepted, then silence"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def send(outbox, *, at=NOON, **more):
    return send_due(at=at, postbox=outbox, compose=compose, **more)


def state(message):
    return Message.objects.get(pk=message.pk).status


def why(message):
    return Message.objects.get(pk=message.pk).ended_because
