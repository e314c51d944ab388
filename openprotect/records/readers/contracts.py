"""The agreed tables (docs/imports.md): which columns each has, under which names, and which is it.

A table is known by its header alone, whatever its file is called and in whatever order its columns
stand, and whether it comes as CSV or as Parquet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openprotect.records.rules.reasons import FileRefused
from openprotect.records.rules.values import Kind

MOST_COLUMNS = 200
PERSONAL = {"nhs_number", "nhsnumber", "nhs_no"}


@dataclass(frozen=True)
class Contract:
    """One agreed table. `stands_alone` is one that may be about people who are not in its import.

    `known_by` are columns that no other contract has, so that a file that lacks others is told so.
    """

    name: str
    kind: Kind
    needs: tuple[str, ...]
    may: tuple[str, ...]
    known_by: frozenset[str]
    other_names: Mapping[str, str] = field(default_factory=dict)
    stands_alone: bool = False
    source: str = "csv"
    setting: str = ""
    permission: str = ""

    def column(self, written: str) -> str:
        """The agreed name of a column."""
        return self.other_names.get(written, written)

    def lacks(self, columns: Sequence[str]) -> list[str]:
        named = {self.column(each) for each in columns}
        return [each for each in self.needs if each not in named]


PEOPLE = Contract(
    "people",
    Kind.PEOPLE,
    needs=("nhs_number", "family_name", "birth_date", "sex", "practice_code"),
    may=(
        "given_name", "mobile", "phone", "email", "address", "postcode", "lsoa", "registered_on",
        "left_on", "deceased", "deceased_on", "restricted", "opted_out", "care_home", "person_id",
        "updated_at",
    ),
    known_by=frozenset({"family_name", "birth_date", "sex"}),
)  # fmt: skip
REGISTRATIONS = Contract(
    "registrations",
    Kind.PEOPLE,
    needs=("nhs_number", "practice_code", "registered_on"),
    may=("left_on",),
    known_by=frozenset({"registered_on", "practice_code"}),
)
EVENTS = Contract(
    "events",
    Kind.EVENTS,
    needs=("nhs_number", "code", "system", "date"),
    may=("term", "value", "unit", "kind", "setting", "episode_id", "event_id", "person_id"),
    known_by=frozenset(),
)
MEDICATIONS = Contract(
    "medications",
    Kind.EVENTS,
    needs=("nhs_number", "code", "issued_on"),
    may=("system", "term", "quantity", "unit", "prescription_id", "setting", "person_id"),
    known_by=frozenset({"issued_on"}),
    other_names={"dmd_code": "code", "prescribed_on": "issued_on", "medicine": "term"},
    setting="gp",
)
ADMISSIONS = Contract(
    "admissions",
    Kind.EVENTS,
    needs=("nhs_number", "admission_id", "admitted_on", "code", "system"),
    may=("term", "position", "event_id", "person_id"),
    known_by=frozenset({"admission_id", "admitted_on"}),
    other_names={
        "admission_date": "admitted_on", "episode_id": "admission_id", "spell_id": "admission_id",
    },
    setting="hospital",
)  # fmt: skip
SOCIAL_CARE = Contract(
    "social care",
    Kind.EVENTS,
    needs=("nhs_number", "code", "system", "assessed_on"),
    may=("term", "value", "unit", "assessment_id", "person_id"),
    known_by=frozenset({"assessed_on"}),
    setting="social",
    permission="social",
)
SCORES = Contract(
    "scores",
    Kind.EVENTS,
    needs=("nhs_number", "model", "version", "value", "scored_on"),
    may=("inputs_missing", "score_id"),
    known_by=frozenset({"scored_on", "model"}),
    stands_alone=True,
    source="scores",
)
RISK_LIST = Contract(
    "risk list",
    Kind.EVENTS,
    needs=("nhs_number", "risk", "event_date"),
    may=("action", "source", "reason", "flag_id"),
    known_by=frozenset({"risk", "risk_flag", "risk_code", "flag", "event_date"}),
    other_names={
        "risk_flag": "risk", "risk_code": "risk", "flag": "risk", "nhsnumber": "nhs_number",
        "risk_level": "risk",
    },
    stands_alone=True,
    source="risk-list",
    setting="list",
)  # fmt: skip
# Best first: a table that has all columns of two of these is the first.
CONTRACTS = (
    SCORES, RISK_LIST, ADMISSIONS, MEDICATIONS, SOCIAL_CARE, EVENTS, PEOPLE, REGISTRATIONS,
)  # fmt: skip


@dataclass(frozen=True)
class Header:
    """The columns of one table, by their agreed names, and those that nobody agreed on."""

    contract: Contract
    columns: tuple[str, ...]
    unknown: tuple[str, ...]


def recognise(written: Sequence[str], file: str, *, registered: bool = False) -> Header:
    """Which of the agreed tables has these columns. Raises FileRefused.

    With `registered`, practices come in a table of registrations, and people may lack theirs.
    """
    columns = tidy(written, file)
    for contract in CONTRACTS:
        lacking = contract.lacks(columns)
        if not lacking or (registered and contract is PEOPLE and lacking == ["practice_code"]):
            return _header(contract, columns, file)
    raise FileRefused(file, _lacking(columns), reason="header")


def could_be(written: Sequence[str]) -> bool:
    """Whether a header, right or wrong, is of a table about people."""
    return bool(PERSONAL & {_plain(each) for each in written})


def tidy(written: Sequence[str], file: str) -> tuple[str, ...]:
    if len(written) > MOST_COLUMNS:
        raise FileRefused(file, "a header of more columns than agreed", reason="header")
    columns = tuple(map(_plain, written))
    _refuse_twice(columns, file)
    return columns


def _plain(written: str) -> str:
    return written.strip().lower().replace(" ", "_").replace("-", "_")


def _refuse_twice(columns: Sequence[str], file: str) -> None:
    twice = sorted({each for each in columns if columns.count(each) > 1})
    if twice:
        words = f"the column {twice[0][:30]!r} stands twice"
        raise FileRefused(file, words, reason="header")


def _header(contract: Contract, columns: Sequence[str], file: str) -> Header:
    named = tuple(map(contract.column, columns))
    _refuse_twice(named, file)
    known = (*contract.needs, *contract.may)
    return Header(contract, named, tuple(each for each in named if each not in known))


def _lacking(columns: Sequence[str]) -> str:
    """What is missing from the contract that the header comes nearest to."""

    def likeness(contract: Contract) -> tuple[int, int, int]:
        own, lacks = len(contract.known_by & set(columns)), len(contract.lacks(columns))
        return own, len(contract.needs) - lacks, -lacks

    nearest = max((PEOPLE, EVENTS, *CONTRACTS), key=likeness)
    lacking = ", ".join(nearest.lacks(columns))
    return f"the header is not as agreed for {nearest.name} (docs/imports.md): it lacks {lacking}"
