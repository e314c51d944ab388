"""Who is looking, where they may go, and what every layout says about the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

PRODUCT = "OpenProtect"


@dataclass(frozen=True)
class Viewer:
    """The person signed in, for the line at the top of every staff page."""

    name: str
    organisation: str
    role: str
    purpose: str
    change_url: str = ""
    sign_out_url: str = ""


@dataclass(frozen=True)
class Place:
    """One entry of a page's navigation; `count` is what waits there, if that is known."""

    text: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class House:
    """What is true of every page of this installation."""

    product: str
    is_demo: bool
    organisation: str
    help_phone: str
    help_hours: str
    demo_clock: datetime | None


def house(request: HttpRequest | None) -> House:
    """Asks the database nothing, so that an error page can be drawn without it."""
    ours = getattr(settings, "OPENPROTECT", None)
    is_demo = bool(getattr(ours, "demo", False))
    return House(
        product=PRODUCT,
        is_demo=is_demo,
        organisation=getattr(ours, "organisation_name", ""),
        help_phone=getattr(ours, "help_phone", ""),
        help_hours=getattr(ours, "help_hours", ""),
        demo_clock=getattr(request, "demo_clock", None) if is_demo else None,
    )
