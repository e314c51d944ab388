"""Asking another organisation to help a person, with only what it needs; and taking that back."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.alerts.actions import mine
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import WORDS
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.governance.queries import basis_ends_at
from openprotect.places.models import Team
from openprotect.programmes.queries import pack_of
from openprotect.referrals.models import Referral
from openprotect.referrals.queries import mailbox_of, preview, receivers
from openprotect.referrals.rules import LONGEST_WHAT, NotYourReferral, ReferralChanged

How = Referral.How


@transaction.atomic
def offer(
    alert: Alert, team: Team, *, what: str, how: str, viewer: Viewer, at: datetime
) -> Referral:
    """Ask a team of another organisation to do something about an alert, which stays one's own.

    Asked twice, it is one. What the team is told is fixed here, and is all that it ever sees.
    """
    alert = mine(alert, viewer)
    known = Referral.objects.open().filter(alert=alert, to_team=team).first()
    if known:
        return known
    _check(alert, team, what, how, viewer=viewer, at=at)
    route = pack_of(alert).routing.route(alert.kind, WORDS[alert.urgency])
    made = Referral(
        alert=alert,
        person_id=alert.person_id,
        enrolment_id=alert.enrolment_id,
        programme_id=alert.programme_id,
        from_team=alert.team,
        to_team=team,
        how=How(how),
        what=what.strip(),
        shown=preview(alert, team),
        by_id=viewer.user_id,
        offered_at=at,
        accept_by=at + route.accept_within,
        # Whoever owns the alert must still be able to act when nothing comes of it.
        due_at=max(alert.due_at, at + route.accept_within),
        delivered_at=None if how == How.LINK else at,
    )
    made.save(force_insert=True)
    mark(made, "referral.offered", at=at, viewer=viewer, team=str(team.pk), how=how)
    return made


def _check(alert: Alert, team: Team, what: str, how: str, *, viewer: Viewer, at: datetime) -> None:
    if alert.status == Alert.Status.CLOSED:
        raise Refused("This alert is closed. Open it again first.")
    if not what.strip():
        raise Refused("Write what you ask them to do.")
    if len(what) > LONGEST_WHAT:
        raise Refused(f"What you ask can have up to {LONGEST_WHAT} characters.")
    if team not in receivers(viewer, alert, at=at):
        raise Refused("That team does not look after this person.")
    if how == How.LINK and mailbox_of(team.pk) is None:
        raise Refused("We know no mailbox or phone of that team, so a link cannot be sent.")
    if basis_ends_at(alert.programme.purpose, at=at) is None:
        raise Refused("The legal basis has ended: nobody else may be told of this person.")


@transaction.atomic
def withdraw(
    referral: Referral, *, because: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Referral:
    """Take back what was asked: it is not needed any more, or somebody else does it."""
    referral = locked(referral)
    if referral.from_team.organisation_id != viewer.organisation_id:
        raise NotYourReferral(f"This was asked by {referral.from_team.name}.")
    if referral.status == Referral.Status.WITHDRAWN:
        return referral
    if not because.strip():
        raise Refused("Write why, so that they know that nothing was wrong.")
    still_as_seen(referral, seen)
    referral.move_to(Referral.Status.WITHDRAWN)
    referral.note = because.strip()
    end(referral, viewer=viewer, at=at)
    mark(referral, "referral.withdrawn", at=at, viewer=viewer)
    return referral


def locked(referral: Referral) -> Referral:
    found = Referral.objects.select_for_update(of=("self",))
    return found.select_related("to_team", "from_team").get(pk=referral.pk)


def still_as_seen(referral: Referral, seen: str) -> None:
    """Refuse when a referral is not any more as a page showed it; empty claims nothing."""
    if seen and seen != f"{referral.status}:{referral.changes}":
        raise ReferralChanged(
            f"Somebody changed this while the page was open: it is {referral.get_status_display()}."
        )


def end(referral: Referral, *, viewer: Viewer, at: datetime) -> None:
    referral.ended_at, referral.ended_by_id = at, viewer.user_id
    keep(referral)


def keep(referral: Referral) -> None:
    referral.changes += 1
    referral.save()


def mark(
    referral: Referral, name: str, *, at: datetime, viewer: Viewer | None, **detail: str
) -> None:
    record(
        name,
        referral.pk,
        at=at,
        by=viewer.user_id if viewer else None,
        person_id=referral.person_id,
        programme_id=referral.programme_id,
        alert=str(referral.alert_id),
        **detail,
    )
