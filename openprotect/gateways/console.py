"""Messages on the screen of whoever develops: nothing leaves the machine."""

import sys
from typing import Self
from uuid import UUID

from openprotect.messages.rules import Letter, Receipt


class Console:
    """Writes each message out instead of sending it. For made-up people only."""

    def __init__(self) -> None:
        self._known: set[UUID] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        return Receipt(str(reference), "delivered") if reference in self._known else None

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        return self._say(reference, "text", to, body)

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        return self._say(reference, "e-mail", to, f"{subject}\n\n{body}")

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        words = f"a page of {len(letter.pdf)} bytes, {letter.form.lower()}"
        return self._say(reference, "letter", letter.to, words)

    def _say(self, reference: UUID, kind: str, to: str, words: str) -> Receipt:
        sys.stdout.write(f"--- {kind} to {to}\n{words}\n")
        sys.stdout.flush()
        self._known.add(reference)
        return Receipt(str(reference), "sending")
