"""The life that is cut short: asked, answered, put to the rules, told back; and what goes on after.

Every step may be taken again: whoever did not hear that it was done tries once more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import viewer
from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Checkin
from openprotect.events.models import Event
from openprotect.gateways.notify import open_postbox
from openprotect.messages.chores import send_due
from openprotect.pathway import following
from openprotect.pathway.composing import compose
from openprotect.pathway.rounds import go_round


@dataclass(frozen=True)
class Case:
    """One person's check-in that a process carries through: what is sent, when, who closes."""

    person: str
    checkin: str
    sends: list
    at: str
    nurse: str

    @property
    def instant(self):
        return datetime.fromisoformat(self.at)


def opens(case, at):
    checkins.open_now(Checkin.objects.get(pk=case.checkin), at=at)


def sends_in(case, at):
    """The answers, as often as they are sent: the same again, or others."""
    checkin = Checkin.objects.get(pk=case.checkin)
    for submission, answers in case.sends:
        checkins.submit(checkin, UUID(submission), channel=Channel.WEB, at=at, answers=answers)


def closes(case, at):
    """A nurse ends the first of the alerts, so that the person is told."""
    first = Alert.objects.filter(person_id=case.person).order_by("rule").first()
    if first:
        with acting_as(case.nurse):
            alerts.close(first, Alert.Outcome.ADVICE, note="Rang them.", viewer=viewer(), at=at)


STEPS = (("opened", opens), ("acknowledged", sends_in), ("closed", closes))


def live(case, tell):
    """From the opening of a check-in to the text that tells the outcome, in one process."""
    with open_postbox(settings.OPENPROTECT) as postbox:
        for name, step in STEPS:
            step(case, case.instant)
            tell(name)
            work(case, postbox)


def work(case, postbox):
    """What background work does for this person now; others' messages are due later."""
    waiting = Event.objects.filter(person_id=case.person, followed_up_at=None).order_by("id")
    for event_id in list(waiting.values_list("pk", flat=True)):
        following.follow(event_id, at=case.instant)
    send_due(at=case.instant, postbox=postbox, compose=compose)


def work_until(case, is_over):
    """A second worker on the same person's events, as long as the first one lives."""
    with open_postbox(settings.OPENPROTECT) as postbox:
        over = False
        while not over:
            over = is_over()
            work(case, postbox)


def go_on(cases, told, at):
    """After the deaths: steps not heard of are tried again, and rounds find what is left."""
    with open_postbox(settings.OPENPROTECT) as postbox:
        for name, step in STEPS:
            for case, heard in zip(cases, told, strict=True):
                if name not in heard:
                    step(case, at)
            following.follow_waiting(at=at, limit=100_000)
            send_due(at=at, postbox=postbox, compose=compose, limit=100_000)
            at += timedelta(minutes=5)
        go_round(at=at, postbox=postbox)
