"""`openprotect cohort diff [RUN]`: who joined, left, changed or moved, and why; and as a file."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from openprotect.cohorts.models import Change, Run
from openprotect.governance.actions import record_access_by_number
from openprotect.reports.rules.tallies import safe

COLUMNS = (
    "nhs_number", "kind", "reason", "practice", "practice_before", "groups_joined", "groups_left",
)  # fmt: skip


def differ(run: Run, file: Path | None) -> Iterator[str]:
    """The counts, and where asked for a file with everybody, of whom it is noted that it shows."""
    yield from counted(run)
    if file:
        yield f"{_write(run, file):,} people written to {file}"


def counted(run: Run) -> list[str]:
    """What a run changed since the one before it, by kind and reason."""
    if run.earlier is None:
        return ["the first run of this pack: there is none to compare it with"]
    lines = [f"since the run as of {run.earlier.as_of}:"]
    people: dict[tuple[str, str], int] = Counter()
    for each in run.difference:
        people[each["kind"], each["reason"]] += each["people"]
    lines += [f"  {count:>7,}  {kind}: {why}" for (kind, why), count in people.items()]
    return lines if people else [*lines, "  nothing changed"]


def _write(run: Run, file: Path) -> int:
    """Everybody as CSV, no cell a formula, with the number of rows in the last line."""
    changes = list(Change.objects.filter(run=run).order_by("kind", "reason", "nhs_number"))
    with file.open("x", newline="", encoding="utf-8") as opened:
        file.chmod(0o600)
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows([safe(cell) for cell in _cells(each)] for each in changes)
        writer.writerow(["rows", len(changes)])
    record_access_by_number(
        [each.nhs_number for each in changes],
        what="cohort.diff",
        why="a file of what a run changed",
    )
    return len(changes)


def _cells(each: Change) -> list[str]:
    return [
        each.nhs_number,
        each.kind,
        each.reason,
        each.practice_code,
        each.practice_before,
        " ".join(each.groups_joined),
        " ".join(each.groups_left),
    ]
