"""Reading referrals: what is asked of us, what became of what we asked, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.alerts.models import Alert
from openprotect.contacts.queries import to_share
from openprotect.people.queries import needs_in_words, practices_in_reach
from openprotect.places import queries as places
from openprotect.places.models import Team
from openprotect.referrals.models import Document, Mailbox, Notice, Referral, ReferralQuerySet
from openprotect.referrals.rules import LABELS, needed_by

RECEIVERS = frozenset({"council", "charity", "pharmacy", "practice", "locality"})
NOT_DELIVERED_AFTER = "1 hour"
OUTCOMES = tuple((str(code), str(words)) for code, words in Referral.Outcome.choices)
DECLINES = tuple((str(code), str(words)) for code, words in Referral.Declined.choices)
WAYS = tuple((str(code), str(words)) for code, words in Referral.How.choices)
MOST = 200


RECEIVES_ONLY = frozenset({Role.PARTNER, Role.CLIENT, Role.TASK})


def visible_to(viewer: Viewer) -> ReferralQuerySet:
    """Referrals made to one's own organisation, and those about people in reach."""
    mine = Q(to_team__organisation_id=viewer.organisation_id)
    if viewer.role not in RECEIVES_ONLY:
        mine |= Q(person__practice_id__in=practices_in_reach(viewer))
    found = Referral.objects.filter(mine)
    return found.select_related("to_team", "from_team", "programme")


def the_task(viewer: Viewer) -> Referral | None:
    """The one referral that a session by link was opened for; for nobody else is there one."""
    return visible_to(viewer).first() if viewer.role == Role.TASK else None


def to_us(viewer: Viewer) -> ReferralQuerySet:
    """What is asked of the viewer's own organisation and not ended yet."""
    found = visible_to(viewer).open().filter(to_team__organisation_id=viewer.organisation_id)
    return found.most_pressing_first()


def from_us(viewer: Viewer) -> ReferralQuerySet:
    """What teams of the viewer's organisation asked of others, whatever came of it."""
    if viewer.role in RECEIVES_ONLY:
        return Referral.objects.none()
    found = visible_to(viewer).filter(from_team__organisation_id=viewer.organisation_id)
    return found.order_by("-offered_at", "id")


def to_chase(viewer: Viewer) -> ReferralQuerySet:
    """What is late or was never delivered: one's own, and for surveillance everybody's.

    Never nobody's: a referral that the sender forgot stands on surveillance's list too.
    """
    failed = Notice.objects.filter(
        referral_id=OuterRef("pk"), kind=Notice.Kind.TASK, status=Notice.Status.FAILED
    )
    undelivered = Q(delivered_at=None) & Exists(failed)
    late = visible_to(viewer).late(viewer.at) | visible_to(viewer).open().filter(undelivered)
    if viewer.role != Role.SURVEILLANCE:
        late = late.filter(from_team__organisation_id=viewer.organisation_id)
    return late.distinct().order_by("due_at", "id")


NO_ANSWER_AFTER = timedelta(days=2)


def documents(viewer: Viewer) -> QuerySet[Document]:
    """Documents about people in reach, told to their practices."""
    found = Document.objects.filter(person__practice_id__in=practices_in_reach(viewer))
    return found.select_related("practice", "alert__team__organisation")


def documents_to_chase(viewer: Viewer) -> QuerySet[Document]:
    """Refused, failed, or without an answer for two days: somebody has to ring the practice."""
    silent = Q(status="SENT", settled_at__lt=viewer.at - NO_ANSWER_AFTER)
    late = documents(viewer).filter(Q(status__in=["REFUSED", "FAILED"]) | silent)
    return late.filter(replaced_by=None).order_by("made_at", "id")


def of_alert(viewer: Viewer, alert_id: UUID) -> ReferralQuerySet:
    return visible_to(viewer).filter(alert_id=alert_id).order_by("-offered_at", "id")


def told_back(viewer: Viewer) -> ReferralQuerySet:
    """Referrals about the viewer's people that have ended, newest first: the outcome told back."""
    ended = visible_to(viewer).filter(status__in=["DONE", "DECLINED"])
    return ended.order_by("-ended_at", "id")


@dataclass(frozen=True)
class Fact:
    """One thing that a receiver is told, under its name."""

    label: str
    value: str


def facts(referral: Referral) -> tuple[Fact, ...]:
    """What the receiver sees of the person: what was put into the referral, and nothing else."""
    return tuple(
        Fact(LABELS[key], str(value))
        for key, value in referral.shown.items()
        if key in LABELS and value
    )


def preview(alert: Alert, team: Team) -> dict[str, str]:
    """What a receiver would see of the person behind an alert, if it were asked now."""
    person = alert.person
    known = {
        "mind": " ".join(to_share(person.pk)),
        "needs": needs_in_words(person.pk),
        "name": f"{person.given_name} {person.family_name}",
        "phone": ", ".join(each for each in (person.mobile, person.landline) if each),
        "address": ", ".join(each for each in (person.address, person.postcode) if each),
        "language": "" if person.language == "en" else person.language,
        "birth_date": person.birth_date.strftime("%-d %B %Y") if person.birth_date else "",
        "nhs_number": person.nhs_number,
        "practice": person.practice.name,
    }
    wanted = needed_by(team.function, is_restricted=person.is_restricted)
    return {key: known[key] for key in wanted if known[key]}


def receivers(viewer: Viewer, alert: Alert, *, at: datetime) -> list[Team]:
    """The teams that may be asked to help with an alert: near the person, and not one's own."""
    near = places.teams_near(alert.enrolment.practice, at.date())
    return [
        each
        for each in near
        if each.function in RECEIVERS and each.organisation_id != viewer.organisation_id
    ]


def helping_teams(*, at: datetime) -> list[tuple[Team, Mailbox | None]]:
    """Every open team of a council, charity or pharmacy, with where it is known to be reached."""
    teams = Team.objects.open(at.date()).filter(function__in=["council", "charity", "pharmacy"])
    boxes = Mailbox.objects.in_bulk()
    return [(each, boxes.get(each.pk)) for each in teams.order_by("name", "id")]


def mailbox_of(team_id: UUID) -> Mailbox | None:
    return Mailbox.objects.filter(pk=team_id).first()


@dataclass(frozen=True)
class Load:
    """An organisation's referrals in numbers."""

    waiting: int
    late: int
    open: int
    to_chase: int


def load(viewer: Viewer) -> Load:
    late = Q(due_at__lt=viewer.at) | Q(status="OFFERED", accept_by__lt=viewer.at)
    counted = (
        to_us(viewer)
        .order_by()
        .aggregate(
            open=Count("id"),
            waiting=Count("id", filter=Q(status="OFFERED")),
            late=Count("id", filter=late),
        )
    )
    return Load(**counted, to_chase=to_chase(viewer).order_by().count())


def as_seen(referral: Referral) -> str:
    """What a page shows of a referral, in short: kept in its form, compared when it comes back."""
    return f"{referral.status}:{referral.changes}"
