"""Texts, e-mails and letters through GOV.UK Notify, by its official client."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import Any, Protocol, Self
from uuid import UUID
from weakref import finalize

from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from openprotect.messages.rules import (
    LARGE_PRINT,
    PRINT,
    WHEN_TOO_FAST,
    Letter,
    Receipt,
    TooFast,
    TryLater,
    Undeliverable,
)

# The client's warnings repeat what Notify answered, which may repeat what we sent.
logging.getLogger("notifications_python_client").setLevel(logging.ERROR)

PUBLIC_URL = "https://api.notifications.service.gov.uk"
PATIENCE_FOR = 5.0
# Notify keeps a text for seven days; after that it says of a reference that it never had it.
SENDING, DELIVERED, FAILED, UNKNOWN = "sending", "delivered", "failed", "unknown"
STATUSES = {
    "created": SENDING,
    "sending": SENDING,
    "pending": SENDING,
    "sent": SENDING,  # abroad, where no receipt ever comes
    "delivered": DELIVERED,
    "permanent-failure": FAILED,
    "temporary-failure": FAILED,
    "technical-failure": FAILED,
    # Letters: "received" is by the printer, who posted it; what comes back is told apart.
    "accepted": SENDING,
    "received": SENDING,
    "pending-virus-check": SENDING,
    "cancelled": FAILED,
    "validation-failed": FAILED,
    "virus-scan-failed": FAILED,
}
PRINTED = frozenset({PRINT, LARGE_PRINT})
TYPES = {"TEXT": "sms", "EMAIL": "email", "LETTER": "letter"}
TOO_MANY = 429
LONGEST_PAUSE = timedelta(hours=1)
OUR_FAULT = (401, 403, 404)
# Notify answers 400 both for a number it cannot text and for a template that we set up wrongly.
SET_UP_WORDS = ("template", "personalisation", "sms_sender_id")


class NotSetUp(Exception):
    """Notify does not accept our key, address or template; no text is at fault, so none fails."""


class NotifySettings(Protocol):
    """What of an installation's settings this gateway reads."""

    @property
    def notify_url(self) -> str: ...
    @property
    def notify_key(self) -> str: ...
    @property
    def notify_template(self) -> str: ...
    @property
    def notify_email_template(self) -> str: ...


@dataclass(frozen=True)
class OutboxText:
    """A text that went out, as the provider remembers it."""

    to: str
    body: str
    status: str
    sent_at: datetime
    reference: str


class NotifyPostbox:
    """A postbox for one thread; the client underneath must not be shared between threads."""

    def __init__(
        self,
        url: str,
        key: str,
        template_id: str,
        patience_for: float = PATIENCE_FOR,
        email_template_id: str = "",
    ):
        self._url, self._key, self._template_id = url, key, template_id
        self._patience_for, self._email_template_id = patience_for, email_template_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; otherwise that happens when the postbox is forgotten."""
        if "_client" in self.__dict__:
            self._client.request_session.close()

    @cached_property
    def _client(self) -> Any:
        """The official client, made at the first question: much work never sends a text."""
        _check_set_up(self._key, self._template_id)
        client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            self._key, base_url=self._url, timeout=self._patience_for
        )
        # A redirect would carry our token to somebody else.
        client.request_session.max_redirects = 0
        finalize(self, client.request_session.close)
        return client

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        """What Notify knows of our reference; None if it never had it."""
        with _asking():
            answer = self._client.get_all_notifications(
                template_type=TYPES[channel], reference=str(reference)
            )
        found = _part(answer, "notifications", list)
        return _receipt(found[0]) if found else None

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        """Hand a text over under our reference; whoever retries must ask `find` first."""
        with _posting():
            answer = self._client.send_sms_notification(
                phone_number=to,
                template_id=self._template_id,
                personalisation={"message": body},
                reference=str(reference),
            )
        return Receipt(_accepted_id(answer), SENDING)

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        """Hand an e-mail over; its template is `((subject))` and `((message))`, nothing else."""
        if not self._email_template_id:
            raise NotSetUp("Set OPENPROTECT_NOTIFY_EMAIL_TEMPLATE.")
        with _posting():
            answer = self._client.send_email_notification(
                email_address=to,
                template_id=self._email_template_id,
                personalisation={"subject": subject, "message": body},
                reference=str(reference),
            )
        return Receipt(_accepted_id(answer), SENDING)

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        """Hand a finished page over. Notify prints; it makes no braille and no recordings."""
        if letter.form not in PRINTED:
            raise Undeliverable(f"Notify cannot make {letter.form.lower().replace('_', ' ')}")
        with _posting():
            answer = self._client.send_precompiled_letter_notification(
                reference=str(reference), pdf_file=BytesIO(letter.pdf), postage="first"
            )
        return Receipt(_accepted_id(answer), SENDING)

    def sent_messages(self, limit: int) -> list[OutboxText]:
        """The latest texts, newest first."""
        with _asking():
            latest = self._client.get_all_notifications_iterator(template_type="sms")
            return [_outbox_text(each) for each in islice(latest, limit)]


def open_postbox(settings: NotifySettings) -> NotifyPostbox:
    """The postbox this installation is set up for; one that is not says so when it is used."""
    return NotifyPostbox(
        settings.notify_url or PUBLIC_URL,
        settings.notify_key,
        settings.notify_template,
        email_template_id=settings.notify_email_template,
    )


def sent_messages(settings: NotifySettings, limit: int = 50) -> list[OutboxText]:
    """The latest texts that went out, newest first, as the provider tells them."""
    with open_postbox(settings) as postbox:
        return postbox.sent_messages(limit)


def _check_set_up(key: str, template_id: str) -> None:
    if not (key and template_id):
        raise NotSetUp("Set OPENPROTECT_NOTIFY_KEY and OPENPROTECT_NOTIFY_TEMPLATE.")
    try:
        UUID(key[-73:-37]), UUID(key[-36:])
    except ValueError:
        raise NotSetUp("OPENPROTECT_NOTIFY_KEY is not a key of GOV.UK Notify.") from None


@contextmanager
def _asking() -> Iterator[None]:
    """Trouble with a question is never a text's fault."""
    try:
        yield
    except InvalidResponse:
        raise TryLater("Notify's answer could not be read") from None
    except APIError as error:
        if error.status_code in (400, *OUR_FAULT):
            raise NotSetUp(f"Notify refused a question with {error.status_code}") from None
        raise TryLater(f"Notify answered {error.status_code}") from None


@contextmanager
def _posting() -> Iterator[None]:
    """A refused connection and a time-out reach us as 503: the text may or may not be sent."""
    try:
        yield
    except InvalidResponse:
        raise TryLater("Notify's answer could not be read") from None
    except APIError as error:
        if error.status_code == TOO_MANY:
            raise TooFast(_pause_asked_for(error.response)) from None
        raise _trouble(error.status_code, _words(error.response)) from None


def _pause_asked_for(response: Any) -> timedelta:
    """For how long Notify wants to be left alone; its limits count by the minute."""
    headers = getattr(response, "headers", {}) or {}
    seconds = str(headers.get("Retry-After", ""))
    if seconds.isdigit():
        return min(max(timedelta(seconds=int(seconds)), timedelta(seconds=1)), LONGEST_PAUSE)
    return WHEN_TOO_FAST


def _trouble(status: int, words: str) -> Exception:
    if status in OUR_FAULT:
        return NotSetUp(f"Notify refused our key or address with {status}")
    if status != 400:
        return TryLater(f"Notify answered {status}")
    if any(word in words.lower() for word in SET_UP_WORDS):
        return NotSetUp("Notify refused our template or sender")
    return Undeliverable(_reason(words))


def _words(response: Any) -> str:
    try:
        return _error_words(response.json())
    except (AttributeError, ValueError):
        return ""


def _error_words(answer: Any) -> str:
    errors = answer.get("errors") if isinstance(answer, dict) else answer
    if not isinstance(errors, list):
        return ""
    return " ".join(str(each.get("message", "")) for each in errors if isinstance(each, dict))


def _reason(words: str) -> str:
    """Why Notify will never take a text, in words of ours: its own may repeat what we sent."""
    known = {
        "Not enough digits": "the number has too few digits",
        "Too many digits": "the number has too many digits",
        "Not a UK mobile": "the number is not a UK mobile",
        "letters or symbols": "the number has letters or symbols in it",
        "country prefix": "the number has no valid country code",
        "international": "the number is abroad",
        "trial mode": "Notify's trial mode or key does not allow this number",
        "team-only": "Notify's trial mode or key does not allow this number",
        "longer than": "the text is too long",
        "Not a valid email address": "the e-mail address is not valid",
        "not a pdf": "the letter is not a PDF that Notify can print",
    }
    for part, reason in known.items():
        if part.lower() in words.lower():
            return reason
    return "Notify refused it (400)"


def _accepted_id(answer: Any) -> str:
    """The id in an answer of success; an error that came as a success is still an error."""
    if isinstance(answer, dict) and answer.get("id") and not answer.get("errors"):
        return str(answer["id"])
    words = _error_words(answer)
    status = answer.get("status_code") if isinstance(answer, dict) else None
    raise _trouble(status if isinstance(status, int) else (400 if words else 502), words)


def _part(answer: Any, name: str, kind: type) -> Any:
    part = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(part, kind):
        raise TryLater("Notify's answer could not be read")
    return part


def _receipt(notification: Any) -> Receipt:
    return Receipt(
        str(_part(notification, "id", str)), STATUSES.get(notification.get("status"), UNKNOWN)
    )


def _outbox_text(notification: Any) -> OutboxText:
    return OutboxText(
        to=_part(notification, "phone_number", str),
        body=_part(notification, "body", str),
        status=STATUSES.get(notification.get("status"), UNKNOWN),
        sent_at=datetime.fromisoformat(_part(notification, "created_at", str)),
        reference=notification.get("reference") or "",
    )
