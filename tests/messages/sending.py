"""Sending by hand: a round of messages at an instant, with a postbox that may fail."""

from datetime import timedelta

from openprotect.messages.chores import send_due
from openprotect.messages.models import Message
from openprotect.pathway.composing import compose
from tests import given
from tests.given import NOON


class EveryWay(given.Outbox):
    """A postbox that takes e-mails and letters as it takes texts."""

    def post_email(self, reference, to, subject, body):
        return self.post_text(reference, to, f"{subject}\n{body}")

    def post_letter(self, reference, letter):
        return self.post_text(reference, letter.to, letter)


SILENCE = "accepted, then silence"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def send(outbox, *, at=NOON, **more):
    return send_due(at=at, postbox=outbox, compose=compose, **more)


def state(message):
    return Message.objects.get(pk=message.pk).status


def why(message):
    return Message.objects.get(pk=message.pk).ended_because
