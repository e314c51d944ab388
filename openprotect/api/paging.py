"""How lists and moments are asked for and told, the same for all that the API gives."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from openprotect.api.rules import MOST_ON_A_PAGE, Wrong

LOCAL = ZoneInfo("Europe/London")


def limit_of(request: HttpRequest) -> int:
    written = request.GET.get("limit", "50")
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:6]) <= MOST_ON_A_PAGE):
        raise Wrong(400, f"limit is a whole number from 1 to {MOST_ON_A_PAGE}.")
    return int(written)


def instant(at: datetime | None) -> str | None:
    return at.astimezone(LOCAL).isoformat(timespec="seconds") if at else None
