"""The answers that a receiver brings back in a table: every row is accounted for."""

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.base.tables import Brought, row_by_row, rows_of
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

BECAME = ("accepted", "held", "done", "declined", "without an answer", "as before")


@transaction.atomic
def bring_back(content: bytes, *, viewer: Viewer, at: datetime) -> Brought:
    """Take in the answers of a table, each row by itself; the same table again changes nothing."""
    rows = rows_of(content, needed=(ID, ANSWER))
    return row_by_row(rows, lambda row: _take(row, viewer=viewer, at=at), ways=BECAME)


def _take(row: Mapping[str, str], *, viewer: Viewer, at: datetime) -> str:
    if "" in row:
        raise Refused("The row has more cells than the heading.")
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
