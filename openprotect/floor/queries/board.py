"""Are we keeping up? The floor as it is at this moment: people, calls and counts, no patient."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.working import Colleague, colleagues, staffed_calls
from openprotect.calls.models import Call
from openprotect.calls.queries import Floor
from openprotect.calls.queries import floor as counted
from openprotect.calls.queries.queue import Waiting, nobody_can_take, spilled, waiting
from openprotect.calls.rules import IN_LEDGER, LEASE, as_now
from openprotect.calls.rules.ranking import abilities
from openprotect.floor.queries import able_in_words, day_of

SHOWN = 25
SOON = LEASE / 6  # a lease that has five minutes left, of thirty

MADE = """
SELECT e.by_id, e.detail->>'outcome', count(*) FROM events_event e
 WHERE e.name IN ('call.done', 'call.not_reached', 'call.agreed', 'call.handed_on')
   AND e.at >= %s AND e.at < %s AND e.by_id IS NOT NULL
   AND e.programme_id IN (SELECT p.id FROM programmes_programme p WHERE p.purpose = %s)
 GROUP BY 1, 2
"""
SINCE = """
SELECT e.subject_id, max(e.at) FROM events_event e
 WHERE e.name = 'call.claimed' AND e.subject_id = ANY (%s) GROUP BY 1
"""


@dataclass(frozen=True)
class InHand:
    """A call that somebody holds now: since when, and until when it is theirs."""

    call_id: UUID
    since: datetime | None
    leased_until: datetime
    ends_soon: bool


@dataclass(frozen=True)
class Seat:
    """One call handler on the board: what they do now, and what they have done today."""

    who: Colleague
    in_hand: InHand | None
    given: int
    made: int
    reached: int

    @property
    def can(self) -> tuple[str, ...]:
        return able_in_words(self.who.abilities)

    @property
    def is_of_interest(self) -> bool:
        """On shift, at work all the same, or resting: not everybody who could ever ring."""
        return bool(self.who.is_on_shift or self.in_hand or self.who.rest or self.made)


@dataclass(frozen=True)
class Board:
    """The whole floor at one moment."""

    counts: Floor
    on_paper: int
    made: int
    reached: int
    staffed_today: int | None
    staffed_left: int | None
    by_band: tuple[tuple[str, int], ...]
    seats: tuple[Seat, ...]
    away: int
    queue: tuple[Waiting, ...]
    spill: tuple[Waiting, ...]
    spill_by_owner: tuple[tuple[str, int], ...]
    beyond_all: tuple[Waiting, ...]

    @property
    def on_shift(self) -> int:
        return sum(each.who.is_on_shift for each in self.seats)

    @property
    def paused(self) -> int:
        return sum(each.who.is_on_shift and not each.who.takes_calls for each in self.seats)

    @property
    def ending_soon(self) -> int:
        return sum(bool(each.in_hand and each.in_hand.ends_soon) for each in self.seats)

    @property
    def pulse(self) -> str:
        """The same words while nothing on the board has changed."""
        seats = "".join(
            f"{each.made}{bool(each.in_hand):d}{each.given}{each.who.takes_calls:d}"
            for each in self.seats
        )
        counts = (
            self.counts.waiting,
            self.counts.in_call,
            self.on_paper,
            self.made,
            len(self.spill),
            len(self.beyond_all),
            self.ending_soon,
        )
        return "-".join(str(each) for each in counts) + f"-{seats}"


def board(viewer: Viewer) -> Board:
    """The floor of the viewer's purpose."""
    at, people = viewer.at, colleagues(viewer)
    starts, ends = day_of(at)
    made = made_between(viewer.purpose, starts, ends)
    held, given = _held(at), given_now(at)
    rows = waiting(viewer, limit=500)
    can = [abilities(each.abilities) for each in people if each.takes_calls]
    over = spilled(viewer, limit=500)
    seats = tuple(
        Seat(
            each,
            held.get(each.user_id),
            given.get(each.user_id, 0),
            sum(made.get(each.user_id, {}).values()),
            reached(made.get(each.user_id, {})),
        )
        for each in people
    )
    shown = tuple(each for each in seats if each.is_of_interest)
    return Board(
        counts=counted(viewer),
        on_paper=Call.objects.filter(
            status=Call.Status.CLAIMED, on_paper=True, leased_until__gt=at
        ).count(),
        made=sum(sum(each.values()) for each in made.values()),
        reached=sum(reached(each) for each in made.values()),
        staffed_today=staffed_calls(viewer.purpose, starts, ends),
        staffed_left=staffed_calls(viewer.purpose, at, ends),
        by_band=_by_band(rows),
        seats=shown,
        away=len(seats) - len(shown),
        queue=tuple(rows[:SHOWN]),
        spill=tuple(over),
        spill_by_owner=tuple(Counter(each.owner for each in over).most_common()),
        beyond_all=tuple(nobody_can_take(viewer, can, at=at)),
    )


def made_between(
    purpose: str, starts_at: datetime, ends_at: datetime
) -> Mapping[UUID, Mapping[str, int]]:
    """By call handler: how many calls ended how."""
    with connection.cursor() as cursor:
        cursor.execute(MADE, [starts_at, ends_at, purpose])
        rows = cursor.fetchall()
    found: dict[UUID, Counter[str]] = {}
    for by_id, outcome, many in rows:
        found.setdefault(by_id, Counter())[as_now(outcome or "")] += many
    return found


def reached(outcomes: Mapping[str, int]) -> int:
    """Calls in which somebody was spoken to, as the contact ledger has it."""
    return sum(many for code, many in outcomes.items() if IN_LEDGER.get(code) == "SPOKE")


def _held(at: datetime) -> Mapping[UUID, InHand]:
    held = Call.objects.filter(
        status=Call.Status.CLAIMED, leased_until__gt=at, on_paper=False
    ).values_list("pk", "claimed_by_id", "leased_until")
    rows = list(held.order_by("pk"))
    since = _since(pk for pk, _, _ in rows)
    return {
        by_id: InHand(pk, since.get(pk), until, ends_soon=until - at <= SOON)
        for pk, by_id, until in rows
        if by_id and until
    }


def _since(calls: Iterable[UUID]) -> Mapping[UUID, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(SINCE, [list(calls)])
        return dict(cursor.fetchall())


def given_now(at: datetime) -> Mapping[UUID, int]:
    """By call handler: the waiting calls that are kept for them by name."""
    kept = Call.objects.filter(status=Call.Status.WAITING, assigned_until__gt=at)
    return Counter(kept.values_list("assigned_to_id", flat=True))


def _by_band(rows: Iterable[Waiting]) -> tuple[tuple[str, int], ...]:
    """Waiting calls by the band of their person, in the programme's own words, the most first."""
    named = [
        next((one.words for one in each.reasons if one.factor == "band"), "in no band rung sooner")
        for each in rows
    ]
    words = (each.removeprefix("the programme rings them sooner: ") for each in named)
    return tuple(Counter(words).most_common())
