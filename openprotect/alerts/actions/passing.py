"""Giving an alert to a team that is better placed, which then accepts it anew."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.actions.marking import mark
from openprotect.alerts.actions.raising import owner_of
from openprotect.alerts.actions.working import MOVED, hand_on, mine, still_as_seen
from openprotect.alerts.models import Alert, Handover
from openprotect.alerts.queries import BACK_TO, WORDS, teams_in_reach
from openprotect.alerts.rules import LONGEST_REASON, ChangedMeanwhile, NotYourAlert
from openprotect.base.refusals import Refused
from openprotect.governance.queries import basis_ends_at
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.programmes.queries import pack_of


@transaction.atomic
def pass_on(
    alert: Alert, team: Team, *, because: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Handover:
    """Hand an alert to another team in reach, with the reason; that team must accept it in time.

    Its due time stays: passing a need round the house does not make it less pressing.
    """
    alert = mine(alert, viewer)
    if alert.status == Alert.Status.CLOSED:
        raise ChangedMeanwhile("This was closed meanwhile.")
    still_as_seen(alert, seen)
    _check(alert, team, because, viewer=viewer, at=at)
    made = Handover(
        alert=alert,
        person_id=alert.person_id,
        from_team=alert.team,
        to_team=team,
        because=because.strip(),
        by_id=viewer.user_id,
        at=at,
    )
    made.save(force_insert=True)
    mark(alert, "alert.handed_on", at=at, viewer=viewer, team=str(team.pk), handover=str(made.pk))
    _move(alert, team, viewer=viewer, at=at)
    return made


@transaction.atomic
def decline(
    alert: Alert, *, because: str, viewer: Viewer, at: datetime, seen: str = ""
) -> Handover:
    """Say that one's team cannot take an alert that was offered: the next team in line gets it.

    Surveillance does not decline: there is nobody after it. It hands on to a team it names.
    """
    alert = mine(alert, viewer)
    if alert.status != Alert.Status.RAISED:
        raise ChangedMeanwhile("This is not on offer any more: it was accepted or closed.")
    still_as_seen(alert, seen)
    _check_words(because)
    if alert.team.organisation_id != viewer.organisation_id:
        raise NotYourAlert(f"This was offered to {alert.team.name}, not to you.")
    if alert.team.function == Team.Function.SURVEILLANCE:
        raise Refused("Surveillance is the last in line: hand it to the team that can help.")
    _check_basis(alert, at=at)
    team = _next_after(alert, viewer, at=at)
    made = Handover(
        alert=alert,
        person_id=alert.person_id,
        from_team=alert.team,
        to_team=team,
        how=Handover.How.DECLINED,
        because=because.strip(),
        by_id=viewer.user_id,
        at=at,
    )
    made.save(force_insert=True)
    mark(alert, "alert.declined", at=at, viewer=viewer, team=str(team.pk), handover=str(made.pk))
    _move(alert, team, viewer=viewer, at=at, declined=True)
    return made


def _next_after(alert: Alert, viewer: Viewer, *, at: datetime) -> Team:
    """Who is next in line. What a partner declines goes back to those who see everybody here."""
    passed = dict.fromkeys([*alert.passed_by, alert.team_id], Alert.Instead.DECLINED.value)
    urgency = WORDS[alert.urgency]
    for_whom = alert.enrolment
    owner, _ = owner_of(for_whom, alert.kind, urgency, pack_id=alert.pack_id, at=at, not_to=passed)
    if viewer.role == Role.PARTNER and owner.team.function not in BACK_TO:
        back = places.team_for("locality", for_whom.practice, at.date())
        return back or owner.team
    return owner.team


@transaction.atomic
def follow_move(person_id: UUID, *, at: datetime) -> None:
    """Open alerts of someone who moved go to the team that does the same job where they live now.

    The old practice and locality do not see the person any more: left there, nobody would act.
    """
    theirs = Alert.objects.open().filter(person_id=person_id)
    for alert in theirs.select_related("team", "enrolment__practice").order_by("id"):
        team = places.team_for(alert.team.function, alert.enrolment.practice, at.date())
        if team and team.pk != alert.team_id:
            accept_by = _accept_by(alert, at=at)
            hand_on(alert, team, because="the person moved", at=at, accept_by=accept_by)


def _accept_by(alert: Alert, *, at: datetime) -> datetime:
    """A team that is given an alert has as long to accept it as the first one had."""
    return at + pack_of(alert).routing.route(alert.kind, WORDS[alert.urgency]).accept_within


def _check(alert: Alert, team: Team, because: str, *, viewer: Viewer, at: datetime) -> None:
    _check_words(because)
    if team.pk == alert.team_id:
        raise Refused(f"This is with {team.name} already.")
    if team not in teams_in_reach(viewer, alert, at=at):
        raise Refused("That team does not look after this person.")
    _check_basis(alert, at=at)


def _check_words(because: str) -> None:
    if not because.strip():
        raise Refused("Write why, so that the next team need not ask you.")
    if len(because) > LONGEST_REASON:
        raise Refused(f"The reason can have up to {LONGEST_REASON} characters.")


def _check_basis(alert: Alert, *, at: datetime) -> None:
    """After its end, only the practice sees the person: handed on, the alert would be lost."""
    if basis_ends_at(alert.programme.purpose, at=at) is None:
        raise Refused("The legal basis has ended: only the practice may work this now.")


def _move(
    alert: Alert, team: Team, *, viewer: Viewer, at: datetime, declined: bool = False
) -> None:
    accept_by = _accept_by(alert, at=at)
    if viewer.role == Role.PARTNER:
        # What a partner gives away is out of its sight, so the database does it for it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT give_back_alert(%s, %s, %s)", [alert.pk, team.pk, accept_by])
        return
    alert.move_to(Alert.Status.RAISED)
    alert.passed_by = [*alert.passed_by, alert.team_id] if declined else []
    alert.instead = Alert.Instead.DECLINED if declined else ""
    alert.team, alert.accepted_at, alert.accepted_by = team, None, None
    alert.accept_by = accept_by
    alert.save(update_fields=MOVED)
