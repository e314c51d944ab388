"""`pack replay PACK --days N`: what a changed pack would have made of the last days' answers."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli.packs.naming import MEANT, database_at_hand, named_pack
from openprotect.packs.pack import Pack
from openprotect.packs.replaying import FEWER, KINDS, MORE
from openprotect.packs.triage import URGENCIES
from openprotect.reports.rules.masking import told


def arguments(words: Any) -> None:
    meaning = "what a changed pack would have made of the answers of the last days"
    parser = words.add_parser("replay", help=meaning, description=meaning)
    parser.add_argument("pack", metavar="PACK", help=MEANT)
    parser.add_argument("--days", type=int, default=28, help="how many days back; 28 if not said")
    parser.add_argument("--practices", action="store_true", help="also by practice")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if not 1 <= options.days <= 400:
        raise Refused("--days must be from 1 to 400.")
    pack = named_pack(options.pack)
    if not isinstance(pack, Pack):
        raise Refused(f"{pack.title} is a register: nobody has answered it.")
    from openprotect.reports.queries.replaying import Replayed, replay_pack

    begun = time.monotonic()
    with database_at_hand():
        replayed: Replayed = replay_pack(pack, days=options.days, at=clock.now())
    for line in _lines(replayed, by_practice=options.practices):
        print(line)
    print(f"took {time.monotonic() - begun:.1f} s")
    return 0


def _lines(replayed: Any, *, by_practice: bool) -> Iterator[str]:
    found, pack = replayed.found, replayed.pack
    yield (
        f"{pack.key} {pack.version} on the answers of {replayed.days} days: {found.answers:,} sets"
        f" of answers, {len(found.people):,} people; they were judged by"
        f" {', '.join(replayed.versions) or 'nothing'}"
    )
    if not found.changed:
        yield "nobody would have been judged otherwise"
        return
    counts = found.by_kind
    for kind, words in KINDS.items():
        shown = [f"{each} {told(counts[kind, each])}" for each in URGENCIES if counts[kind, each]]
        if shown:
            yield f"{words}: {', '.join(shown)}"
    yield "by rule:"
    rules = found.by_rule
    for rule in sorted({name for name, _ in rules}):
        more, fewer = told(rules[rule, MORE]), told(rules[rule, FEWER])
        yield f"  {rule}: {more} more, {fewer} fewer"
    yield from _practices(found.by_practice) if by_practice else ()


def _practices(counts: Any) -> Iterator[str]:
    yield "by practice:"
    for practice, kind, urgency in sorted(counts):
        yield f"  {practice}: {KINDS[kind]}, {urgency}: {told(counts[practice, kind, urgency])}"
