"""One transaction a request, under a session the database looks up; pages closed by default."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from openprotect.accounts.actions import acting_as, answering_as
from openprotect.accounts.queries import viewer
from openprotect.api.door import BY_KEY
from openprotect.web.access import BY_LINK, DEMO, OPEN, ROLES
from openprotect.web.neutral import neutral

STAFF_COOKIE = "openprotect_staff"
PERSON_COOKIE = "openprotect_person"
TASK_COOKIE = "openprotect_task"
FOR_A_PERSON = ("/check-in/",)
FOR_A_TASK = "/task/"
# A cookie is sent only where it is of use; staff's goes everywhere.
PATHS = {PERSON_COOKIE: "/check-in/", TASK_COOKIE: FOR_A_TASK}
FOR_SYSTEMS = "/api/"


class Sessions:
    """Puts the whole of a request into one transaction under its session token.

    What a page shows is sent only after that transaction has committed, and with it the note of
    who saw it: if that cannot be written, nothing is shown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(FOR_SYSTEMS):
            # A key, never a cookie, opens these; each puts itself into transactions.
            return self._unkept(self.get_response(request))
        for_a_person = request.path_info.startswith(FOR_A_PERSON)
        is_ours = not connection.in_atomic_block  # and not a test's, that goes on after us
        token = request.COOKIES.get(_cookie_for(request.path_info), "")
        begin = answering_as if for_a_person else acting_as
        with transaction.atomic(), begin(token, until_commit=is_ours) as answering:
            request.viewer = None if for_a_person else viewer()  # type: ignore[attr-defined]
            request.answering = answering  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return self._unkept(response)

    def _unkept(self, response: HttpResponse) -> HttpResponse:
        response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, page: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Closed by default: a page that does not say for whom it is opens for nobody."""
        if hasattr(page, DEMO) and not settings.OPENPROTECT.demo:
            raise Http404
        if hasattr(page, OPEN) or (
            hasattr(page, BY_KEY) and request.path_info.startswith(FOR_SYSTEMS)
        ):
            return None
        if hasattr(page, BY_LINK):
            return None if getattr(request, "answering", None) else neutral(request)
        who = getattr(request, "viewer", None)
        if who is None:
            return redirect("start")
        if who.role not in getattr(page, ROLES, frozenset()):
            return render(request, "design/403.jinja", status=403)
        return None


def keep_token(response: HttpResponseBase, cookie: str, token: str, *, hours: int) -> None:
    """Give the browser its session token, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie,
        token,
        max_age=hours * 3600,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path=PATHS.get(cookie, "/"),
    )


def forget_token(response: HttpResponseBase, cookie: str) -> None:
    response.delete_cookie(cookie, path=PATHS.get(cookie, "/"))


def _cookie_for(path: str) -> str:
    if path.startswith(FOR_A_PERSON):
        return PERSON_COOKIE
    return TASK_COOKIE if path.startswith(FOR_A_TASK) else STAFF_COOKIE
