"""The pages shown when something cannot be shown. None of them needs the database."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from openprotect.web.access import MovedAway


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413)
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose hidden token does not match: most often one left open overnight."""
    return page(request, 403, expired=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404, has_moved=isinstance(exception, MovedAway))


def broken(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


def page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    # Without the engine's context processors: one of them may be what broke.
    said = {"request": request, **context}
    return HttpResponse(get_template(f"design/{status}.jinja").render(said), status=status)
