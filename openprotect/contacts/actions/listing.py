"""Reading a partner's list: whom it will contact, how, when and about what. One row, one ask.

Only what is asked for is read; a list of names may come as a list of keyed digests instead.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openprotect.contacts.rules import CHANNELS, FURTHEST_AHEAD, OURS, TOPICS
from openprotect.records.readers import csv_text
from openprotect.records.readers.csv_text import Declared, Line
from openprotect.records.readers.sources import refuse_content
from openprotect.records.rules import dates, people, reasons
from openprotect.records.rules.dates import AmbiguousDate
from openprotect.records.rules.reasons import FileRefused, RowFault

LARGEST = 50_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_DAMAGED = 10
SPREADSHEETS_HOLD = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
LONGEST_REFERENCE = 60
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
COLUMNS: Mapping[str, str] = {
    "nhs_number": "who", "nhsnumber": "who", "nhs_no": "who", "hash": "hash", "channel": "channel",
    "contact_by": "channel", "topic": "topic", "about": "topic", "wanted_on": "wanted_on",
    "planned_on": "wanted_on", "date": "wanted_on", "reference": "reference",
    "your_ref": "reference",
}  # fmt: skip
OTHER_WORDS: Mapping[str, str] = {
    "phone": "CALL", "telephone": "CALL", "ring": "CALL", "sms": "TEXT", "e-mail": "EMAIL",
    "post": "LETTER", "mail": "LETTER", "door": "VISIT", "in person": "VISIT",
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "channel": f"a channel that is none of {', '.join(CHANNELS).lower()}",
    "topic": f"a topic that is none of {', '.join(each for each in TOPICS if each not in OURS)}",
    "day-past": "a day that is past",
    "day-far": f"a day more than {FURTHEST_AHEAD.days} days ahead",
    "hash": "not a keyed digest of 64 hexadecimal letters",
    "reference": f"a reference over {LONGEST_REFERENCE} characters",
    "identity": "no NHS number",
}


@dataclass(frozen=True)
class Row:
    """One row of a list; with a fault, nothing of it is asked."""

    row: int
    who: str = ""
    channel: str = ""
    topic: str = ""
    wanted_on: date | None = None
    reference: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Reading:
    """How a list is read: what holds where a row says nothing, and which numbers are taken."""

    today: date
    synthetic: bool
    is_hashed: bool = False
    channel: str = "CALL"
    topic: str = "welfare"


@dataclass(frozen=True)
class Listed:
    """A list as read, and how many of its columns were left unread."""

    rows: Sequence[Row]
    unread: int


def in_words(fault: str) -> str:
    """What is wrong with a row, for whoever sent it."""
    return WORDS.get(fault) or reasons.in_words(fault)


def read_list(path: Path, how: Reading) -> Listed:
    """Every row of a list, sound or not. Raises FileRefused, and then nothing was asked."""
    name, declared = path.name, Declared()
    if path.stat().st_size > LARGEST:
        raise FileRefused(name, f"over {LARGEST:,} bytes", reason="too-large")
    with path.open("rb") as file:
        refuse_content(name, file.read(64))
    lines = csv_text.read(path, name, declared)
    header = next(lines, None)
    if header is None:
        raise FileRefused(name, "empty", reason="empty")
    columns = _columns(header, name, how)
    rows: list[Row] = []
    for line in lines:
        rows.append(_row(line, columns, declared, how, name))
        if len(rows) > MOST_ROWS:
            raise FileRefused(name, f"over {MOST_ROWS:,} rows: send it in parts", reason="rows")
    _check(rows, declared, name)
    return Listed(rows, sum(each not in COLUMNS for each in columns))


def _columns(header: Line, name: str, how: Reading) -> list[str]:
    """The agreed name of each column, its own where it has none. Raises FileRefused."""
    plain = [re.sub(r"[ -]+", "_", each.strip().lower()) for each in header.fields]
    if header.fault or len(plain) > MOST_COLUMNS:
        raise FileRefused(name, "a header of more columns than agreed", reason="header")
    needed = "hash" if how.is_hashed else "nhs_number"
    meant = [COLUMNS[each] for each in plain if each in COLUMNS]
    if len(set(meant)) != len(meant):
        raise FileRefused(name, "a column stands twice in the header", reason="header")
    if COLUMNS[needed] not in meant:
        words = f"the header is not as agreed: it needs a column {needed}, parted by commas"
        raise FileRefused(name, words, reason="header")
    return plain


def _row(line: Line, columns: list[str], declared: Declared, how: Reading, name: str) -> Row:
    if line.fault:
        return Row(line.row, fault=line.fault)
    if len(line.fields) != len(columns):
        return Row(line.row, fault="columns")
    named = {
        COLUMNS[column]: value.strip()
        for column, value in zip(columns, line.fields, strict=True)
        if column in COLUMNS
    }
    try:
        return _sound(line.row, named, declared, how)
    except RowFault as why:
        return Row(line.row, fault=why.reason)
    except AmbiguousDate as why:
        words = f"{why}: dates must be yyyy-mm-dd, or their order declared"
        raise FileRefused(name, words, reason="dates", row=line.row) from None


def _sound(row: int, named: Mapping[str, str], declared: Declared, how: Reading) -> Row:
    reference = named.get("reference", "")
    if len(reference) > LONGEST_REFERENCE:
        raise RowFault("reference")
    return Row(
        row,
        _who(named, how),
        _channel(named.get("channel", ""), how),
        _topic(named.get("topic", ""), how),
        _day(named.get("wanted_on", ""), declared, how),
        reference,
    )


def _who(named: Mapping[str, str], how: Reading) -> str:
    if not how.is_hashed:
        return people.number(named["who"], synthetic=how.synthetic)
    digest = named["hash"].lower()
    if not DIGEST.fullmatch(digest):
        raise RowFault("hash")
    return digest


def _channel(written: str, how: Reading) -> str:
    plain = written.lower()
    found = OTHER_WORDS.get(plain, plain.upper()) if plain else how.channel
    if found not in CHANNELS:
        raise RowFault("channel")
    return found


def _topic(written: str, how: Reading) -> str:
    found = written.lower() or how.topic
    if found not in TOPICS or found in OURS:
        raise RowFault("topic")
    return found


def _day(written: str, declared: Declared, how: Reading) -> date | None:
    if not written:
        return None
    day = dates.read(written, declared.dates)
    if day < how.today:
        raise RowFault("day-past")
    if day > how.today + FURTHEST_AHEAD:
        raise RowFault("day-far")
    return day


def _check(rows: Sequence[Row], declared: Declared, name: str) -> None:
    """A list that was cut or damaged on its way is not half of a list: it is none."""
    if declared.rows is not None and declared.rows != len(rows):
        words = f"{declared.rows:,} rows declared, {len(rows):,} found"
        raise FileRefused(name, words, reason="count")
    if not rows and declared.rows != 0:
        words = "a header and no rows: declare rows=0 if that is meant"
        raise FileRefused(name, words, reason="no-rows")
    if len(rows) in SPREADSHEETS_HOLD and declared.rows is None:
        words = f"{len(rows):,} rows is exactly what a spreadsheet holds: declare rows= if it is so"
        raise FileRefused(name, words, reason="spreadsheet")
    damaged = [each for each in rows if each.fault == "nhs-number-scientific"]
    if len(damaged) > MOST_DAMAGED:
        words = f"over {MOST_DAMAGED} NHS numbers damaged by a spreadsheet"
        raise FileRefused(name, words, reason="spreadsheet", row=damaged[MOST_DAMAGED].row)
