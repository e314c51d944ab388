"""Texts, e-mails and letters through NHS Notify, the NHS's own service (JSON:API over HTTPS).

It keeps our reference for sixteen months and refuses a repeat of it, so that whoever tries again
sends nothing twice. It cannot be asked by our reference: its callbacks tell what became of one.
Words of our own go by its routing plans for free text, to contact details that we give, which its
onboarding team must have agreed to. Letters of our own words it does not take.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import requests

from openprotect.gateways.notify import LONGEST_PAUSE, NotSetUp
from openprotect.messages.rules import (
    WHEN_TOO_FAST,
    Letter,
    Receipt,
    TooFast,
    TryLater,
    Undeliverable,
)

PATIENCE_FOR = 5.0
MESSAGES = "/v1/messages"
JSON = "application/vnd.api+json"
# Its routing plans for words that the sender writes.
BY_EMAIL = "00000000-0000-0000-0000-000000000002"
BY_TEXT = "00000000-0000-0000-0000-000000000003"
ALREADY_THERE, TOO_EARLY, TOO_MANY = 422, 425, 429
OUR_FAULT = frozenset({401, 403, 404, 405, 406, 415})


class NhsNotifyPostbox:
    """A postbox for one thread. The access token is a file that something else keeps fresh."""

    def __init__(self, url: str, token_file: str, *, patience_for: float = PATIENCE_FOR) -> None:
        self._url, self._token_file = url.rstrip("/"), token_file
        self._patience_for, self._session = patience_for, requests.Session()
        # A redirect would carry our token to somebody else.
        self._session.max_redirects = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        """It cannot be asked so; that a repeat is refused does instead."""
        return None

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        return self._post(reference, BY_TEXT, {"sms": to}, {"sms_body": body})

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        words = {"email_subject": subject, "email_body": body}
        return self._post(reference, BY_EMAIL, {"email": to}, words)

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        raise Undeliverable("NHS Notify takes no pages of our own")

    def _post(
        self, reference: UUID, plan: str, to: dict[str, str], words: dict[str, str]
    ) -> Receipt:
        attributes: dict[str, Any] = {
            "routingPlanId": plan,
            "messageReference": str(reference),
            "recipient": {"contactDetails": to},
            "personalisation": words,
        }
        try:
            answer = self._session.post(
                self._url + MESSAGES,
                json={"data": {"type": "Message", "attributes": attributes}},
                headers={"Authorization": f"Bearer {self._token()}", "Content-Type": JSON},
                timeout=self._patience_for,
            )
        except requests.RequestException:
            raise TryLater("NHS Notify could not be asked") from None
        return _read(answer)

    def _token(self) -> str:
        path = Path(self._token_file)
        if not (self._url and self._token_file and path.is_file()):
            raise NotSetUp("Set OPENPROTECT_NHS_NOTIFY_URL and OPENPROTECT_NHS_NOTIFY_TOKEN_FILE.")
        return path.read_text().strip()


def _read(answer: requests.Response) -> Receipt:
    if answer.status_code == 201:
        return Receipt(_id_in(answer), "sending")
    if answer.status_code == ALREADY_THERE:
        return Receipt("", "sending")
    if answer.status_code in (TOO_EARLY, TOO_MANY):
        seconds = answer.headers.get("Retry-After", "")
        asked = timedelta(seconds=int(seconds)) if seconds.isdigit() else WHEN_TOO_FAST
        raise TooFast(min(max(asked, timedelta(seconds=1)), LONGEST_PAUSE))
    if answer.status_code in OUR_FAULT:
        raise NotSetUp(f"NHS Notify refused our token or address with {answer.status_code}")
    if answer.status_code == 400:
        raise _refused(answer)
    raise TryLater(f"NHS Notify answered {answer.status_code}")


def _id_in(answer: requests.Response) -> str:
    try:
        return str(answer.json()["data"]["id"])
    except (KeyError, TypeError, ValueError):
        raise TryLater("NHS Notify's answer could not be read") from None


def _refused(answer: requests.Response) -> Exception:
    """Where the fault lies, by what it points to; its words may repeat what we sent."""
    try:
        errors: list[Any] = answer.json()["errors"]
        where = " ".join(str(each.get("source", {}).get("pointer", "")) for each in errors)
    except (AttributeError, KeyError, TypeError, ValueError):
        where = ""
    if "recipient" in where:
        return Undeliverable("NHS Notify refused the number or address")
    if "personalisation" in where:
        return Undeliverable("NHS Notify refused the words: too long")
    return NotSetUp("NHS Notify refused the request (400)")
