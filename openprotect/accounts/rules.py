"""Roles, what each may do, and how a password becomes a key that the database can check."""

import hashlib
from enum import StrEnum

from argon2.low_level import Type, hash_secret_raw


class Role(StrEnum):
    """What a person or process is, for one organisation and one purpose."""

    PERSON = "PERSON"
    CALLER = "CALLER"
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
