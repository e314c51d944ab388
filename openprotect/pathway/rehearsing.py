"""A draft that somebody wants rehearsed: replayed apart, by the worker, who may read answers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from openprotect.packs.problems import PackRefused
from openprotect.packs.replaying import FEWER, KINDS, MORE, Replay
from openprotect.programmes.actions.rehearsing import Otherwise, give_up, keep
from openprotect.programmes.models import Rehearsal
from openprotect.programmes.queries.unpacking import unpacked
from openprotect.reports.queries.replaying import Replayed, replay_pack
from openprotect.reports.rules.masking import told

CHANGED = "The draft was changed meanwhile: ask for it again."
NOT_SOUND = "The draft is not sound: put right what is wrong in it first."


def rehearse(rehearsal_id: UUID, *, at: datetime) -> None:
    """Judge the stored answers twice, and keep counts; small ones are not told."""
    rehearsal = Rehearsal.objects.select_related("draft").get(pk=rehearsal_id)
    draft = rehearsal.draft
    if rehearsal.done_at:
        return
    if draft.content_hash != rehearsal.content_hash:
        give_up(rehearsal, CHANGED, at=at)
        return
    try:
        pack = unpacked(draft.files, draft.content_hash)
    except PackRefused:
        give_up(rehearsal, NOT_SOUND, at=at)
        return
    replayed = replay_pack(pack, days=rehearsal.days, at=rehearsal.asked_at)
    keep(rehearsal, counted(replayed), _people(replayed.found), at=at)


def counted(replayed: Replayed) -> dict[str, Any]:
    """What everybody who may read a rehearsal is told; no count of 1 to 4."""
    found = replayed.found
    rules = found.by_rule
    return {
        "answers": told(found.answers),
        "people": told(len(found.people)),
        "versions": list(replayed.versions),
        "kinds": [
            [KINDS[kind], urgency, told(count)]
            for (kind, urgency), count in sorted(found.by_kind.items())
        ],
        "rules": [
            [rule, told(rules[rule, MORE]), told(rules[rule, FEWER])]
            for rule in sorted({name for name, _ in rules})
        ],
        "practices": [
            [practice, KINDS[kind], urgency, told(count)]
            for (practice, kind, urgency), count in sorted(found.by_practice.items())
        ],
    }


def _people(found: Replay) -> Iterator[Otherwise]:
    """Each person once for each way in which they would have been judged otherwise."""
    seen: set[tuple[str, str]] = set()
    for each in found.changed:
        if (each.person, each.kind) not in seen:
            seen.add((each.person, each.kind))
            yield Otherwise(
                UUID(each.person), each.kind, each.was, each.would_be, each.gained, each.lost
            )
