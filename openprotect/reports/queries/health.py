"""Does the machinery work? Outages, what providers carry, and what waits or failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from openprotect.messages.models import Message, Outage, Pause
from openprotect.programmes.models import Programme
from openprotect.reports.rules import Period

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Provider:
    """One way of writing to people: when it last carried something, what waits and what failed."""

    channel: str
    last_sent_at: datetime | None
    waiting: int
    sent: int
    failed: int
    paused_until: datetime | None

    @property
    def is_well(self) -> bool:
        tried = self.sent + self.failed
        return self.paused_until is None and self.failed * 10 <= tried


def providers(programme: Programme, *, at: datetime) -> tuple[Provider, ...]:
    """Every way in use, in the last 24 hours."""
    status = Message.Status
    went = Q(status__in=[status.SENT, status.DELIVERED], sent_at__gt=at - DAY)
    counted = (
        Message.objects.filter(programme=programme, made_at__gt=at - 30 * DAY)
        .order_by()
        .values("channel")
        .annotate(
            last=Max("sent_at"),
            waiting=Count("id", filter=Q(status__in=[status.DUE, status.SENDING], due_at__lte=at)),
            sent=Count("id", filter=went),
            failed=Count("id", filter=Q(status=status.FAILED, made_at__gt=at - DAY)),
        )
    )
    paused = dict(Pause.objects.filter(until__gt=at).values_list("channel", "until"))
    names = dict(Message.Channel.choices)
    return tuple(
        Provider(
            str(names.get(row["channel"], row["channel"])),
            row["last"],
            row["waiting"],
            row["sent"],
            row["failed"],
            paused.get(row["channel"]),
        )
        for row in sorted(counted, key=lambda row: row["channel"])
    )


@dataclass(frozen=True)
class Down:
    """A time in which people could not answer, or we could not write."""

    what: str
    began_at: datetime
    ended_at: datetime | None


def outages(period: Period, *, at: datetime) -> tuple[Down, ...]:
    """Those of the period, the newest first; check-ins that fell into them were excused."""
    since = period.starts_at(at)
    found = Outage.objects.filter(began_at__lte=at)
    if since:
        found = found.filter(Q(ended_at=None) | Q(ended_at__gt=since))
    return tuple(
        Down(str(each.get_of_display()), each.began_at, each.ended_at)
        for each in found.order_by("-began_at", "id")[:10]
    )
