"""Large print: a plain link on every page for people, kept in a cookie that says nothing else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "openprotect_print"
LARGE, USUAL = "large", "usual"
KEPT_FOR = 365 * 24 * 3600


class LargePrint:
    """`?print=large` on any page makes every page large from then on, in this browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("print", "")
        wanted = asked if asked in (LARGE, USUAL) else request.COOKIES.get(COOKIE, USUAL)
        request.large_print = wanted == LARGE  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked in (LARGE, USUAL):
            response.set_cookie(
                COOKIE,
                wanted,
                max_age=KEPT_FOR,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response
