"""After an alert was closed: asking whether it helped, and opening the need again."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.alerts.actions.marking import mark
from openprotect.alerts.actions.raising import owner_of
from openprotect.alerts.actions.working import mine
from openprotect.alerts.models import Alert, FollowUp
from openprotect.alerts.queries import WORDS
from openprotect.alerts.rules import LONGEST_REASON
from openprotect.base.refusals import Refused
from openprotect.events.actions import record

DID_NOT_HELP = "did-not-help"
# Nobody was reached, or there was nothing to do: there is nothing that could have helped.
NOTHING_DONE = frozenset({Alert.Outcome.NOT_REACHED, Alert.Outcome.NOT_NEEDED})


@transaction.atomic
def ask_next_time(alert: Alert, *, at: datetime) -> FollowUp | None:
    """Put the question "did this help?" to the person's next check-in; once for each alert."""
    if alert.outcome in NOTHING_DONE:
        return None
    return FollowUp.objects.get_or_create(
        alert=alert,
        defaults={
            "person_id": alert.person_id,
            "enrolment_id": alert.enrolment_id,
            "kind": alert.kind,
            "made_at": at,
        },
    )[0]


@transaction.atomic
def answer_follow_up(
    follow_up: FollowUp, helped: str, *, at: datetime, viewer: Viewer | None = None
) -> FollowUp:
    """What the person said to "did this help?"; the first answer counts, once.

    `viewer` is the call handler who asked; without one the person answered by their own link.
    """
    said = FollowUp.Helped(helped)
    changed = FollowUp.objects.filter(pk=follow_up.pk, answered_at=None).update(
        helped=said, answered_at=at, asked_by_id=viewer.user_id if viewer else None
    )
    follow_up.refresh_from_db()
    if changed:
        # The alert itself is not for the person to read: the worker looks it up and follows.
        record(
            "alert.help_answered",
            follow_up.pk,
            at=at,
            by=viewer.user_id if viewer else None,
            person_id=follow_up.person_id,
            helped=str(said),
        )
    return follow_up


@transaction.atomic
def open_again(
    alert: Alert, *, at: datetime, viewer: Viewer | None = None, because: str = ""
) -> Alert:
    """A closed need is open again: a new alert that follows the closed one, which stays as it was.

    It goes to whoever had it, if they still can take it. If the need is open already, that alert
    is the one.
    """
    alert = mine(alert, viewer) if viewer else Alert.objects.select_for_update().get(pk=alert.pk)
    if viewer and not because.strip():
        raise Refused("Write why it is opened again, for the team that gets it.")
    if alert.status != Alert.Status.CLOSED:
        raise Refused("This is still open.")
    known = Alert.objects.open().filter(enrolment_id=alert.enrolment_id, need=alert.need).first()
    return known or _successor(alert, because.strip()[:LONGEST_REASON], viewer=viewer, at=at)


def _successor(alert: Alert, because: str, *, viewer: Viewer | None, at: datetime) -> Alert:
    owner, route = owner_of(
        alert.enrolment,
        alert.kind,
        WORDS[alert.urgency],
        pack_id=alert.pack_id,
        at=at,
        first=alert.team,
    )
    made = Alert(
        person_id=alert.person_id,
        enrolment_id=alert.enrolment_id,
        programme_id=alert.programme_id,
        pack_id=alert.pack_id,
        source_id=alert.pk,
        response_id=alert.response_id,
        rule=alert.rule if viewer else DID_NOT_HELP,
        kind=alert.kind,
        need=alert.need,
        urgency=alert.urgency,
        reason=alert.reason if viewer else f"It did not help: {alert.reason}"[:300],
        team=owner.team,
        instead=owner.instead,
        follows=alert,
        opened_again_because=because,
        raised_at=at,
        accept_by=owner.accept_by,
        due_at=at + route.resolve_within,
    )
    made.save(force_insert=True)
    mark(made, "alert.raised", at=at, viewer=viewer, rule=made.rule, team=str(owner.team.pk))
    mark(alert, "alert.reopened", at=at, viewer=viewer, successor=str(made.pk))
    return made
