"""Exchanging a list with the ledger: every row asked once, told one thing, and counted."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from openprotect.accounts.models import User
from openprotect.base.refusals import Refused
from openprotect.contacts.actions import ledger_key
from openprotect.contacts.actions.listing import Listed, Reading, Row, in_words, read_list
from openprotect.contacts.models import Exchange
from openprotect.contacts.rules import HELD_FOR, Answer
from openprotect.places.models import Organisation

LOCAL = ZoneInfo("Europe/London")
AT_A_TIME = 400
# What a row is told, in the order of the equation.
OUTCOMES: Mapping[str, str] = {
    "clear": "clear",
    "covered": "covered",
    "wait": "to wait",
    "stop": "not to be contacted",
    "duplicate": "duplicate",
    "rejected": "rejected",
}
TOLD = {Answer.YES: "clear", Answer.COVERED: "covered", Answer.WAIT: "wait", Answer.STOP: "stop"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADER = ("row", "reference", "who", "outcome", "until", "covered_by", "claim", "reason")

ASK = """
SELECT t.place, a.claim_id, a.answer, a.until, a.covered_by
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
       AS t(place, number, key, channel, topic, wish)
 CROSS JOIN LATERAL claim_contact(t.number, t.key, NULL, %s, NULL, t.channel, t.topic, t.wish,
       %s, false, true, %s, %s) AS a
"""


@dataclass(frozen=True)
class Result:
    """What one row of a list was told; nothing of it says whom it is about."""

    row: int
    outcome: str
    until: str = ""
    covered_by: str = ""
    claim: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Exchanged:
    """A list and what each of its rows was told. `is_again`: it had been exchanged before."""

    listed: Listed
    results: Sequence[Result]
    is_again: bool
    begun_at: datetime

    @property
    def counts(self) -> Mapping[str, int]:
        counted = Counter(each.outcome for each in self.results)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    def equation(self) -> str:
        """Rows = what they were told; says so where it does not add up, which would be a fault."""
        counts, rows = self.counts, len(self.listed.rows)
        right = " + ".join(f"{count:,} {OUTCOMES[each]}" for each, count in counts.items())
        off = rows - sum(counts.values())
        return f"rows read: {rows:,} = {right}" + (f"   OFF BY {off:+,}" if off else "")


def exchange(
    path: Path,
    how: Reading,
    *,
    organisation: Organisation,
    at: datetime,
    key: bytes = b"",
    by: User | UUID | None = None,
    hold_for: timedelta = HELD_FOR,
) -> Exchanged:
    """Ask the ledger about every row of a list, for one body.

    The same list again, as long as its slots are held, is told the same and changes nothing. Cut
    off half-way, it is taken up again by sending it again: what was asked is not asked twice.
    """
    if how.is_hashed != bool(key):
        raise Refused("A list of digests is read with the partner's key, any other without.")
    listed = read_list(path, how)
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    told = f"{content} {how.is_hashed} {how.channel} {how.topic} {how.synthetic}"
    digest = hashlib.sha256(told.encode()).hexdigest()
    with _alone(organisation):
        made = _begin(organisation, digest, how, by=by, at=at, hold_for=hold_for)
        if made.status == Exchange.Status.DONE:
            return Exchanged(listed, [Result(*each) for each in made.results], True, made.begun_at)
        results = _ask_all(listed.rows, made, key=key, at=at, hold_for=hold_for)
        with transaction.atomic():
            made.results = [
                [e.row, e.outcome, e.until, e.covered_by, e.claim, e.reason] for e in results
            ]
            made.status, made.done_at = Exchange.Status.DONE, at
            made.save(update_fields=["results", "status", "done_at"])
    return Exchanged(listed, results, False, made.begun_at)


class _alone:
    """One list of a body at a time: a second one at once is refused, not interleaved.

    Inside a transaction, as a page is, the lock goes with it, whichever way it ends.
    """

    def __init__(self, organisation: Organisation) -> None:
        self.words = f"exchange {organisation.pk}"
        self.goes_by_itself = connection.in_atomic_block

    def __enter__(self) -> None:
        kind = "pg_try_advisory_xact_lock" if self.goes_by_itself else "pg_try_advisory_lock"
        if not self._ask(kind):
            raise Refused(
                "A list of this body is being exchanged just now. Try again when it is done."
            )

    def __exit__(self, *_: object) -> None:
        if not self.goes_by_itself:
            self._ask("pg_advisory_unlock")

    def _ask(self, function: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(hashtextextended(%s, 8))", [self.words])
            return bool(cursor.fetchone()[0])


@transaction.atomic
def _begin(
    organisation: Organisation,
    digest: str,
    how: Reading,
    *,
    by: User | UUID | None,
    at: datetime,
    hold_for: timedelta,
) -> Exchange:
    """The exchange of this list that still counts, or a new one."""
    known = Exchange.objects.filter(organisation=organisation, digest=digest)
    last = known.order_by("-turn").first()
    if last and (last.status == Exchange.Status.BEGUN or last.begun_at > at - hold_for):
        return last
    made = Exchange(
        organisation=organisation,
        digest=digest,
        turn=last.turn + 1 if last else 1,
        is_hashed=how.is_hashed,
        begun_at=at,
        by_id=by.pk if isinstance(by, User) else by,
    )
    made.save(force_insert=True)
    return made


def _ask_all(
    rows: Sequence[Row], made: Exchange, *, key: bytes, at: datetime, hold_for: timedelta
) -> list[Result]:
    """What every row is told, in the order of the list."""
    numbers = _numbers([row.who for row in rows if row.who], key) if key else None
    results: dict[int, Result] = {}
    first: dict[tuple[str, str], int] = {}
    to_ask: list[tuple[int, Row]] = []
    for place, row in enumerate(rows):
        if row.fault:
            results[place] = Result(row.row, "rejected", reason=in_words(row.fault))
        elif (earlier := first.setdefault((row.who, row.topic), row.row)) != row.row:
            results[place] = Result(row.row, "duplicate", reason=f"as in row {earlier}")
        else:
            to_ask.append((place, row))
    # In the order of numbers, so that two lists at once never wait for each other in a circle.
    to_ask.sort(key=lambda each: each[1].who)
    for start in range(0, len(to_ask), AT_A_TIME):
        some = to_ask[start : start + AT_A_TIME]
        results.update(_ask_some(some, numbers, made, at=at, hold_for=hold_for))
    return [results[place] for place in range(len(rows))]


@transaction.atomic
def _ask_some(
    some: Sequence[tuple[int, Row]],
    numbers: Mapping[str, str] | None,
    made: Exchange,
    *,
    at: datetime,
    hold_for: timedelta,
) -> dict[int, Result]:
    """Ask about some rows in one statement; `numbers` are those behind digests, if any."""
    if numbers is None:
        numbers = {row.who: row.who for _, row in some}
    known = [(place, row, numbers[row.who]) for place, row in some if row.who in numbers]
    wishes = [
        max(at, datetime.combine(row.wanted_on, time(8), LOCAL)) if row.wanted_on else at
        for _, row, _ in known
    ]
    # Whom a digest does not lead to is nobody here: clear, and there is nobody to hold a slot of.
    results = {place: Result(row.row, "clear") for place, row in some if row.who not in numbers}
    with connection.cursor() as cursor:
        cursor.execute(
            ASK,
            [
                [place for place, _, _ in known], [number for _, _, number in known],
                [ledger_key(number) for _, _, number in known],
                [row.channel for _, row, _ in known], [row.topic for _, row, _ in known], wishes,
                made.organisation_id, hold_for, made.pk, at,  # type: ignore[list-item]
            ],
        )  # fmt: skip
        rows = {place: row.row for place, row, _ in known}
        for place, claim_id, answer, until, covered_by in cursor.fetchall():
            ends = until.astimezone(LOCAL).isoformat(timespec="minutes") if until else ""
            claim = str(claim_id) if answer == Answer.YES else ""
            told = TOLD[Answer(answer)]
            results[place] = Result(rows[place], told, ends, covered_by or "", claim)
    return results


def _numbers(digests: Sequence[str], key: bytes) -> dict[str, str]:
    """The NHS number behind each digest that leads to somebody here; found and forgotten."""
    inner, outer = _pads(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, number FROM numbers_behind(%s, %s, %s)", [inner, outer, list(digests)]
        )
        return dict(cursor.fetchall())


def _pads(key: bytes) -> tuple[bytes, bytes]:
    """The two blocks that HMAC (RFC 2104) makes of a key."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(each ^ 0x36 for each in block), bytes(each ^ 0x5C for each in block)


def result_file(done: Exchanged) -> str:
    """The list with what each row was told, as CSV; no cell begins like a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row, told in zip(done.listed.rows, done.results, strict=True):
        writer.writerow(
            _plain(each)
            for each in (
                str(row.row), row.reference, row.who, told.outcome, told.until, told.covered_by,
                told.claim, told.reason,
            )
        )  # fmt: skip
    return text.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def write_beside(path: Path, text: str) -> Path:
    """The result beside its list: the whole of it, or nothing under that name."""
    final = path.with_name(f"{path.stem}.result.csv")
    draft = path.with_name(f".{path.stem}.result.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(final)
    except OSError as why:
        draft.unlink(missing_ok=True)
        raise Refused(f"The result could not be written beside the list: {why.strerror}.") from None
    return final
