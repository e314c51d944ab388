"""Records that may be of one person under two NHS numbers: proposed to a person, never merged.

A pair that was declined is not proposed again; a pair that was confirmed is read as one person by
an import like any other, and taking the decision back makes two of them again.
"""

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.records import queries
from openprotect.records.actions import linking, superseding
from openprotect.records.actions.linking import COMPARED
from openprotect.records.actions.reviewing import SettledAlready
from openprotect.records.models import Changeset, Proposal
from openprotect.records.queries.peeking import PROPOSALS, SHOWN

Status = Proposal.Status


@dataclass(frozen=True)
class Proposed:
    """How many pairs were found, and how many of them nobody had been asked about before."""

    people: int
    pairs: int
    new: int


def propose(*, folder: Path, key: bytes, at: datetime) -> Proposed:
    """Look for people who are in the lake twice. Who was declined once is not asked about again."""
    present = queries.present_lake(folder)
    with duckdb.connect() as sql:
        sql.execute("SET threads TO 2")
        people = present.live_people
        pairs = _beside_each_other(sql, people, linking.find_pairs(sql, people))
        (count,) = sql.execute("SELECT count(*) FROM compared_people").fetchall()[0]
    for pair in pairs:
        first, second = str(pair["nhs_number_l"]), str(pair["nhs_number_r"])
        digest = hmac.digest(key, f"{first} {second}".encode(), sha256)
        pair["id"] = str(UUID(bytes=digest[:16]))
    new = _keep(pairs, at=at)
    _write(folder / PROPOSALS, pairs)
    return Proposed(count, len(pairs), new)


def _beside_each_other(
    sql: duckdb.DuckDBPyConnection, people: str, pairs: str
) -> list[dict[str, object]]:
    """What the two records of each pair say, the smaller number on the left."""
    query = _FOUND.format(people=people, pairs=pairs, columns=_columns())
    return list(sql.sql(query).to_arrow_table().to_pylist())


def _columns() -> str:
    left = ", ".join(f"l.{name}::VARCHAR AS {name}_l" for name in SHOWN)
    right = ", ".join(f"r.{name}::VARCHAR AS {name}_r" for name in SHOWN)
    return f"{left}, {right}"


@transaction.atomic
def _keep(pairs: Sequence[dict[str, object]], *, at: datetime) -> int:
    known = set(Proposal.objects.values_list("pk", flat=True))
    new = [pair for pair in pairs if UUID(str(pair["id"])) not in known]
    Proposal.objects.bulk_create(
        [
            Proposal(
                id=UUID(str(pair["id"])),
                score=float(str(pair["score"])),
                agreeing=[name for name in COMPARED if _agree(pair, name)],
                differing=[name for name in COMPARED if not _agree(pair, name)],
                proposed_at=at,
            )
            for pair in new
        ],
        batch_size=2000,
    )
    return len(new)


def _agree(pair: dict[str, object], name: str) -> bool:
    left, right = (str(pair[f"{name}_{side}"] or "").casefold() for side in "lr")
    return bool(left) and left == right


def _write(path: Path, pairs: Sequence[dict[str, object]]) -> None:
    """Beside the lake, swapped in whole, with those that were proposed before."""
    fresh = path.with_suffix(".new")
    before = pq.read_table(path).to_pylist() if path.is_file() else []
    now = {str(pair["id"]) for pair in pairs}
    rows = [*pairs, *(row for row in before if row["id"] not in now)]
    pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), fresh)
    os.chmod(fresh, 0o600)
    fresh.replace(path)


class NotTwo(Refused):
    """The number to keep must be one of the two."""


@transaction.atomic
def decide(
    proposal: Proposal,
    status: str,
    *,
    by: str,
    at: datetime,
    keeps_second: bool | None = None,
    user: UUID | None = None,
) -> Proposal:
    """Somebody says that the two are one person, and which number stays; or that they are two.

    A decision can be taken back: the pair waits again, and records that were read as one are two.
    """
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if found.status == status and found.decided_by in ("", by):
        return found
    if status != Status.PROPOSED and found.status != Status.PROPOSED:
        raise SettledAlready(
            f"{found.decided_by} has decided already: {found.get_status_display()}."
        )
    if (status == Status.CONFIRMED) != (keeps_second is not None):
        raise NotTwo("Say which of the two numbers is the current one.")
    Proposal.MOVES.check(found.status, status)
    found.status, found.keeps_second = status, keeps_second
    waits = status == Status.PROPOSED
    found.decided_by, found.decided_at = ("", None) if waits else (by, at)
    found.save()
    record("import.pair_decided", found.pk, at=at, by=user, by_name=by, status=status)
    return found


def apply_decisions(*, folder: Path, at: datetime) -> list[Changeset]:
    """Read the confirmed pairs as one person, and those taken back as two again."""
    path = folder / PROPOSALS
    waiting = [
        each
        for each in Proposal.objects.order_by("decided_by", "id")
        if each.is_applied != (each.status == Status.CONFIRMED)
    ]
    if not waiting or not path.is_file():
        return []
    ids = [str(each.pk) for each in waiting]
    columns = ["id", "nhs_number_l", "nhs_number_r"]
    rows = pq.read_table(path, columns=columns, filters=[("id", "in", ids)]).to_pylist()
    numbers = {row["id"]: (row["nhs_number_l"], row["nhs_number_r"]) for row in rows}
    made = []
    for each in waiting:
        if str(each.pk) in numbers:
            made.append(_apply(each, numbers[str(each.pk)], folder=folder, at=at))
    return [changeset for changeset in made if changeset]


def _apply(
    proposal: Proposal, numbers: tuple[str, str], *, folder: Path, at: datetime
) -> Changeset | None:
    by = proposal.decided_by or "taken back"
    if proposal.status == Status.CONFIRMED:
        old, new = numbers if proposal.keeps_second else numbers[::-1]
        changeset = superseding.supersede([(old, new)], folder=folder, by=by, at=at)
    else:
        changeset = superseding.supersede([], parted=numbers, folder=folder, by=by, at=at)
    Proposal.objects.filter(pk=proposal.pk).update(is_applied=proposal.status == Status.CONFIRMED)
    return changeset


_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("score", pa.float64()),
        *((f"{name}_{side}", pa.string()) for side in "lr" for name in SHOWN),
    ]
)
_FOUND = """
WITH everybody AS ({people}), numbered AS (
  SELECT least(nhs_number_l, nhs_number_r) AS first, greatest(nhs_number_l, nhs_number_r) AS second,
         max(match_probability) AS score
  FROM {pairs} GROUP BY ALL
)
SELECT score, {columns} FROM numbered
JOIN everybody l ON l.nhs_number = first
JOIN everybody r ON r.nhs_number = second
ORDER BY score DESC, first, second
"""
