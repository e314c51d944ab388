"""The few rows beside the lake that a page may show; the lake itself is never opened for one.

Whoever shows them notes whose they were first (`governance.actions.record_access_by_number`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq

from openprotect.records.lake import HELD, folder_of
from openprotect.records.models import Changeset, ChangesetProblem, Proposal

SAMPLES, PROPOSALS = "samples.parquet", "proposals.parquet"
# What a reader compares; the sender's own ids and stamps tell them nothing.
SHOWN = (
    "nhs_number", "given", "family", "birth_date", "sex", "mobile", "phone", "email", "address",
    "postcode", "practice_code", "registered_on", "left_on", "deceased", "deceased_on",
    "restricted", "opted_out", "care_home", "lsoa",
)  # fmt: skip
EVENT_SHOWN = (
    "nhs_number", "kind", "code", "system", "term", "on", "value", "unit", "setting", "episode",
)  # fmt: skip
LOCATION = ("address", "postcode", "practice_code", "lsoa", "mobile", "phone", "email")
HIDDEN = "not shown: restricted"


@dataclass(frozen=True)
class Field:
    """One field of a row: as it would be, and as it was."""

    name: str
    now: str
    was: str = ""

    @property
    def differs(self) -> bool:
        return self.now != self.was


@dataclass(frozen=True)
class Sample:
    """One person whom an import would add or change."""

    outcome: str
    nhs_number: str
    name: str
    fields: Sequence[Field]

    @property
    def changed(self) -> Sequence[Field]:
        return [field for field in self.fields if field.differs]


def samples(folder: Path, changeset: Changeset) -> list[Sample]:
    """Twenty new and twenty changed people at most, chosen when the import was matched."""
    path = _beside(folder, changeset) / SAMPLES
    if not path.is_file():
        return []
    return [_sample(row) for row in pq.read_table(path).to_pylist()]


def _sample(row: Mapping[str, object]) -> Sample:
    fields = [Field(name, _text(row[name]), _text(row[f"was_{name}"])) for name in SHOWN]
    if "true" in (_text(row["restricted"]), _text(row["was_restricted"])):
        fields = [_hidden(field) for field in fields]
    name = f"{_text(row['family']).upper()}, {_text(row['given'])}"
    return Sample(str(row["outcome"]), str(row["nhs_number"]), name, fields)


def _hidden(field: Field) -> Field:
    """Where a restricted person lives is not for this page, whatever it changes to."""
    if field.name not in LOCATION:
        return field
    was = HIDDEN if field.now == field.was else f"{HIDDEN}, changed"
    return Field(field.name, HIDDEN, was)


def _text(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class HeldRow:
    """A row that waits: what it says, and what is held of the person or of whom it may be about."""

    problem: ChangesetProblem
    numbers: tuple[str, ...]
    fields: Sequence[Field]
    is_known: bool


def held_rows(folder: Path, problems: Sequence[ChangesetProblem]) -> list[HeldRow]:
    """What these held rows say, in their order; empty where the file has gone."""
    by_import: dict[UUID, list[ChangesetProblem]] = {}
    for problem in problems:
        by_import.setdefault(problem.changeset_id, []).append(problem)
    found = {}
    for group in by_import.values():
        found.update(_contents(_beside(folder, group[0].changeset) / HELD, group))
    return [_held(problem, found.get(_place(problem), {})) for problem in problems]


def _place(problem: ChangesetProblem) -> tuple[UUID, str, str, int]:
    return problem.changeset_id, problem.kind, problem.file, problem.row


def _contents(
    path: Path, problems: Sequence[ChangesetProblem]
) -> dict[tuple[UUID, str, str, int], Mapping[str, object]]:
    if not path.is_file():
        return {}
    wanted = [("row", "in", [problem.row for problem in problems])]
    rows = pq.read_table(path, filters=wanted).to_pylist()
    known = {(row["kind"], row["file"], row["row"]): json.loads(row["content"]) for row in rows}
    return {
        _place(problem): known.get((problem.kind, problem.file, problem.row), {})
        for problem in problems
    }


def _held(problem: ChangesetProblem, content: Mapping[str, object]) -> HeldRow:
    found = content.get("was")
    was = found if isinstance(found, dict) else {}
    names = SHOWN if problem.kind == "people" else EVENT_SHOWN
    fields = [Field(name, _text(content.get(name)), _text(was.get(name))) for name in names]
    if True in (content.get("restricted"), was.get("restricted")):
        fields = [_hidden(field) for field in fields]
    numbers = dict.fromkeys((_text(content.get("nhs_number")), _text(was.get("nhs_number"))))
    return HeldRow(problem, tuple(each for each in numbers if each), fields, bool(was))


@dataclass(frozen=True)
class Likeness:
    """Two records that may be of one person, side by side."""

    proposal: Proposal
    numbers: tuple[str, str]
    fields: Sequence[Field]


def likenesses(folder: Path, proposals: Sequence[Proposal]) -> list[Likeness]:
    """What the two records of each of these proposals say."""
    path = folder / PROPOSALS
    if not path.is_file() or not proposals:
        return []
    wanted = [("id", "in", [str(each.pk) for each in proposals])]
    rows = {row["id"]: row for row in pq.read_table(path, filters=wanted).to_pylist()}
    return [_likeness(each, rows[str(each.pk)]) for each in proposals if str(each.pk) in rows]


def _likeness(proposal: Proposal, row: Mapping[str, object]) -> Likeness:
    fields = [
        Field(name, _text(row[f"{name}_l"]), _text(row[f"{name}_r"]))
        for name in SHOWN
        if f"{name}_l" in row
    ]
    if "true" in (_text(row["restricted_l"]), _text(row["restricted_r"])):
        fields = [_hidden(field) for field in fields]
    numbers = str(row["nhs_number_l"]), str(row["nhs_number_r"])
    return Likeness(proposal, numbers, fields)


def _beside(folder: Path, changeset: Changeset) -> Path:
    return folder_of(folder, changeset.place or changeset.pk)
