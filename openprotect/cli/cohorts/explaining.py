"""`openprotect cohort explain NHS_NUMBER [PACK]`: why one person is found, or is not."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from openprotect.base import nhs_number
from openprotect.base.refusals import Refused
from openprotect.cli.cohorts.choosing import pack_called, rules_of
from openprotect.cohorts import engine, explaining
from openprotect.cohorts.engine.keeping import kept_facts
from openprotect.records.queries import present_store


def explain(words: Sequence[str], as_of: date) -> list[str]:
    """In words, from the records as they are now; refused when they do not know this number."""
    number, key = _parted(words)
    rules, store = rules_of(pack_called(key)), present_store(settings.OPENPROTECT.lake)
    known = engine.know(rules, store, number, as_of, kept_facts(rules, store, as_of))
    if known is None:
        raise Refused("Nobody with this NHS number is in the records.")
    return explaining.told(rules, known, as_of)


def _parted(words: Sequence[str]) -> tuple[str, str | None]:
    """An NHS number, which people write in one to three words, and the pack, if one follows."""
    *first, last = words
    named = bool(first) and not last.replace("-", "").isdigit()
    written = " ".join(first if named else words)
    try:
        number = nhs_number.parse(written, synthetic=settings.OPENPROTECT.synthetic)
    except nhs_number.NotAnNhsNumber as why:
        raise Refused(f"That is not an NHS number: {why.reason}.") from None
    return number, last if named else None
