"""The Jinja environment of every page. Named in settings as the engine's `environment`."""

from __future__ import annotations

from typing import Any

import jinja2
from csp.exceptions import CSPNonceError
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from openprotect.web.design import words
from openprotect.web.design.viewer import house

FILTERS = (
    words.due,
    words.is_overdue,
    words.ago,
    words.silent,
    words.day,
    words.weekday,
    words.clock,
    words.moment,
    words.age,
    words.plural,
    words.span,
    words.number,
    words.sentence,
    words.nhs_number,
    words.phone,
)


def environment(**options: Any) -> jinja2.Environment:
    """Django's engine with the published NHS macros beside our own templates."""
    ours = options.pop("loader")
    # The macros read keys that a caller may leave out, and keys of those.
    options["undefined"] = jinja2.ChainableUndefined
    options["autoescape"] = True
    published = jinja2.PackageLoader("nhsuk_frontend_jinja")
    env = jinja2.Environment(loader=jinja2.ChoiceLoader([ours, published]), **options)  # noqa: S701
    env.globals.update(
        static=static,
        static_prefix=settings.STATIC_URL,
        url=url,
        csp_nonce=csp_nonce,
        flashes=flashes,
        house=house,
    )
    env.filters.update({each.__name__: each for each in FILTERS})
    return env


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def csp_nonce(request: HttpRequest | None) -> str:
    """The page's nonce, made now: the lazy one is false until read, and would be dropped."""
    try:
        return str(getattr(request, "csp_nonce", ""))
    except CSPNonceError:
        return ""  # an error page drawn after the header was written goes without its script


def flashes(request: HttpRequest | None) -> list[Message]:
    """What the last action told the reader; nothing where messages are not installed."""
    return list(get_messages(request)) if request and hasattr(request, "_messages") else []
