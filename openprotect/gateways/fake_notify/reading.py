"""What a request to send asks for, checked as Notify checks it."""

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import phonenumbers

MOST_PDF_BYTES = 2_000_000
POSTAGE = ("first", "second", "economy", "europe", "rest-of-world")
LONGEST_TEXT = 918
TEXT_FIELDS = frozenset(
    {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"}
)
EMAIL_FIELDS = frozenset(
    {
        "email_address",
        "template_id",
        "personalisation",
        "reference",
        "email_reply_to_id",
        "one_click_unsubscribe_url",
        "sanitise_content_for",
    }
)


class CannotSend(Exception):
    """Notify would not send this; `error` is its word for the kind of reason."""

    def __init__(self, message: str, error: str = "ValidationError") -> None:
        super().__init__(message)
        self.error = error


@dataclass(frozen=True)
class Wanted:
    """A message somebody wants sent."""

    type: str
    recipient: str
    body: str
    subject: str | None
    reference: str | None
    unsubscribe_url: str | None
    postage: str | None = None


def read_text(raw: bytes, template_id: str) -> Wanted:
    asked = _read(raw, TEXT_FIELDS, "phone_number")
    _check_number(asked["phone_number"])
    message = _message(asked, template_id)
    if len(message) > LONGEST_TEXT:
        raise CannotSend(
            f"Text messages cannot be longer than {LONGEST_TEXT} characters."
            f" Your message is {len(message)} characters long.",
            "BadRequestError",
        )
    return Wanted("sms", asked["phone_number"], message, None, asked.get("reference"), None)


def read_email(raw: bytes, template_id: str) -> Wanted:
    asked = _read(raw, EMAIL_FIELDS, "email_address")
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*\.?\w+", asked["email_address"]):
        raise CannotSend("email_address Not a valid email address")
    message = _message(asked, template_id)
    return Wanted(
        "email",
        asked["email_address"],
        message,
        str(asked["personalisation"].get("subject", "A message for you")),
        asked.get("reference"),
        asked.get("one_click_unsubscribe_url"),
    )


def read_letter(raw: bytes, template_id: str) -> Wanted:
    """A finished page in PDF. Letters from a template are not stood in for."""
    asked = _read_object(raw)
    for name in asked.keys() - {"reference", "content", "postage"}:
        raise CannotSend(f"Additional properties are not allowed ({name} was unexpected)")
    for name in ("reference", "content"):
        if not isinstance(asked.get(name), str):
            raise CannotSend(f"{name} is a required property")
    postage = asked.get("postage")
    if postage is not None and postage not in POSTAGE[:3]:
        raise CannotSend("postage invalid. It must be first, second or economy.")
    try:
        page = b64decode(asked["content"], validate=True)
    except ValueError:
        raise CannotSend("Cannot decode letter content (invalid base64 encoding)") from None
    if len(page) > MOST_PDF_BYTES or not page.startswith(b"%PDF-"):
        raise CannotSend("Letter content is not a valid PDF", "BadRequestError")
    return Wanted("letter", "", asked["content"], None, asked["reference"], None, postage)


def _read_object(raw: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(raw)
    except ValueError:
        raise CannotSend("Invalid JSON supplied in POST data", "BadRequestError") from None
    if not isinstance(asked, dict):
        raise CannotSend("payload is not of type object")
    return asked


def _read(raw: bytes, known: frozenset[str], recipient: str) -> dict[str, Any]:
    asked = _read_object(raw)
    for name in asked.keys() - known:
        raise CannotSend(f"Additional properties are not allowed ({name} was unexpected)")
    for name in (recipient, "template_id", "reference"):
        if name not in asked and name != "reference":
            raise CannotSend(f"{name} is a required property")
        if not isinstance(asked.get(name, ""), str):
            raise CannotSend(f"{name} {asked[name]} is not of type string")
    return asked


def _message(asked: dict[str, Any], template_id: str) -> str:
    """The one template is `((message))`."""
    try:
        UUID(asked["template_id"])
    except ValueError:
        raise CannotSend("template_id is not a valid UUID") from None
    if asked["template_id"] != template_id:
        raise CannotSend("Template not found", "BadRequestError")
    given = asked.get("personalisation", {})
    if not isinstance(given, dict) or "message" not in given:
        raise CannotSend("Missing personalisation: message", "BadRequestError")
    return str(given["message"])


def _check_number(number: str) -> None:
    digits = re.sub(r"[\s()+-]", "", number)
    if not digits.isdigit():
        raise CannotSend("phone_number Must not contain letters or symbols")
    if len(digits) < 10:
        raise CannotSend("phone_number Not enough digits")
    if len(digits) > 13:
        raise CannotSend("phone_number Too many digits")
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        raise CannotSend("phone_number Not a valid country prefix") from None
    if parsed.country_code != 44:
        raise CannotSend("Cannot send to international mobile numbers", "BadRequestError")
    # Not "is it valid": 07700 900xxx is reserved for made-up people and belongs to nobody.
    if not re.fullmatch(r"7\d{9}", str(parsed.national_number)):
        raise CannotSend("phone_number Not a UK mobile number")
