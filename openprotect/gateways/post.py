"""The post of this installation: each way through the provider it is set up for."""

from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self
from uuid import UUID

from openprotect.gateways.console import Console
from openprotect.gateways.letter_drop import LetterDrop
from openprotect.gateways.nhs_notify import NhsNotifyPostbox
from openprotect.gateways.notify import NotifySettings, open_postbox
from openprotect.gateways.smtp import SmtpMail
from openprotect.messages.rules import EMAIL, LETTER, TEXT, Letter, Receipt, Undeliverable

NOTIFY, NHS_NOTIFY, SMTP, FOLDER, CONSOLE, NONE = (
    "notify", "nhs-notify", "smtp", "folder", "console", "none",
)  # fmt: skip


class PostSettings(NotifySettings, Protocol):
    """What of an installation's settings decides who carries what."""

    @property
    def texts_by(self) -> str: ...
    @property
    def emails_by(self) -> str: ...
    @property
    def letters_by(self) -> str: ...
    @property
    def smtp_url(self) -> str: ...
    @property
    def email_from(self) -> str: ...
    @property
    def letters(self) -> Path: ...
    @property
    def nhs_notify_url(self) -> str: ...
    @property
    def nhs_notify_token_file(self) -> str: ...


class Post:
    """A postbox for one thread that hands each message to whoever carries its way."""

    def __init__(self, settings: PostSettings) -> None:
        self._by = {
            TEXT: settings.texts_by,
            EMAIL: settings.emails_by,
            LETTER: settings.letters_by,
        }
        self._settings, self._open, self._stack = settings, {}, ExitStack()  # type: ignore[var-annotated]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        found: Receipt | None = self._carrier(channel).find(reference, channel)
        return found

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        taken: Receipt = self._carrier(TEXT).post_text(reference, to, body)
        return taken

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        taken: Receipt = self._carrier(EMAIL).post_email(reference, to, subject, body)
        return taken

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        taken: Receipt = self._carrier(LETTER).post_letter(reference, letter)
        return taken

    def recall(self, reference: UUID) -> bool:
        """A letter that lies in our own folder comes back; what a provider has, it keeps."""
        if self._by[LETTER] != FOLDER:
            return False
        taken: bool = self._carrier(LETTER).recall(reference)
        return taken

    def _carrier(self, channel: str):  # type: ignore[no-untyped-def]
        """The one that carries a way, opened at the first need and shared between ways."""
        name = self._by[channel]
        if name == NONE:
            raise Undeliverable("nobody carries this way here")
        if name not in self._open:
            self._open[name] = self._stack.enter_context(_open(name, self._settings))
        return self._open[name]


def _open(name: str, settings: PostSettings):  # type: ignore[no-untyped-def]
    if name == NOTIFY:
        return open_postbox(settings)
    if name == NHS_NOTIFY:
        return NhsNotifyPostbox(settings.nhs_notify_url, settings.nhs_notify_token_file)
    if name == SMTP:
        return SmtpMail(settings.smtp_url, settings.email_from)
    return LetterDrop(settings.letters) if name == FOLDER else Console()


def open_post(settings: PostSettings) -> Post:
    """The post this installation is set up for; a part that is not says so when it is used."""
    return Post(settings)


__all__ = ["Post", "open_post"]
