"""What is different between two versions of a pack, in the words of those who sign it."""

from collections.abc import Iterator

from openprotect.packs.differences import asking, judging, telling
from openprotect.packs.differences.difference import Difference
from openprotect.packs.pack import Pack, Register

__all__ = ["Difference", "differences"]


def differences(old: Pack | Register, new: Pack | Register) -> tuple[Difference, ...]:
    """Everything that somebody who signs the new version should know, part by part."""
    return tuple(_all(old, new))


def _all(old: Pack | Register, new: Pack | Register) -> Iterator[Difference]:
    yield from telling.of_headings(old, new)
    yield from judging.of_cohorts(old.cohort, new.cohort)
    if isinstance(old, Pack) and isinstance(new, Pack):
        yield from asking.of_forms(old.files, new.files)
        yield from judging.of_rules(old.triage, new.triage)
        yield from judging.of_sight(old.triage.sight, new.triage.sight)
        yield from judging.of_routes(old.routing, new.routing)
        yield from telling.of_ways(old, new)
        yield from telling.of_messages(old.messages, new.messages)
        yield from telling.of_settings(old.settings, new.settings)
        yield from telling.of_prose(old, new)
    elif type(old) is not type(new):
        yield Difference("pack", "it is a register instead of a programme, or the other way round")
    yield from telling.of_cards(old.files, new.files)
