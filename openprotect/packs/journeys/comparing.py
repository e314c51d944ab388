"""Playing a journey, and saying in an author's words where it came out otherwise than signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openprotect.packs.journeys.moments import in_words
from openprotect.packs.journeys.values import Journey, Outcome, Raised, Step
from openprotect.packs.journeys.world import Alert, CannotHappen, Mark, World
from openprotect.packs.pack import Pack


def play(pack: Pack, journey: Journey) -> Outcome:
    """The journey in a world of its own."""
    world = World(pack, journey)
    differences: list[str] = []
    for step in journey.steps:
        mark = world.mark()
        world.run_until(step.at)
        try:
            world.act(step)
        except CannotHappen as why:
            differences.append(f"{_place(journey, step)}: {why}")
            break
        seen = see(world, mark)
        told = compare(step, seen, journey.first)
        differences += [f"{_place(journey, step)}: {each}" for each in told]
    fired = frozenset(each.rule for each in world.alerts)
    return Outcome(journey, tuple(differences), fired)


@dataclass(frozen=True)
class Seen:
    """What is there right after a step, in this world or in the service."""

    sent: Sequence[str]
    raised: Sequence[Alert]
    standing: Sequence[Alert]
    checkin: str
    call: str
    contact: str


def see(world: World, since: Mark) -> Seen:
    return Seen(
        world.sent[since.sent :],
        world.alerts[since.raised :],
        standing(world),
        checkin_of(world),
        call_of(world),
        "yes" if world.may_contact else "stopped",
    )


def standing(world: World) -> list[Alert]:
    return [each for each in world.alerts if each.status != "closed"]


def checkin_of(world: World) -> str:
    """The latest asking; `none` before the first."""
    return world.askings[-1].status if world.askings else "none"


def call_of(world: World) -> str:
    if world.call is None:
        return "none"
    return "due" if world.call.due_at <= world.now else "later"


def compare(step: Step, seen: Seen, first: date) -> Iterator[str]:
    """Each thing that is otherwise than the step says."""
    then = step.then
    if then.sent is not None and sorted(then.sent) != sorted(seen.sent):
        yield f"sent: expected {_listed(then.sent)}, found {_listed(seen.sent)}"
    if then.raised is not None:
        yield from _concerns("raised", then.raised, seen.raised, first)
    if then.open is not None:
        yield from _concerns("open", then.open, seen.standing, first)
    for name in ("checkin", "call", "contact"):
        expected, found = getattr(then, name), getattr(seen, name)
        if expected is not None and expected != found:
            yield f"{name}: expected {expected}, found {found}"


def _concerns(
    what: str, expected: Sequence[Raised], found: Sequence[Alert], first: date
) -> Iterator[str]:
    wanted, there = sorted(e.rule for e in expected), sorted(e.rule for e in found)
    if wanted != there:
        yield f"{what}: expected {_listed(wanted)}, found {_listed(there)}"
        return
    by_rule = {each.rule: each for each in found}
    for each in expected:
        yield from (f"{what} {each.rule}: {it}" for it in _details(each, by_rule[each.rule], first))


def _details(expected: Raised, found: Alert, first: date) -> Iterator[str]:
    for name in ("kind", "urgency", "owner", "accept_by", "resolve_by"):
        wanted, there = getattr(expected, name), getattr(found, name)
        if wanted is not None and wanted != there:
            yield f"{name}: expected {_told(wanted, first)}, found {_told(there, first)}"


def _told(value: object, first: date) -> str:
    return in_words(value, first) if isinstance(value, datetime) else str(value)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"


def _place(journey: Journey, step: Step) -> str:
    return f"{journey.file}:{step.row}: {in_words(step.at, journey.first)}"
