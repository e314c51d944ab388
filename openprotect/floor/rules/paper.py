"""What was written on a sheet of calls, read from a row of a table or from a form."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from openprotect.base.refusals import Refused
from openprotect.calls.rules import LONGEST_NOTE, NOTHING_MORE, Told
from openprotect.checkins.rules import LOCAL

SHEET, LINE, OUTCOME, RUNG_AT, NOTE = "sheet", "line", "outcome", "rung at", "note"
WHEN, LANGUAGE, HOME_ON, HANDED_TO = "ring again", "language", "home on", "handed to"
SPOKE, WHY_NOT = "spoke to them", "why not"
ANSWERED_FOR, CONSENT = "answered by", "consent"
NEEDED = (SHEET, LINE, OUTCOME, RUNG_AT)
COLUMNS = (
    *NEEDED, NOTE, WHEN, LANGUAGE, HOME_ON, HANDED_TO, SPOKE, WHY_NOT, ANSWERED_FOR, CONSENT,
)  # fmt: skip
ANSWER = "answer:"
YES, NO = frozenset({"yes", "y"}), frozenset({"no", "n"})
OLDEST = timedelta(days=14)

# What cannot wait for a person to look at a conflict: somebody acts on it at once.
GRAVE = frozenset({"HANDED_OVER", "SAFEGUARDING", "DIED", "OPTED_OUT"})


@dataclass(frozen=True)
class Written:
    """One line of a sheet as its call handler wrote it."""

    outcome: str
    rung_at: datetime
    note: str = ""
    told: Told = NOTHING_MORE
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The same words give the same digest, so that a row sent twice counts once."""
        said = [
            self.outcome,
            self.rung_at.astimezone(LOCAL).isoformat(),
            self.note,
            repr(self.told),
            repr(sorted(self.answers.items())),
        ]
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def written(row: Mapping[str, str], outcomes: Mapping[str, str], *, at: datetime) -> Written:
    """What a row says; raises Refused with what is wrong. An outcome is its code or its words."""
    note = row.get(NOTE, "")
    if "" in row:
        raise Refused("The row has more cells than the heading.")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"A note can have up to {LONGEST_NOTE} characters.")
    rung_at = moment(row.get(RUNG_AT, ""), RUNG_AT)
    if rung_at > at:
        raise Refused("“rung at” is still to come.")
    if rung_at < at - OLDEST:
        raise Refused("“rung at” is more than two weeks ago.")
    told = Told(
        when=moment(row[WHEN], WHEN) if row.get(WHEN) else None,
        language=row.get(LANGUAGE, ""),
        home_on=_day(row[HOME_ON]) if row.get(HOME_ON) else None,
        by_whom=row.get(ANSWERED_FOR, "").upper(),
        consent=row.get(CONSENT, "").upper(),
        handed_to=row.get(HANDED_TO, ""),
        did_speak=_yes(row[SPOKE]) if row.get(SPOKE) else None,
        why_not=row.get(WHY_NOT, ""),
    )
    answers = {
        key.removeprefix(ANSWER).strip(): value
        for key, value in row.items()
        if key.startswith(ANSWER) and value
    }
    return Written(_outcome(row.get(OUTCOME, ""), outcomes), rung_at, note, told, answers)


def _outcome(text: str, outcomes: Mapping[str, str]) -> str:
    plain = text.strip().casefold()
    for code, words in outcomes.items():
        if plain in (code.casefold(), words.casefold()):
            return code
    raise Refused(f"“{text[:40]}” is no outcome. Use a code of the sheet, such as NO_ANSWER.")


def moment(text: str, column: str) -> datetime:
    """A day and a time, such as 2026-11-30 14:05, by the clock on the wall."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
    except ValueError:
        raise Refused(f"“{text[:40]}” in “{column}” is no time such as 2026-11-30 14:05.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text[:40]}” in “{HOME_ON}” is no day such as 2026-11-30.") from None


def _yes(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise Refused(f"“{text[:40]}” in “{SPOKE}” is neither yes nor no.")


def whole(text: str, column: str) -> int:
    """A number of a sheet or of a line."""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused(f"“{text[:40]}” in “{column}” is no number.")
    return int(text)
