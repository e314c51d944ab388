"""The answers that a receiver brings back in a table: every row is accounted for."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.places.rules.hours import LOCAL
from openprotect.referrals.actions.answering import accept, decline, finish, hold
from openprotect.referrals.models import Referral
from openprotect.referrals.queries import DECLINES, OUTCOMES, visible_to
from openprotect.referrals.queries.filing import (
    ANSWER,
    ANSWERS,
    ID,
    NOTE,
    OUTCOME,
    UNTIL,
    WHY_NOT,
)

MOST_ROWS = 2000
LONGEST_FILE = 1_000_000


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, and why; row 1 is the first below the heading."""

    row: int
    because: str


@dataclass(frozen=True)
class Brought:
    """What became of every row of a table: rows = accepted + held + done + declined + …"""

    rows: int
    became: Mapping[str, int]
    refused: tuple[RefusedRow, ...]

    @property
    def balances(self) -> bool:
        return self.rows == sum(self.became.values()) + len(self.refused)

    def __str__(self) -> str:
        parts = [f"{self.became.get(each, 0)} {each}" for each in BECAME]
        return f"{self.rows} rows = {' + '.join(parts)} + {len(self.refused)} refused"


BECAME = ("accepted", "held", "done", "declined", "without an answer", "as before")


@transaction.atomic
def bring_back(content: bytes, *, viewer: Viewer, at: datetime) -> Brought:
    """Take in the answers of a table, each row by itself; the same table again changes nothing."""
    rows = _rows(content)
    became: Counter[str] = Counter()
    refused: list[RefusedRow] = []
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                became[_take(row, viewer=viewer, at=at)] += 1
        except Refused as refusal:
            refused.append(RefusedRow(number, str(refusal)))
    return Brought(len(rows), dict(became), tuple(refused))


def _rows(content: bytes) -> list[dict[str, str]]:
    if len(content) > LONGEST_FILE:
        raise Refused("The file is larger than a megabyte. Send the rows you answered.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("The file is not text in UTF-8. Save it as CSV UTF-8.") from None
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        heading = [(each or "").strip().lower() for each in reader.fieldnames or []]
        reader.fieldnames = heading
        rows = [_row(each) for each in reader]
    except csv.Error:
        raise Refused("The file cannot be read as a table: a quote is not closed.") from None
    if ID not in heading or ANSWER not in heading:
        raise Refused(f"The heading must hold '{ID}' and '{ANSWER}', as in the file you took.")
    if len(rows) > MOST_ROWS:
        raise Refused(f"The file has more than {MOST_ROWS} rows.")
    return rows


def _row(read: Mapping[str | None, object]) -> dict[str, str]:
    return {key: value.strip() for key, value in read.items() if key and isinstance(value, str)}


def _take(row: Mapping[str, str], *, viewer: Viewer, at: datetime) -> str:
    answer = row.get(ANSWER, "").lower()
    if not answer:
        return "without an answer"
    if answer not in ANSWERS:
        raise Refused(f"The answer must be one of: {', '.join(ANSWERS)}.")
    referral = _find(row.get(ID, ""), viewer)
    before = referral.changes
    after = _act(answer, referral, row, viewer=viewer, at=at)
    if after.changes == before:
        return "as before"
    return {"accept": "accepted", "hold": "held", "done": "done", "decline": "declined"}[answer]


def _find(text: str, viewer: Viewer) -> Referral:
    """A referral of somebody else is not there, for whoever asks."""
    try:
        wanted = UUID(text)
    except ValueError:
        raise Refused("The id is not one of ours.") from None
    found = visible_to(viewer).filter(pk=wanted, to_team__organisation_id=viewer.organisation_id)
    if referral := found.first():
        return referral
    raise Refused("There is no such referral.")


def _act(
    answer: str, referral: Referral, row: Mapping[str, str], *, viewer: Viewer, at: datetime
) -> Referral:
    note = row.get(NOTE, "")
    if answer == "accept":
        return accept(referral, viewer=viewer, at=at)
    if answer == "hold":
        until = _until(row.get(UNTIL, ""))
        return hold(referral, until=until, because=note, viewer=viewer, at=at)
    if answer == "done":
        outcome = _code(row.get(OUTCOME, ""), OUTCOMES, "outcome")
        return finish(referral, outcome, note=note, viewer=viewer, at=at)
    why = _code(row.get(WHY_NOT, ""), DECLINES, "why not")
    return decline(referral, why, note=note, viewer=viewer, at=at)


def _code(typed: str, known: tuple[tuple[str, str], ...], column: str) -> str:
    """A code, or its words, as somebody types them into a table."""
    for code, words in known:
        if typed.lower() in (code.lower(), words.lower()):
            return code
    raise Refused(f"'{column}' must be one of: {', '.join(code for code, _ in known)}.")


def _until(typed: str) -> datetime:
    try:
        day = datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, then made local
    except ValueError:
        raise Refused(f"'{UNTIL}' must be a day such as 2026-11-30.") from None
    return datetime.combine(day, time(12), LOCAL)
