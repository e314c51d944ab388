"""Large print and language: plain links on a person's pages, kept in cookies that say no more."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE, LANGUAGE = "openprotect_print", "openprotect_language"
LARGE, USUAL = "large", "usual"
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}")
KEPT_FOR = 365 * 24 * 3600


class Reading:
    """`?print=large` and `?speak=pl` on any page hold from then on, in this browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        print_, tag = request.GET.get("print", ""), request.GET.get("speak", "")
        asked = {COOKIE: print_} if print_ in (LARGE, USUAL) else {}
        asked |= {LANGUAGE: tag} if TAG.fullmatch(tag) else {}
        kept = {**request.COOKIES, **asked}
        language = kept.get(LANGUAGE, "")
        request.large_print = kept.get(COOKIE) == LARGE  # type: ignore[attr-defined]
        request.speaks = language if TAG.fullmatch(language) else ""  # type: ignore[attr-defined]
        response = self.get_response(request)
        for name, value in asked.items():
            response.set_cookie(
                name,
                value,
                max_age=KEPT_FOR,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response
