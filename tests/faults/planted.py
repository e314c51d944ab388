"""Well-known mistakes, to show that the sweep finds them; only its own test uses them."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction

from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Evaluation
from openprotect.checkins.models import Response
from openprotect.events.models import Done
from openprotect.gateways.notify import open_postbox
from openprotect.messages.actions.together import note_sent
from openprotect.messages.chores import sending
from openprotect.pathway import following
from openprotect.pathway.table import PATHWAY
from openprotect.people.models import Person


def mark_before_send():
    """The message is noted as sent, and then sent."""
    post = sending._post

    def post_what_is_marked(each, *, postbox):
        note_sent([(each.message.pk, "")], at=each.message.due_at)
        return post(each, postbox=postbox)

    sending._post = post_what_is_marked


def look_once():
    """Whether anybody has said stop is asked when a lease begins, and never again."""
    sending.FRESH_FOR = sending.LONGEST_LOOK = 3600


def send_on_commit():
    """The outcome is told when the transaction has committed; no row says that it is owed."""

    def tell_at_once(event, at):
        to = Person.objects.get(pk=event.person_id).mobile

        def post():
            with open_postbox(settings.OPENPROTECT) as postbox:
                postbox.post_text(uuid4(), to, "We have acted on what you told us.")

        transaction.on_commit(post)

    PATHWAY["alert.closed"] = [tell_at_once]


def alerts_after_the_note():
    """That a response was evaluated is noted first; alerts follow in transactions of their own."""

    def evaluate(response, *, at):
        if Evaluation.objects.filter(pk=response.pk).exists():
            return
        found, failures = alerts._concerns(response.checkin, response.answers)
        Evaluation.objects.create(
            response=response,
            person_id=response.person_id,
            at=at,
            findings=len(found) - failures,
            failures=failures,
        )
        _raise(response, found, at=at)

    def step_by_step(step, event, *, at):
        if not Done.objects.filter(event=event, step=step.__name__).exists():
            step(event, at)
            Done.objects.create(event=event, step=step.__name__, at=at)

    alerts.evaluate, following.carry_out = evaluate, step_by_step


def _raise(response: Response, found, *, at):
    for concern in found:
        alerts.raise_alert(
            response.checkin.enrolment,
            concern,
            source_id=response.checkin_id,
            pack_id=response.pack_id,
            response=response,
            at=at,
        )


BUGS = {each.__name__: each for each in (mark_before_send, send_on_commit, alerts_after_the_note)}
