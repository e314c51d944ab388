"""How a practice takes part: its patients in every programme and why, and who handles what."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from openprotect.accounts.queries import Viewer
from openprotect.alerts.queries.owners import Wanted, owner_for
from openprotect.alerts.rules import CLINICAL, KINDS, MEDICATION, SOCIAL
from openprotect.enrolments.models import Enrolment, Reason
from openprotect.enrolments.queries import visible_to
from openprotect.places.models import Organisation, Team, Undertaking
from openprotect.programmes.models import Programme
from openprotect.programmes.queries import pack_of

HANDLED = (CLINICAL, MEDICATION, SOCIAL)
MOST_REASONS = 6


@dataclass(frozen=True)
class In:
    """A programme, how many of the practice's patients are in it, and for which reasons."""

    title: str
    is_this_one: bool
    people: int
    to_review: int
    reasons: tuple[tuple[str, int], ...]


def programmes(viewer: Viewer, this: Programme) -> tuple[In, ...]:
    """Every programme with patients of the practice; one person may be in several."""
    counted = visible_to(viewer).order_by().values("programme_id", "programme__title")
    active, review = Enrolment.Status.ACTIVE, Enrolment.Status.PREVIEW
    rows = counted.annotate(
        people=Count("id", filter=Q(status=active)),
        to_review=Count("id", filter=Q(status=review)),
    )
    return tuple(
        In(
            row["programme__title"],
            row["programme_id"] == this.pk,
            row["people"],
            row["to_review"],
            _reasons(viewer, row["programme_id"]),
        )
        for row in sorted(rows, key=lambda row: row["programme__title"])
        if row["people"] or row["to_review"]
    )


def _reasons(viewer: Viewer, programme_id: UUID) -> tuple[tuple[str, int], ...]:
    """The reasons for which patients are here, the commonest first; somebody may have several."""
    here = Reason.objects.filter(
        enrolment__practice_id=viewer.organisation_id,
        enrolment__programme_id=programme_id,
        enrolment__status__in=[Enrolment.Status.ACTIVE, Enrolment.Status.PREVIEW],
    )
    counted = here.order_by().values_list("title").annotate(n=Count("enrolment_id", distinct=True))
    return tuple(sorted(counted, key=lambda row: (-row[1], row[0]))[:MOST_REASONS])


@dataclass(frozen=True)
class Handles:
    """Who has one kind of need of the practice's patients now, and what the practice has said."""

    kind: str
    about: str
    team: str
    is_ours: bool
    said: str


def handles(viewer: Viewer, programme: Programme) -> tuple[Handles, ...]:
    """Whose each kind of alert is today, for the practice's patients, as it would be routed."""
    practice = Organisation.objects.get(pk=viewer.organisation_id)
    team = own_team(viewer)
    said = {}
    if team:
        words = Undertaking.objects.filter(team=team).order_by("at", "id")
        said = dict(words.values_list("kind", "takes"))
    return tuple(_handles(viewer, programme, practice, kind, said.get(kind)) for kind in HANDLED)


def _handles(
    viewer: Viewer, programme: Programme, practice: Organisation, kind: str, said: bool | None
) -> Handles:
    route = pack_of(programme).routing.route(kind, "week")
    wanted = Wanted(kind, "week", practice, programme.purpose, route)
    owner = owner_for(wanted, at=viewer.at)
    return Handles(
        kind,
        KINDS[kind],
        owner.team.name,
        owner.team.organisation_id == viewer.organisation_id,
        {True: "ours", False: "others", None: "as-is"}[said],
    )


def own_team(viewer: Viewer) -> Team | None:
    """The practice's own team, which takes its alerts; None when it has none."""
    mine = Team.objects.open(viewer.at.date()).filter(
        organisation_id=viewer.organisation_id, function=Team.Function.PRACTICE
    )
    return mine.select_related("organisation").order_by("name", "id").first()
