"""May we, until when, and who looked? People appear as ids here, never by name."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.reports.queries import looking
from openprotect.reports.queries.legal import purposes
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame


@require_safe
@for_roles(Role.GOVERNANCE)
def home(request: StaffRequest) -> HttpResponse:
    found = purposes(at=request.viewer.at)
    around = frame(request, current="governance")
    return render(request, "governing/home.jinja", {**around, "purposes": found})


@require_safe
@for_roles(Role.GOVERNANCE)
def access(request: StaffRequest) -> HttpResponse:
    wanted = looking.Wanted(
        on=_day(request),
        by=_uuid(request, "by"),
        person_id=_uuid(request, "person"),
        before=_number(request, "before"),
        is_by_people=request.GET.get("who") != "all",
    )
    names = looking.lookers([wanted.by] if wanted.by else [])
    return render(
        request,
        "governing/access.jinja",
        {
            **frame(request, current="looked"),
            "log": looking.log(wanted),
            "wanted": wanted,
            "only_by": names.get(wanted.by, "") if wanted.by else "",
            "link": lambda **changed: _link(
                request, {name: str(each) for name, each in changed.items()}
            ),
        },
    )


def _link(request: HttpRequest, changed: dict[str, str]) -> str:
    """This page again with something changed; what is empty is left out."""
    now = {
        name: request.GET[name] for name in ("day", "by", "person", "who") if name in request.GET
    }
    return "?" + urlencode({name: each for name, each in (now | changed).items() if each})


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
