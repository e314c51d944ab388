"""Roles, what each may do, and how a password becomes a key that the database can check."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2.low_level import Type, hash_secret_raw


class Role(StrEnum):
    """What a person or process is, for one organisation and one purpose."""

    PERSON = "PERSON"
    CALLER = "CALLER"
    SUPERVISOR = "SUPERVISOR"
    PRACTICE = "PRACTICE"
    LOCALITY = "LOCALITY"
    SURVEILLANCE = "SURVEILLANCE"
    PARTNER = "PARTNER"
    CLIENT = "CLIENT"
    LEAD = "LEAD"
    CLINICAL = "CLINICAL"
    GOVERNANCE = "GOVERNANCE"
    STEWARD = "STEWARD"
    TASK = "TASK"
    WORKER = "WORKER"


TITLES = {
    Role.PERSON: "person",
    Role.CALLER: "call handler",
    Role.SUPERVISOR: "call supervisor",
    Role.PRACTICE: "practice",
    Role.LOCALITY: "locality team",
    Role.SURVEILLANCE: "surveillance team",
    Role.PARTNER: "partner",
    Role.CLIENT: "partner's system",
    Role.LEAD: "programme lead",
    Role.CLINICAL: "clinical lead",
    Role.GOVERNANCE: "information governance lead",
    Role.STEWARD: "records steward",
    Role.TASK: "partner, one task by link",
    Role.WORKER: "background worker",
}

STAFF = frozenset(Role) - {Role.PERSON, Role.CLIENT, Role.TASK, Role.WORKER}


def key_of(password: str, salt: bytes) -> bytes:
    """The 32-byte key of a password: argon2id, 64 MiB, 3 passes (RFC 9106, second choice)."""
    return hash_secret_raw(
        password.encode(),
        salt,
        time_cost=3,
        memory_cost=65536,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )


def digest(secret: str | bytes) -> bytes:
    """What is stored of a secret that has 128 random bits or more."""
    return hashlib.sha256(secret.encode() if isinstance(secret, str) else secret).digest()


# --- who is on the call floor, and what they can do there -----------------------------------------

# What a call handler can do beside ringing in English; a language is written `LANGUAGE:pl`.
LANGUAGE = "LANGUAGE"
SKILLS = {
    "INTERPRETER": "works with interpreters",
    "TEXTPHONE": "textphone or Relay UK",
    "BSL": "British Sign Language by video relay",
    "BEREAVEMENT": "trained in bereavement",
}
USUAL_PACE = 4  # calls an hour: one that is answered takes a quarter of an hour
LONGEST_PAUSE = timedelta(days=28)


def ability(code: str) -> tuple[str, str]:
    """An ability by its code, as kind and language; raises ValueError for what is none."""
    kind, _, language = code.partition(":")
    if (kind == LANGUAGE) != bool(language) or kind not in (LANGUAGE, *SKILLS):
        raise ValueError(code)
    return kind, language


@dataclass(frozen=True)
class OnShift:
    """Somebody is on the floor from when until when, and makes so many calls an hour."""

    user_id: object
    starts_at: datetime
    ends_at: datetime
    calls_an_hour: int = USUAL_PACE


@dataclass(frozen=True)
class Away:
    """Somebody's queue is paused from when until when."""

    user_id: object
    starts_at: datetime
    ends_at: datetime


def calls_possible(
    shifts: Iterable[OnShift], away: Iterable[Away], starts_at: datetime, ends_at: datetime
) -> float:
    """How many calls a floor can make between two moments: hours on shift, less pauses, by pace."""
    resting = list(away)
    return sum(
        (
            _overlap(each.starts_at, each.ends_at, starts_at, ends_at)
            - _resting(each, resting, starts_at, ends_at)
        )
        * each.calls_an_hour
        for each in shifts
    )


def _overlap(starts_at: datetime, ends_at: datetime, low: datetime, high: datetime) -> float:
    """Hours that two stretches of time have in common."""
    shared = min(ends_at, high) - max(starts_at, low)
    return max(shared / timedelta(hours=1), 0)


def _resting(shift: OnShift, away: list[Away], low: datetime, high: datetime) -> float:
    """Hours of a shift, between two moments, in which its call handler takes none; told once."""
    mine = sorted(
        (max(each.starts_at, shift.starts_at, low), min(each.ends_at, shift.ends_at, high))
        for each in away
        if each.user_id == shift.user_id
    )
    hours, counted = 0.0, low
    for starts_at, ends_at in mine:
        hours += _overlap(max(starts_at, counted), ends_at, low, high)
        counted = max(counted, ends_at)
    return hours
