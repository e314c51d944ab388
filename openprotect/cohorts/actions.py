"""Keeping what a run of the rules found, and what it changed since the run before it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from openprotect.cohorts.engine import Known, know_many
from openprotect.cohorts.engine.findings import Findings
from openprotect.cohorts.engine.keeping import kept_facts
from openprotect.cohorts.engine.resolving import Store
from openprotect.cohorts.models import Change, Found, Run
from openprotect.cohorts.rules import REASONS, CohortRules, changing
from openprotect.cohorts.rules.changing import Changed, Standing, changes
from openprotect.records.store import StoreDamaged, open_store

A_BATCH = 1000
MANY = 10_000
INSERT_FOUND = """
    INSERT INTO cohorts_found (id, run_id, nhs_number, practice_code, groups, evidence)
    SELECT gen_random_uuid(), %s, one->>0, one->>1, one->2, one->3
    FROM jsonb_array_elements(%s::jsonb) AS one
"""


@transaction.atomic
def keep_run(
    findings: Findings,
    *,
    pack: str,
    version: str,
    content_hash: str,
    generation: UUID,
    by: str,
    at: datetime,
    made_by: str = "duckdb",
) -> Run:
    """Keep a run whole: whom it found and why, and how many it did not ask about."""
    run = Run.objects.create(
        pack=pack,
        pack_version=version,
        content_hash=content_hash,
        generation=generation,
        as_of=findings.as_of,
        digest=findings.digest,
        people=findings.people,
        eligible=findings.eligible,
        excluded=dict(findings.excluded),
        found_count=findings.found_count,
        by_group=dict(findings.by_group),
        by_practice=dict(findings.by_practice),
        by_quintile=_by_quintile(findings),
        waterfall=[asdict(each) for each in findings.steps],
        engine=made_by,
        at=at,
        by=by,
    )
    _keep_found(run, findings)
    return run


def _keep_found(run: Run, findings: Findings) -> None:
    """A whole system's people in seconds: many in a statement, as the JSON that they are kept as.

    PostgreSQL refuses COPY where row security stands, and this role may make no table of its own.
    """
    rows = (f"[{', '.join(row)}]" for row in findings.as_json())
    with connection.cursor() as cursor:
        while batch := list(islice(rows, MANY)):
            cursor.execute(INSERT_FOUND, [run.pk, f"[{', '.join(batch)}]"])


def _by_quintile(findings: Findings) -> dict[str, int]:
    """How many were found in each fifth of deprivation; 1 is the most deprived, 0 not known."""
    counted = Counter((tenth + 1) // 2 for tenth in findings.table.column("decile").to_pylist())
    return {str(fifth): people for fifth, people in counted.items()}


@dataclass(frozen=True)
class Records:
    """The records that a run was asked of: their store, and the day."""

    store: Store
    as_of: date


def keep_difference(run: Run, rules: CohortRules, store: Store, lake: Path) -> Run:
    """Keep what a run changed since the newest one of its pack that is not of a later day."""
    earlier = Run.objects.filter(pack=run.pack, at__lt=run.at, as_of__lte=run.as_of)
    before = earlier.newest_first().first()
    if before:
        now, then = Records(store, run.as_of), _records_of(before, lake)
        _keep_changes(run, before, rules, now=now, then=then)
    return run


def _records_of(run: Run, lake: Path) -> Records | None:
    """What an earlier run was asked of, if it is still there."""
    try:
        return Records(open_store(lake, run.generation), run.as_of)
    except StoreDamaged:
        return None


@transaction.atomic
def _keep_changes(
    run: Run, before: Run, rules: CohortRules, *, now: Records, then: Records | None
) -> None:
    """Keep what a run changed since the one before it, with why; twice is once.

    Why somebody joined is asked of the records then: whoever was there and excluded has another
    reason than one whose record has grown. Without those records that is not told apart.
    """
    if run.earlier_id is not None:
        return
    found = list(changes(_standings(before), _standings(run)))
    reasons = _reasons(found, rules, now, then)
    run.earlier = before
    run.difference = _counted(found, reasons)
    run.by_group_change = _by_group(found)
    run.save(update_fields=["earlier", "difference", "by_group_change"])
    rows = [_change(run, each, reasons[each.nhs_number]) for each in found]
    Change.objects.bulk_create(rows, batch_size=A_BATCH)


def _standings(run: Run) -> dict[str, Standing]:
    rows = Found.objects.filter(run=run).values_list("nhs_number", "practice_code", "groups")
    return {
        number: Standing(practice, frozenset(groups))
        for number, practice, groups in rows.iterator(chunk_size=10_000)
    }


def _change(run: Run, each: Changed, reason: str) -> Change:
    return Change(
        run=run,
        nhs_number=each.nhs_number,
        practice_code=each.practice,
        practice_before=each.practice_before,
        kind=each.kind,
        reason=reason,
        groups_joined=list(each.came_into),
        groups_left=list(each.went_out_of),
    )


def _reasons(
    found: Iterable[Changed], rules: CohortRules, now: Records, then: Records | None
) -> dict[str, str]:
    """Why each change came about, by NHS number."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in changing.KINDS}
    for each in found:
        by_kind[each.kind].append(each.nhs_number)
    return {
        **dict.fromkeys(by_kind[changing.CHANGED], changing.OTHER_GROUPS),
        **dict.fromkeys(by_kind[changing.MOVED], changing.OTHER_PRACTICE),
        **_why_left(by_kind[changing.LEFT], rules, now),
        **_why_joined(by_kind[changing.JOINED], rules, then),
    }


def _why_left(numbers: list[str], rules: CohortRules, now: Records) -> dict[str, str]:
    facts = kept_facts(rules, now.store, now.as_of)
    known = know_many(rules, now.store, numbers, now.as_of, facts)
    return {
        number: changing.why_left(_excluded(rules, known.get(number)), known=number in known)
        for number in numbers
    }


def _why_joined(numbers: list[str], rules: CohortRules, then: Records | None) -> dict[str, str]:
    if then is None:
        return dict.fromkeys(numbers, changing.NEW_RULE)
    known = know_many(rules, then.store, numbers, then.as_of)
    return {
        number: changing.why_joined(_excluded(rules, known.get(number)), known=number in known)
        for number in numbers
    }


def _excluded(rules: CohortRules, known: Known | None) -> str:
    """Why somebody is not asked about, by the title of it."""
    reason = known.judgement.excluded if known else ""
    return reason if reason in REASONS else rules.title_of(reason)


def _counted(found: Iterable[Changed], reasons: Mapping[str, str]) -> list[dict[str, object]]:
    """How many people, by kind, reason and practice: what a page and a file show, without names."""
    counted = Counter((each.kind, reasons[each.nhs_number], each.practice) for each in found)
    return [
        {"kind": kind, "reason": reason, "practice": practice, "people": people}
        for (kind, reason, practice), people in sorted(counted.items())
    ]


def _by_group(found: Iterable[Changed]) -> dict[str, list[int]]:
    """How many came into each group, and how many went out of it."""
    counts: dict[str, list[int]] = {}
    for each in found:
        for place, names in enumerate((each.came_into, each.went_out_of)):
            for name in names:
                counts.setdefault(name, [0, 0])[place] += 1
    return counts
