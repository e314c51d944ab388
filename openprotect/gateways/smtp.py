"""E-mail by SMTP, for an organisation with a mail server of its own."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from openprotect.messages.rules import Receipt, TooFast, TryLater, Undeliverable

PATIENCE_FOR = 5.0
# A server that greets so is busy, or wants us to slow down (RFC 5321, 4.2.1 and 4.3.2).
BUSY = frozenset({421, 450, 451, 452})


class SmtpMail:
    """A mail server that takes e-mails; it cannot be asked afterwards.

    A repeat carries the same Message-ID, by which mail systems recognise it.
    """

    def __init__(self, url: str, sender: str, *, patience_for: float = PATIENCE_FOR) -> None:
        self._at, self._sender, self._patience_for = urlsplit(url), sender, patience_for

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        return None

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        """Hand an e-mail over: accepted, refused for good, or unknown."""
        letter = self._message(reference, to, subject, body)
        with _settling(), self._server() as server:
            refused = server.send_message(letter)
        if refused:
            raise Undeliverable("the mail server refused the address")
        return Receipt(str(letter["Message-ID"]), "sending")

    def _message(self, reference: UUID, to: str, subject: str, body: str) -> EmailMessage:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = self._sender, to, subject
        made["Date"] = format_datetime(datetime.now(UTC))
        made["Message-ID"] = f"<{reference}@{self._sender.rpartition('@')[2].strip('> ')}>"
        made["Auto-Submitted"] = "auto-generated"  # so that holiday replies leave us alone
        made.set_content(body)
        return made

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        host, port = self._at.hostname or "localhost", self._at.port or 587
        with smtplib.SMTP(host, port, timeout=self._patience_for) as server:
            if self._at.scheme == "smtps":
                server.starttls(context=ssl.create_default_context())
            if self._at.username:
                server.login(unquote(self._at.username), unquote(self._at.password or ""))
            yield server


@contextmanager
def _settling() -> Iterator[None]:
    """A refusal is final; a busy server took nothing; everything else may or may not be sent."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as why:
        codes = [code for code, _ in why.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Undeliverable("the mail server refused the address") from None
        raise TooFast from None
    except smtplib.SMTPResponseException as why:
        if why.smtp_code in BUSY:
            raise TooFast from None
        if why.smtp_code >= 500 and isinstance(why, smtplib.SMTPDataError):
            raise Undeliverable("the mail server refused the e-mail") from None
        raise TryLater(f"the mail server answered {why.smtp_code}") from None
    except (OSError, smtplib.SMTPException):
        raise TryLater("the mail server could not be asked") from None
