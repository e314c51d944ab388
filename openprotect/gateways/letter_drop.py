"""Letters as files in a folder that a printer empties: one PDF and one line of a list for each."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Self
from uuid import UUID

from openprotect.messages.rules import PRINT, Letter, Receipt

POSTED, RETURNED, RECALLED = "posted", "returned", "recalled"


class LetterDrop:
    """A folder shared with whoever prints, puts into braille and posts.

    `ID.pdf` is the page, `ID.json` says in which form it is wanted. A file is there whole or not
    at all, and dropped twice it is one. Whoever posts it moves both into `posted`, and into
    `returned` what comes back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        """Where the letter lies: still with us, posted, or come back."""
        name = f"{reference}.json"
        if (self._folder / RETURNED / name).exists():
            return Receipt(str(reference), "failed")
        # Posted is not delivered, and nobody ever hears that a letter was.
        known = [self._folder / name, self._folder / POSTED / name]
        return Receipt(str(reference), "sending") if any(e.exists() for e in known) else None

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in (POSTED, RETURNED):
            (self._folder / each).mkdir(mode=0o700, exist_ok=True)
        self._write(f"{reference}.pdf", letter.pdf)
        # Last, so that a line in the list means that the page is there.
        self._write(f"{reference}.json", _slip(reference, letter))
        return Receipt(str(reference), "sending")

    def recall(self, reference: UUID) -> bool:
        """Take a letter back that nobody has fetched: the person has died, or said stop.

        Its line of the list is kept apart, so that taken back twice it is taken back; its page is
        not. Whether it was with us, or had been taken back before.
        """
        line = self._folder / f"{reference}.json"
        kept = self._folder / RECALLED / line.name
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            line.replace(kept)
        if kept.exists():
            line.with_suffix(".pdf").unlink(missing_ok=True)
        return kept.exists()

    def _write(self, name: str, content: bytes) -> None:
        fresh = self._folder / f".{name}.{os.getpid()}"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / name)


def _slip(reference: UUID, letter: Letter) -> bytes:
    """What the printer must know beside the page."""
    said = {
        "reference": str(reference),
        "form": letter.form,
        "is_plain_print": letter.form == PRINT,
        "postage": "first",
    }
    return json.dumps(said, indent=1).encode()
