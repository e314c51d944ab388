"""Reading alerts: worklists, most urgent first, overdue worked out as they are read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert, AlertQuerySet, Finding
from openprotect.alerts.queries.climbing import fallen_to
from openprotect.alerts.rules import URGENCIES, Timing, rung
from openprotect.checkins.models import Response
from openprotect.events.models import Event
from openprotect.people.queries import practices_in_reach
from openprotect.places import queries as places
from openprotect.places.models import Team

OUTCOMES = tuple((str(code), str(words)) for code, words in Alert.Outcome.choices)
WORDS = {number: word for word, number in URGENCIES.items()}
BACK_TO = ("surveillance", "locality")
# That somebody was not at work is how things are; these want something put right.
LOUD = ("NO_TEAM", "CLOSED", "NOBODY", "NO_ROUTE")


def visible_to(viewer: Viewer) -> AlertQuerySet:
    """Alerts that this member of staff may see: of people in reach, or owned by their teams."""
    if viewer.role == Role.PARTNER:
        found = Alert.objects.filter(team__organisation_id=viewer.organisation_id)
    else:
        found = Alert.objects.filter(person__practice_id__in=practices_in_reach(viewer))
    return found.select_related("person", "person__practice", "team", "programme")


def worklist(viewer: Viewer) -> AlertQuerySet:
    """Open alerts of the viewer's own teams, most urgent first, then the longest overdue."""
    mine = visible_to(viewer).open().filter(team__organisation_id=viewer.organisation_id)
    return mine.most_urgent_first()


def of_other_teams(viewer: Viewer) -> AlertQuerySet:
    """Open alerts in reach that other teams own, so that nothing is hidden without saying so."""
    others = visible_to(viewer).open().exclude(team__organisation_id=viewer.organisation_id)
    return others.most_urgent_first()


def timing(alert: Alert) -> Timing:
    """What decides how far an open alert has climbed."""
    return Timing(
        alert.urgency,
        alert.accept_by,
        alert.due_at,
        is_accepted=alert.status == Alert.Status.ACCEPTED,
        is_with_surveillance=alert.team.function == Team.Function.SURVEILLANCE,
    )


def stands_with(alert: Alert, *, at: datetime) -> str:
    """Before whom an open alert stands at this moment, in words; empty while it is in time."""
    now_on = rung(timing(alert), at=at)
    return str(Alert.Rung(now_on).label) if now_on and alert.status != Alert.Status.CLOSED else ""


def fallen(viewer: Viewer) -> AlertQuerySet:
    """Open alerts of other teams that stand before the viewer now, whatever the scheduler did."""
    return visible_to(viewer).open().filter(fallen_to(viewer)).most_urgent_first()


class Whose(StrEnum):
    """Whose alerts a list shows."""

    ME = "me"
    TEAM = "team"
    FALLEN = "fallen"
    OTHERS = "others"


@dataclass(frozen=True)
class Wanted:
    """What a list shows: whose alerts, and of those perhaps only some."""

    whose: Whose = Whose.TEAM
    urgency: str = ""
    overdue: bool = False
    not_accepted: bool = False


def listed(viewer: Viewer, wanted: Wanted) -> AlertQuerySet:
    """The open alerts of a list, most urgent first, in a total order."""
    found = _of(viewer, wanted.whose)
    if wanted.whose == Whose.ME:
        found = found.filter(accepted_by_id=viewer.user_id)
    if wanted.urgency:
        found = found.filter(urgency=URGENCIES[wanted.urgency])
    if wanted.overdue:
        found = found.overdue(viewer.at)
    if wanted.not_accepted:
        found = found.filter(status=Alert.Status.RAISED)
    return found


def _of(viewer: Viewer, whose: Whose) -> AlertQuerySet:
    if whose == Whose.FALLEN:
        return fallen(viewer)
    return of_other_teams(viewer) if whose == Whose.OTHERS else worklist(viewer)


@dataclass(frozen=True)
class Load:
    """A team's open alerts in numbers, overdue by this moment's clock; and what others have."""

    open: int
    not_accepted: int
    overdue: int
    now: int
    mine: int
    others: int
    fallen: int
    instead: int


def load(viewer: Viewer) -> Load:
    ours = Q(team__organisation_id=viewer.organisation_id)
    counts = (
        visible_to(viewer)
        .open()
        .aggregate(
            open=Count("id", filter=ours),
            not_accepted=Count("id", filter=ours & Q(status=Alert.Status.RAISED)),
            overdue=Count("id", filter=ours & Q(due_at__lt=viewer.at)),
            now=Count("id", filter=ours & Q(urgency=URGENCIES["now"])),
            mine=Count("id", filter=ours & Q(accepted_by_id=viewer.user_id)),
            others=Count("id", filter=~ours),
            fallen=Count("id", filter=fallen_to(viewer)),
            instead=Count("id", filter=ours & Q(instead__in=LOUD)),
        )
    )
    return Load(**counts)


def told_back(viewer: Viewer) -> AlertQuerySet:
    """Alerts about the viewer's people that were closed, newest first: the outcome told back."""
    return visible_to(viewer).filter(status=Alert.Status.CLOSED).order_by("-closed_at", "id")


def may_act(viewer: Viewer, alert: Alert) -> bool:
    """The owning team; the practice, master of its own patients; surveillance, the backstop."""
    owns = alert.team.organisation_id == viewer.organisation_id
    theirs = alert.enrolment.practice_id == viewer.organisation_id
    return owns or theirs or viewer.role == Role.SURVEILLANCE


def may_decline(viewer: Viewer, alert: Alert) -> bool:
    """The team that an alert is offered to, but for surveillance, which is the last in line."""
    offered = alert.status == Alert.Status.RAISED
    owns = alert.team.organisation_id == viewer.organisation_id
    return offered and owns and alert.team.function != Team.Function.SURVEILLANCE


def teams_in_reach(viewer: Viewer, alert: Alert, *, at: datetime) -> list[Team]:
    """The teams that may be given this alert. A partner gives back, it does not send on."""
    near = places.teams_near(alert.enrolment.practice, at.date())
    if viewer.role == Role.PARTNER:
        return [each for each in near if each.function in BACK_TO]
    return near


def as_seen(alert: Alert) -> str:
    """What a page shows of an alert, in short: kept in its form, compared when that comes back."""
    said = Response.objects.filter(person_id=alert.person_id).order_by("-at", "-id")
    latest = said.values_list("id", flat=True).first()
    found = Finding.objects.filter(alert=alert).order_by("-at", "-id")
    noted = found.values_list("id", flat=True).first()
    return f"{alert.status}:{alert.team_id}:{alert.accepted_by_id}:{latest}:{noted}"


def what_changed(alert: Alert, seen: str) -> str:
    """What happened to an alert since a page showed it, in words; empty when nothing did."""
    if seen == as_seen(alert):
        return ""
    now, before = as_seen(alert).split(":"), seen.split(":")
    if now[1:2] != before[1:2]:
        return f"This was handed to {alert.team.name} while this page was open."
    if now[:3] != before[:3] and alert.accepted_by:
        return f"{alert.accepted_by.name} accepted this while this page was open."
    if now[3:] != before[3:]:
        return "New answers came in while this page was open. Read them, then go on."
    return "This changed while the page was open. Look at it again, then go on."


def was_mine(viewer: Viewer, alert_id: UUID) -> bool:
    """Whether this member of staff once accepted the alert, and so may be told that it is gone."""
    mine = Event.objects.filter(subject_id=alert_id, name="alert.accepted", by_id=viewer.user_id)
    return mine.exists()
