"""By when somebody looks at what a person said: told before any alert has been raised."""

from dataclasses import dataclass
from datetime import datetime, time

from openprotect.checkins.models import Response
from openprotect.checkins.rules import by_when
from openprotect.packs.known import Known
from openprotect.packs.pack import Pack
from openprotect.programmes.queries import pack_of


@dataclass(frozen=True)
class Promise:
    """What a person who answered may expect: about what, which team's job it is, by when."""

    kind: str
    function: str
    look_by: datetime
    settle_by: datetime


def promises(response: Response) -> tuple[Promise, ...]:
    """By when somebody looks at what a person said, soonest first; one for each kind of concern.

    Worked out from the same answers, rules and routes as the alerts will be, so that it can be
    told before the background work has raised them. Never why: only about what, and by when.
    """
    pack = pack_of(response)
    found: dict[str, Promise] = {}
    # The most urgent come first, so the first of a kind is the one that counts.
    for concern in pack.triage.judge(response.answers, Known(at=response.at)):
        promised = promise_of(pack, concern.kind, concern.urgency, at=response.at)
        found.setdefault(concern.kind, promised)
    return tuple(sorted(found.values(), key=lambda each: each.look_by))


def promise_of(pack: Pack, kind: str, urgency: str, *, at: datetime) -> Promise:
    """By when a concern that arises now is looked at and settled, in the hours of the pack."""
    route = pack.routing.route(kind, urgency)
    opens, closes = (_time(pack, key, default) for key, default in STAFFED)
    look_by, settle_by = (
        by_when(at, within, opens=opens, closes=closes)
        for within in (route.accept_within, route.resolve_within)
    )
    return Promise(kind, route.function, look_by, settle_by)


STAFFED = (("answers_read_from", "00:00"), ("answers_read_until", "23:59"))


def _time(pack: Pack, key: str, default: str) -> time:
    """The hours in which answers are read; a pack that names none promises by the clock."""
    known = pack.settings.get(key)
    return time.fromisoformat(str(known.default) if known else default)
