"""What GOV.UK Notify posts to us: delivery receipts, returned letters, and texts from people."""

import json
from typing import Any

from openprotect.gateways.notify import FAILED, STATUSES, UNKNOWN
from openprotect.messages.actions import RECEIPT
from openprotect.messages.chores.reading import NotUnderstood, Said, Told
from openprotect.messages.rules import Receipt


def understand(kind: str, body: str) -> Told | Said:
    """One post, by its published shape; raises NotUnderstood for another."""
    try:
        said = json.loads(body)
    except ValueError:
        raise NotUnderstood from None
    if not isinstance(said, dict):
        raise NotUnderstood
    return _receipt(said) if kind == RECEIPT else _text(said)


def _receipt(said: dict[str, Any]) -> Told:
    """A letter that came back has no status: that it came back is the news."""
    reference = _word(said, "reference", needed=False)  # absent for what others sent
    if "status" not in said and "notification_id" in said:
        return Told(reference, "", Receipt(_word(said, "notification_id"), FAILED))
    status = STATUSES.get(_word(said, "status"), UNKNOWN)
    to = "" if said.get("notification_type") == "letter" else _word(said, "to", needed=False)
    return Told(reference, to, Receipt(_word(said, "id", needed=False), status))


def _text(said: dict[str, Any]) -> Said:
    return Said(_word(said, "source_number"), _word(said, "message"))


def _word(said: dict[str, Any], name: str, *, needed: bool = True) -> str:
    found = said.get(name)
    if found is None and not needed:
        return ""
    if not isinstance(found, str) or (needed and not found.strip()):
        raise NotUnderstood
    return found
