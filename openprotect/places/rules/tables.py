"""Reading the files row by row; a row that cannot be used is kept with its reason."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, TypeVar

from openprotect.base.refusals import Refused
from openprotect.places.rules.stated import Rejected

AREAS = "areas.csv"
PRACTICES = "epraccur-norfolk-waveney.csv"
NETWORKS = "practice-pcn-ccg-icb-2022-01.csv"
LOCALITIES = "practice-former-ccg-locality-2020-01.csv"
TEAMS = "teams.csv"

FILES: Mapping[str, frozenset[str]] = {
    AREAS: frozenset(
        {
            "code",
            "name",
            "kind",
            "opened_on",
            "closed_on",
            "lies_in",
            "from_on",
            "served_by",
            "succeeded_by",
            "demo_only",
        }
    ),
    PRACTICES: frozenset(
        {
            "organisation_code",
            "name",
            "address_1",
            "address_2",
            "address_3",
            "address_4",
            "address_5",
            "postcode",
            "open_date",
            "close_date",
            "status_code",
            "commissioner",
            "join_provider_date",
            "left_provider_date",
            "telephone",
            "prescribing_setting",
        }
    ),
    NETWORKS: frozenset(
        {
            "EXTRACT_DATE",
            "PRACTICE_CODE",
            "PRACTICE_NAME",
            "PRACTICE_POSTCODE",
            "PCN_CODE",
            "PCN_NAME",
        }
    ),
    LOCALITIES: frozenset(["organisation_code", "former_ccg_code"]),
    TEAMS: frozenset(
        {
            "function",
            "organisation",
            "covers",
            "name",
            "opened_on",
            "closed_on",
            "weekdays",
            "opens",
            "closes",
            "demo_only",
        }
    ),
}

Row = Mapping[str, str]
Stated = TypeVar("Stated")


class UnreadableFile(Refused):
    """A file is missing, is not text or lacks a column; nothing of the folder is taken."""


class Unusable(Exception):
    """One row cannot be used, for the reason given."""


@dataclass(frozen=True)
class Sifted(Generic[Stated]):
    """The rows of one file: what was taken by key, and what was not."""

    taken: Mapping[str, Stated]
    rejected: tuple[Rejected, ...]
    rows: int


def sift(
    source: str, text: str, state: Callable[[Row], Stated], key: Callable[[Row], str]
) -> Sifted[Stated]:
    """Take each row that can be used, once; keep the others with their reason."""
    taken: dict[str, Stated] = {}
    rejected: list[Rejected] = []
    number = 0
    for number, row in enumerate(_rows(source, text), start=1):
        code = key(row)
        try:
            if code in taken:
                raise Unusable("repeats an earlier row")
            taken[code] = state(row)
        except Unusable as why:
            rejected.append(Rejected(source, number, code, str(why)))
    return Sifted(taken, tuple(rejected), number)


def _rows(source: str, text: str) -> Iterator[Row]:
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        if missing := sorted(FILES[source] - set(lines.fieldnames or ())):
            raise UnreadableFile(f"{source} has no column {', '.join(missing)}.")
        for row in lines:
            # A short line lacks its last cells; a long one has a cell that belongs to no column.
            yield {name: (row[name] or "").strip() for name in FILES[source]}
    except csv.Error as error:
        raise UnreadableFile(f"{source}, line {lines.line_num}: {error}.") from error


def filled(row: Row, column: str) -> str:
    if not row[column]:
        raise Unusable(f"{column} is empty")
    return row[column]


def day(row: Row, column: str, form: str = "%Y-%m-%d") -> date:
    if given := day_if_any(row, column, form):
        return given
    raise Unusable(f"{column} is empty")


def day_if_any(row: Row, column: str, form: str = "%Y-%m-%d") -> date | None:
    if not row[column]:
        return None
    try:
        return datetime.strptime(row[column], form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Unusable(f"{column} {row[column]!r} is not a date") from None


def clock(row: Row, column: str) -> time:
    try:
        return time.fromisoformat(row[column])
    except ValueError:
        raise Unusable(f"{column} {row[column]!r} is not a time of day") from None
