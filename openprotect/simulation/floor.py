"""The people at work in a season: call handlers ring, teams accept and close their alerts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import cycle, islice
from uuid import UUID

from django.db import connection

from openprotect.accounts.queries import Viewer
from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.alerts.queries import worklist
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish, hear
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.programmes.queries import pack_of
from openprotect.simulation.behaviour import on_the_phone, says
from openprotect.simulation.beside import Share
from openprotect.simulation.chance import Dice
from openprotect.simulation.replying import Moment, whole
from openprotect.simulation.stage import Member, Stage

ATTEMPTS_AN_HOUR = 4  # a call that is answered takes a quarter of an hour
ON_SHIFT = 3  # one of three callers is there on a day
ALERTS_AN_HOUR = 6
FORGOTTEN = 0.05  # alerts that a team overlooks the first time
OUTCOMES = ("RESOLVED", "ADVICE", "SEEN", "ARRANGED", "NOT_NEEDED")
NOTES = {
    "HANDED_OVER": "999 is on the line.",
    "DIED": "Somebody of the household said so.",
}

ALL = Share()
OPEN_BY_TEAM = """
SELECT t.organisation_id, count(*) FROM alerts_alert a JOIN places_team t ON t.id = a.team_id
 WHERE a.status <> 'CLOSED' GROUP BY 1
"""


def sign_in(stage: Stage, moment: Moment) -> None:
    """Whoever rings on this day has a session, before the work is shared out."""
    for each in _on_shift(stage, moment):
        each.sign_in(moment.at)


def _on_shift(stage: Stage, moment: Moment) -> Sequence[Member]:
    return stage.callers[moment.day % ON_SHIFT :: ON_SHIFT] or stage.callers[:1]


def ring(dice: Dice, stage: Stage, moment: Moment, share: Share = ALL, *, hours: float) -> int:
    """The call handlers on shift ring, one call after the other; how many attempts."""
    on_shift = share.take(_on_shift(stage, moment))
    attempts = 0
    for caller in islice(cycle(on_shift), int(len(on_shift) * hours * ATTEMPTS_AN_HOUR)):
        if not _one_call(dice, stage, caller, moment):
            break
        attempts += 1
    return attempts


def _one_call(dice: Dice, stage: Stage, caller: Member, moment: Moment) -> bool:
    """Take the next call and ring; False when none waits."""
    with caller.at_work(moment.at) as me:
        call = claim_next(viewer=me, at=me.at)
        if call is None:
            return False
        who = stage.people[call.person.nhs_number].character
        outcome = on_the_phone(dice, who, moment.day, call.attempts)
        said = says(dice, who, moment.day)
    if outcome == "ANSWERED":
        _go_through(caller, moment, call, said)
    with caller.at_work(moment.at) as me:
        finish(call, outcome, note=NOTES.get(outcome, ""), viewer=me, at=me.at)
    return True


def _go_through(caller: Member, moment: Moment, call: Call, said: Mapping[str, str]) -> None:
    """Ask every question, each answer kept as it is given, unless somebody answered meanwhile."""
    if call.checkin.status == Checkin.Status.ANSWERED:
        return
    answers = whole(pack_of(call.checkin).questionnaire, said)
    for link_id, value in answers.items():
        with caller.at_work(moment.at) as me:
            hear(call, link_id, value, viewer=me, at=me.at)


def work_alerts(
    dice: Dice, stage: Stage, moment: Moment, share: Share = ALL, *, hours: float
) -> int:
    """Every team that has open alerts works through its list; how many acts."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BY_TEAM)
        waiting: dict[UUID, int] = dict(cursor.fetchall())
    done = 0
    for organisation_id, members in share.take(list(stage.teams.items())):
        if organisation_id in waiting:
            many = max(1, int(hours * ALERTS_AN_HOUR))
            done += sum(_work_list(dice, stage, each, moment, many=many) for each in members)
    return done


def _work_list(dice: Dice, stage: Stage, member: Member, moment: Moment, *, many: int) -> int:
    with member.at_work(moment.at) as me:
        found = list(worklist(me)[: many + 3])
    acts = 0
    for alert in found:
        number = stage.people[alert.person.nhs_number].character.number
        about = (number, alert.rule, moment.day, moment.hour)
        if alert.status == Alert.Status.RAISED and dice.happens(FORGOTTEN, "forgotten", *about):
            continue
        if acts >= many:
            break
        with member.at_work(moment.at) as me:
            acts += _act(dice, alert, me, about)
    return acts


def _act(dice: Dice, alert: Alert, me: Viewer, about: tuple[object, ...]) -> bool:
    """Accept what is new; close what was accepted at least an hour ago."""
    if alert.status == Alert.Status.RAISED:
        alerts.accept(alert, viewer=me, at=me.at)
        return True
    if alert.accepted_at and me.at - alert.accepted_at < timedelta(minutes=50):
        return False
    outcome = dice.one_of(OUTCOMES, "outcome", *about)
    alerts.close(alert, outcome, note="Rang them; it is arranged.", viewer=me, at=me.at)
    return True
