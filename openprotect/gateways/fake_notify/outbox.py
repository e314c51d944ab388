"""What the stand-in accepted, on disk before it says so."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

TABLE = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT,
    body TEXT NOT NULL,
    reference TEXT,
    template_id TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    completed_at TEXT
)
"""
RECEIVED = """
CREATE TABLE IF NOT EXISTS received (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    user_number TEXT NOT NULL,
    content TEXT NOT NULL
)
"""
SERVICE_ID, OUR_NUMBER = "5f1f0a0e-7c1b-4a63-9d0e-0d3c7f2b9a11", "07700900999"
PAGE = """
SELECT * FROM message
WHERE (?1 IS NULL OR type = ?1) AND (?2 IS NULL OR reference = ?2)
  AND (?3 IS NULL OR number < (SELECT number FROM message WHERE id = ?3))
  AND (?4 = '' OR instr(?4, ' ' || status || ' '))
ORDER BY number DESC LIMIT ?5
"""
# Numbers and addresses that Notify itself gives for trying out failures.
ENDS = {
    "07700900002": "permanent-failure",
    "07700900003": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
}


@dataclass(frozen=True)
class Kept:
    """A message that was accepted, and how far it has come."""

    id: str
    type: str
    recipient: str
    subject: str | None
    body: str
    reference: str | None
    template_id: str
    status: str
    created_at: str
    sent_at: str | None = None
    completed_at: str | None = None

    def moved_on(self, at: datetime) -> "Kept":
        """One step nearer its end: created, sending, then delivered or failed."""
        if self.type == "letter":
            after = {"pending-virus-check": "accepted", "accepted": "received"}
            return replace(self, status=after.get(self.status, self.status))
        if self.status == "created":
            return replace(self, status="sending", sent_at=stamp(at))
        if self.status == "sending":
            number = self.recipient.replace(" ", "").replace("+44", "0")
            return replace(self, status=ENDS.get(number, "delivered"), completed_at=stamp(at))
        return self


class Outbox:
    """The messages in a folder. Several processes may read it while one stand-in writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "messages.sqlite3"
        with self._open() as database:
            database.execute(TABLE)
            database.execute(RECEIVED)
            database.execute("CREATE INDEX IF NOT EXISTS by_reference ON message (reference)")

    def keep(self, message: Kept) -> None:
        """On disk when this returns, so that a message we said yes to survives a crash."""
        with self._open() as database:
            values = [None, *astuple(message)]
            database.execute("INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", values)

    def one(self, message_id: str) -> Kept | None:
        with self._open() as database:
            row = database.execute("SELECT * FROM message WHERE id = ?", [message_id]).fetchone()
        return _kept([row])[0] if row else None

    def page(
        self,
        *,
        type: str | None = None,  # noqa: A002 - Notify's word
        reference: str | None = None,
        older_than: str | None = None,
        statuses: frozenset[str] = frozenset(),
        limit: int = 250,
    ) -> list[Kept]:
        """The newest that fit, newest first."""
        among = f" {' '.join(sorted(statuses))} " if statuses else ""
        with self._open() as database:
            rows = database.execute(PAGE, (type, reference, older_than, among, limit)).fetchall()
        return _kept(rows)

    def all(self) -> list[Kept]:
        """Everything ever accepted, oldest first."""
        with self._open() as database:
            return _kept(database.execute("SELECT * FROM message ORDER BY number"))

    def receive(self, user_number: str, content: str, at: datetime) -> dict[str, str]:
        """Somebody writes to us."""
        kept = (str(uuid4()), stamp(at), user_number, content)
        with self._open() as database:
            database.execute("INSERT INTO received VALUES (NULL,?,?,?,?)", kept)
        return _as_received(*kept)

    def received(self, older_than: str | None, limit: int = 250) -> list[dict[str, str]]:
        """The newest texts to us that fit, newest first."""
        with self._open() as database:
            rows = database.execute(
                "SELECT id, created_at, user_number, content FROM received WHERE ?1 IS NULL OR"
                " number < (SELECT number FROM received WHERE id = ?1)"
                " ORDER BY number DESC LIMIT ?2",
                (older_than, limit),
            ).fetchall()
        return [_as_received(*row) for row in rows]

    def move_on(self, messages: list[Kept], at: datetime) -> None:
        with self._open() as database:
            for each in (message.moved_on(at) for message in messages):
                database.execute(
                    "UPDATE message SET status = ?, sent_at = ?, completed_at = ? WHERE id = ?",
                    [each.status, each.sent_at, each.completed_at, each.id],
                )

    def set_status(self, message_id: str, status: str) -> bool:
        with self._open() as database:
            changed = database.execute(
                "UPDATE message SET status = ? WHERE id = ?", [status, message_id]
            )
            return changed.rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as database:
            database.execute("PRAGMA synchronous = FULL")
            with database:
                yield database


def _as_received(id_: str, created_at: str, user_number: str, content: str) -> dict[str, str]:
    return {
        "id": id_,
        "created_at": created_at,
        "service_id": SERVICE_ID,
        "notify_number": OUR_NUMBER,
        "user_number": user_number,
        "content": content,
    }


def _kept(rows: Iterable[Sequence[Any]]) -> list[Kept]:
    return [Kept(*row[1:]) for row in rows]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
