"""What Notify answers to a request, as its published description says."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

from openprotect.gateways.fake_notify.outbox import Kept, Outbox, stamp
from openprotect.gateways.fake_notify.reading import (
    CannotSend,
    Wanted,
    read_email,
    read_letter,
    read_text,
)

FROM_NUMBER, FROM_EMAIL = "GOVUK", "openprotect@notifications.service.gov.uk"
TYPES = ("sms", "email", "letter")
FAILED = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})
OF_LETTERS = {"pending-virus-check", "virus-scan-failed", "validation-failed", "cancelled"}
STATUSES = (
    FAILED
    | OF_LETTERS
    | {"created", "sending", "sent", "delivered", "pending", "accepted", "received"}
)


@dataclass(frozen=True)
class Answer:
    """A status and a body that is sent as JSON; text that is no JSON goes as it is."""

    status: int
    body: Any
    retry_after: int | None = None

    def encoded(self) -> bytes:
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Refusal(Exception):
    """An answer that says no."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.answer = refusal(status, error, message)


def refusal(status: int, error: str, message: str) -> Answer:
    if status >= 500:
        return Answer(status, [{"error": error, "message": message}])
    return Answer(status, {"errors": [{"error": error, "message": message}], "status_code": status})


def scripted(status: int, retry_after: int | None) -> Answer:
    """The error that Notify gives with a status, for a fault on request."""
    words = {
        400: ("ValidationError", "phone_number Not a UK mobile number"),
        403: ("AuthError", "Invalid token: service not found"),
        429: (
            "RateLimitError",
            "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
        ),
    }
    error, message = words.get(status, ("Exception", "Internal server error"))
    found = refusal(status, error, message)
    return Answer(found.status, found.body, retry_after)


@dataclass(frozen=True)
class Desk:
    """Where requests are answered: the outbox, the one template, the address callers used."""

    outbox: Outbox
    template_id: str
    url: str

    def accept(self, path: str, raw: bytes, at: datetime) -> tuple[Kept, Answer]:
        """Keep a message that may be sent, and the answer that says so."""
        read = {
            "/v2/notifications/sms": read_text,
            "/v2/notifications/email": read_email,
            "/v2/notifications/letter": read_letter,
        }
        if path not in read:
            raise Refusal(404, "NotFound", "The requested URL was not found on the server")
        try:
            wanted = read[path](raw, self.template_id)
        except CannotSend as why:
            raise Refusal(400, why.error, str(why)) from None
        kept = Kept(
            str(uuid4()),
            wanted.type,
            wanted.recipient,
            wanted.subject,
            wanted.body,
            wanted.reference,
            self.template_id,
            "pending-virus-check" if wanted.type == "letter" else "created",
            stamp(at),
        )
        return kept, Answer(201, self._accepted(kept, wanted))

    def look_up(self, target: str, at: datetime) -> Answer:
        """One message, or a page of them; each has moved on when it is next asked for."""
        url = urlsplit(target)
        if url.path == "/v2/received-text-messages":
            return Answer(200, self._received(parse_qs(url.query)))
        if url.path.rstrip("/") == "/v2/notifications":
            found, body = self._page(parse_qs(url.query))
        else:
            found, body = self._one(PurePosixPath(url.path))
        self.outbox.move_on(found, at)
        return Answer(200, body)

    def _one(self, path: PurePosixPath) -> tuple[list[Kept], dict[str, Any]]:
        if str(path.parent) != "/v2/notifications":
            raise Refusal(404, "NotFound", "The requested URL was not found on the server")
        _must_be_uuid(path.name, "notification_id")
        found = self.outbox.one(path.name)
        if found is None:
            raise Refusal(404, "NoResultFound", "No result found")
        return [found], self._told(found)

    def _page(self, asked: dict[str, list[str]]) -> tuple[list[Kept], dict[str, Any]]:
        kind, older_than = _first(asked, "template_type"), _first(asked, "older_than")
        if kind and kind not in TYPES:
            words = f"template_type {kind} is not one of [sms, email, letter]"
            raise Refusal(400, "ValidationError", words)
        if older_than:
            _must_be_uuid(older_than, "older_than")
        statuses = _statuses(asked.get("status", []))
        found = self.outbox.page(
            type=kind,
            reference=_first(asked, "reference"),
            older_than=older_than,
            statuses=statuses,
        )
        links = {"current": self._list_url(asked)}
        if found:
            links["next"] = self._list_url({**asked, "older_than": [found[-1].id]})
        return found, {"notifications": [self._told(each) for each in found], "links": links}

    def _received(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        """What people wrote to us, newest first."""
        older_than = _first(asked, "older_than")
        found = self.outbox.received(older_than)
        here = f"{self.url}/v2/received-text-messages"
        links = {"current": here + (f"?older_than={older_than}" if older_than else "")}
        if found:
            links["next"] = f"{here}?older_than={found[-1]['id']}"
        return {"received_text_messages": found, "links": links}

    def _list_url(self, asked: dict[str, list[str]]) -> str:
        query = urlencode(asked, doseq=True)
        return f"{self.url}/v2/notifications" + (f"?{query}" if query else "")

    def _template(self, version: str = "") -> dict[str, Any]:
        return {
            "id": self.template_id,
            "version": 1,
            "uri": f"{self.url}/v2/template/{self.template_id}{version}",
        }

    def _accepted(self, kept: Kept, wanted: Wanted) -> dict[str, Any]:
        if kept.type == "letter":
            return {"id": kept.id, "reference": kept.reference, "postage": wanted.postage}
        content: dict[str, Any] = {"body": kept.body, "from_number": FROM_NUMBER}
        answer = {
            "id": kept.id,
            "reference": kept.reference,
            "scheduled_for": None,
            "uri": f"{self.url}/v2/notifications/{kept.id}",
            "template": self._template(),
        }
        if kept.type == "email":
            content = {
                "subject": kept.subject,
                "body": kept.body,
                "from_email": FROM_EMAIL,
                "one_click_unsubscribe_url": wanted.unsubscribe_url,
            }
            answer["sanitised_content"] = {}
        return {**answer, "content": content}

    def _told(self, kept: Kept) -> dict[str, Any]:
        lines = dict.fromkeys([f"line_{number}" for number in range(1, 7)])
        return {
            "id": kept.id,
            "reference": kept.reference,
            "email_address": kept.recipient if kept.type == "email" else None,
            "phone_number": kept.recipient if kept.type == "sms" else None,
            **lines,
            "postcode": None,
            "postage": None,
            "type": kept.type,
            "status": kept.status,
            "template": self._template("/version/1"),
            "body": "" if kept.type == "letter" else kept.body,
            "subject": kept.subject,
            "created_at": kept.created_at,
            "created_by_name": None,
            "sent_at": kept.sent_at,
            "completed_at": kept.completed_at,
            "scheduled_for": None,
            "one_click_unsubscribe_url": None,
            "is_cost_data_ready": False,
            "cost_in_pounds": 0.0,
            "cost_details": {},
        }


def _statuses(asked: list[str]) -> frozenset[str]:
    for status in asked:
        if status not in STATUSES | {"failed"}:
            words = f"status {status} is not one of [{', '.join(sorted(STATUSES))}]"
            raise Refusal(400, "ValidationError", words)
    return frozenset(asked) | (FAILED if "failed" in asked else frozenset())


def _first(asked: dict[str, list[str]], name: str) -> str | None:
    return asked.get(name, [None])[0]


def _must_be_uuid(value: str, name: str) -> None:
    try:
        UUID(value)
    except ValueError:
        raise Refusal(400, "ValidationError", f"{name} is not a valid UUID") from None
