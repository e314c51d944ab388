"""An import in words, as the command line says it: equations first, then reasons and stops."""

from collections.abc import Iterator, Mapping, Sequence

from openprotect.records.models import Changeset, ChangesetCount
from openprotect.records.rules.reasons import in_words

OUTCOMES = ("added", "changed", "unchanged", "duplicate", "held", "rejected")


def told(changeset: Changeset, refused: Sequence[str] = ()) -> list[str]:
    """What became of the import, or what it would do."""
    counts = list(changeset.counts.order_by("-kind"))
    lines = [f"import {changeset.number} from {changeset.source}: {changeset.get_status_display()}"]
    if changeset.bundles_read or changeset.bundles_refused:
        read, not_read = changeset.bundles_read, changeset.bundles_refused
        lines.append(f"bundles {read + not_read:,} = {read:,} read + {not_read:,} refused")
    lines += [equation(each) for each in counts]
    lines.append(_age(changeset))
    lines += [f"  {count:,} {reason(written)}" for written, count in changeset.reasons.items()]
    lines += [f"  refused {why}" for why in refused[:20]]
    if changeset.left_out:
        named = ", ".join(f"{count:,} {what}" for what, count in changeset.left_out.items())
        lines.append(f"  left out, not records of this kind: {named}")
    lines += [f"  note: {in_words(note)} ({count:,})" for note, count in changeset.notes.items()]
    changes = sum(each.added + each.changed + each.removed for each in counts)
    return [*lines, *_differs(changeset), *_waiting(changeset), f"changes: {changes:,}"]


def _waiting(changeset: Changeset) -> Iterator[str]:
    if not changeset.is_open:
        return
    for stop in changeset.stops:
        yield f"WAITS FOR A SECOND PERSON: {stop}"
    yield (
        f"not taken yet: openprotect import --approve {changeset.number}"
        f" --preview {changeset.preview} --as NAME"
    )


def _differs(changeset: Changeset) -> Iterator[str]:
    """After a re-review: what is no longer as the earlier preview said."""
    if not changeset.before or not changeset.is_open:
        return
    yield "MATCHED AGAIN, because the records changed since the earlier preview:"
    yield from differences(changeset) or ["  nothing differs"]


def differences(changeset: Changeset) -> list[str]:
    """What the earlier preview said and what this one says, where they are not the same."""
    before: Mapping[str, Mapping[str, int]] = changeset.before.get("counts", {})
    found = []
    for each in changeset.counts.order_by("-kind"):
        said = before.get(each.kind, {})
        for name in (*OUTCOMES, "removed"):
            was, now = said.get(name, 0), getattr(each, name)
            if was != now:
                found.append(f"  {each.kind} {name}: {was:,} before, {now:,} now")
    old, new = changeset.before.get("stops", []), changeset.stops
    found += [f"  no longer: {stop}" for stop in old if stop not in new]
    return found + [f"  new: {stop}" for stop in new if stop not in old]


def _age(changeset: Changeset) -> str:
    """How old the records are: nobody should have to guess."""
    extract = changeset.extract_on or "a day not declared"
    return f"data: extract of {extract}, newest event {changeset.newest_event_on or 'none'}"


def equation(counts: ChangesetCount) -> str:
    """Every row of one kind has one outcome: `people 4 rows = 2 added + …`."""
    parts = " + ".join(f"{getattr(counts, each):,} {each}" for each in OUTCOMES)
    gone = f"; {counts.removed:,} no longer there" if counts.removed else ""
    return f"{counts.kind} {counts.rows:,} rows = {parts}{gone}"


def reason(written: str) -> str:
    what, _, code = written.partition(": ")
    return f"{what}: {in_words(code)}"
