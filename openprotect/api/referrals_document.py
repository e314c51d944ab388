"""The part of the description for machines that is about referrals."""

from openprotect.referrals.models import Referral
from openprotect.referrals.rules import LABELS

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
INSTANT = {"type": "string", "format": "date-time"}
MAYBE_INSTANT = {"type": ["string", "null"], "format": "date-time"}


def _codes(values: list[str]) -> list[str]:
    return [each.lower() for each in values]


REFERRAL = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "status", "asked_by", "asked_of", "what", "person", "offered_at",
                 "accept_by", "due_at", "hold_until", "outcome", "declined", "ended_at"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {"type": "string", "enum": _codes(Referral.Status.values)},
        "asked_by": TEXT,
        "asked_of": TEXT,
        "what": TEXT,
        "person": {
            "type": "object",
            "additionalProperties": False,
            "description": "Only what this kind of organisation needs for the task.",
            "properties": dict.fromkeys(LABELS, TEXT),
        },
        "offered_at": INSTANT,
        "accept_by": INSTANT,
        "due_at": INSTANT,
        "hold_until": MAYBE_INSTANT,
        "outcome": {"type": ["string", "null"], "enum": [*_codes(Referral.Outcome.values), None]},
        "declined": {"type": ["string", "null"],
                     "enum": [*_codes(Referral.Declined.values), None]},
        "ended_at": MAYBE_INSTANT,
    },
}  # fmt: skip
REFERRALS = {
    "type": "object",
    "required": ["referrals", "next"],
    "properties": {
        "referrals": {"type": "array", "items": {"$ref": "#/components/schemas/Referral"}},
        "next": MAYBE_TEXT,
    },
}
REPLY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["answer"],
    "properties": {
        "answer": {"type": "string", "enum": ["accept", "hold", "done", "decline"]},
        "outcome": {"type": "string", "enum": _codes(Referral.Outcome.values),
                    "description": "With done: what came of it."},
        "because": {"type": "string",
                    "description": "With hold, in words; with decline one of: "
                    + ", ".join(_codes(Referral.Declined.values)) + "."},
        "until": {"type": "string", "format": "date", "description": "With hold: the day."},
        "note": {"type": "string", "maxLength": 2000},
    },
}  # fmt: skip
SCHEMAS = {"Referral": REFERRAL, "Referrals": REFERRALS, "Reply": REPLY}
