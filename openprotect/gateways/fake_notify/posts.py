"""What Notify posts to a service of its own accord, as its published description has it."""

from typing import Any

import requests

from openprotect.gateways.fake_notify.outbox import OUR_NUMBER, Kept


def receipt_of(kept: Kept) -> dict[str, Any]:
    """The delivery receipt of a text or an e-mail."""
    return {
        "id": kept.id,
        "reference": kept.reference,
        "to": kept.recipient,
        "status": kept.status,
        "created_at": kept.created_at,
        "completed_at": kept.completed_at,
        "sent_at": kept.sent_at,
        "notification_type": kept.type,
        "template_id": kept.template_id,
        "template_version": 1,
    }


def returned(kept: Kept) -> dict[str, Any]:
    """That a letter came back."""
    return {
        "notification_id": kept.id,
        "reference": kept.reference,
        "date_sent": kept.created_at,
        "sent_by": None,
        "template_name": "Pre-compiled PDF",
        "template_id": kept.template_id,
        "template_version": 1,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": None,
    }


def text_to_us(received: dict[str, str]) -> dict[str, Any]:
    """A text that somebody sent."""
    return {
        "id": received["id"],
        "source_number": received["user_number"],
        "destination_number": OUR_NUMBER,
        "message": received["content"],
        "date_received": received["created_at"],
    }


def post(address: str, secret: str, said: dict[str, Any]) -> int:
    """Tell the service, with its secret; the status it answers with."""
    headers = {"Authorization": f"Bearer {secret}"}
    return requests.post(address, json=said, headers=headers, timeout=5).status_code
