"""The short way when nothing has changed: which answers of last time may be given again today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from openprotect.forms.again import as_last_time
from openprotect.forms.computing import Known
from openprotect.packs.pack import Pack
from openprotect.packs.settings import NOTHING_CHANGED, OFFER

LOCAL: Final = ZoneInfo("Europe/London")
# Whoever was silent for longer than this many askings is asked everything.
MOST_ASKINGS_AGO: Final = 2


@dataclass(frozen=True)
class LastTime:
    """What somebody sent last time, all that they had said before they sent it, and when.

    `pack` is the version they answered then.
    """

    answers: Mapping[str, object]
    said: tuple[tuple[str, object], ...]
    at: datetime
    pack: Pack


def given_again(pack: Pack, last: LastTime, *, at: datetime) -> dict[str, object] | None:
    """What one word would send today; None when each question must be asked.

    That is so where the pack does not offer it or is due for review, after an answer that sent
    somebody to 999 or 111, even one they took back, after a longer silence, and where today's
    version asks something that last time's answers do not say. Words people wrote are not theirs
    of today, and are left out.
    """
    if pack.settings[NOTHING_CHANGED].default != OFFER or pack.cadence.once:
        return None
    today, then = (each.astimezone(LOCAL).date() for each in (at, last.at))
    if pack.is_review_due(today):
        return None
    if not 0 <= (today - then).days <= MOST_ASKINGS_AGO * pack.cadence.every_days:
        return None
    if _was_urgent(last):
        return None
    again = as_last_time(pack.questionnaire.form, _without_words(pack, last), Known(at=at))
    return again.answers if again.may_be_offered else None


def _was_urgent(last: LastTime) -> bool:
    form = last.pack.questionnaire
    said = (*last.answers.items(), *last.said)
    return any(form.emergency(form.item(name), value) for name, value in said)


def _without_words(pack: Pack, last: LastTime) -> dict[str, object]:
    form = pack.questionnaire
    kept = {}
    for name, value in last.answers.items():
        item = form.item(name)
        if item is not None and not item.is_free_text and not _is_own_words(value):
            kept[name] = value
    return kept


def _is_own_words(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return any(isinstance(each, dict) and "words" in each for each in several)
