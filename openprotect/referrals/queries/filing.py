"""A receiver's open referrals as a table that it takes away and brings back."""

import csv
import io
from datetime import datetime

from openprotect.accounts.queries import Viewer
from openprotect.places.rules.hours import LOCAL
from openprotect.referrals.models import Referral
from openprotect.referrals.queries import facts, to_us

ID, ANSWER, OUTCOME, WHY_NOT, NOTE, UNTIL = "id", "answer", "outcome", "why not", "note", "until"
GIVEN = ("asked on", "due", "asked by", "what")
TYPED = (ANSWER, OUTCOME, WHY_NOT, UNTIL, NOTE)
ANSWERS = ("accept", "hold", "done", "decline")
# A spreadsheet runs a cell that starts so (CWE-1236): a mark before it makes it words.
RUNS = ("=", "+", "-", "@", "\t", "\r")


def as_table(viewer: Viewer) -> tuple[str, list[Referral]]:
    """The open referrals of the viewer's organisation as CSV, and which they were."""
    referrals = list(to_us(viewer))
    labels = list(dict.fromkeys(fact.label for each in referrals for fact in facts(each)))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([ID, *GIVEN, *labels, *TYPED])
    for each in referrals:
        known = {fact.label: fact.value for fact in facts(each)}
        row = [
            str(each.pk),
            _day(each.offered_at),
            _day(each.due_at),
            each.from_team.name,
            each.what,
            *(known.get(label, "") for label in labels),
            *("" for _ in TYPED),
        ]
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue(), referrals


def _day(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS) else cell
