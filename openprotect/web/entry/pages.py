"""Coming in and going out: the start page, signing in, changing role, and the health address."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts import actions, queries
from openprotect.accounts.rules import STAFF
from openprotect.base.refusals import Refused
from openprotect.pathway.rounds import is_alarming, quiet_for
from openprotect.web.access import StaffRequest, for_roles, open_page
from openprotect.web.frame import frame, home_of
from openprotect.web.sessions import STAFF_COOKIE, forget_token, keep_token

HOURS = 12


class SignIn(forms.Form):
    """A login and a password; who they belong to is the database's business."""

    login = forms.CharField(max_length=120)
    password = forms.CharField(max_length=200, strip=False)


@open_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where everybody comes in: one's own home, the demonstration's cast, or the sign-in page."""
    viewer = getattr(request, "viewer", None)
    if settings.OPENPROTECT.demo:
        return redirect("demo:start")
    return redirect(home_of(viewer.role)) if viewer else redirect("sign-in")


@open_page
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignIn(request.POST or None)
    if form.is_valid():
        try:
            token = actions.sign_in(form.cleaned_data["login"], form.cleaned_data["password"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            response = redirect("home")
            keep_token(response, STAFF_COOKIE, token, hours=HOURS)
            return response
    return render(request, "entry/sign_in.jinja", {"form": form})


@for_roles(*STAFF)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """To the first page of one's role."""
    return redirect(home_of(request.viewer.role))


@for_roles(*STAFF)
@require_POST
def sign_out(request: StaffRequest) -> HttpResponse:
    actions.sign_out()
    response = redirect("start")
    forget_token(response, STAFF_COOKIE)
    return response


@for_roles(*STAFF)
def role(request: StaffRequest) -> HttpResponse:
    """Change to another of one's roles."""
    chosen = request.POST.get("membership", "")
    error = ""
    if request.method == "POST":
        try:
            actions.switch_to(UUID(chosen))
        except (ValueError, Refused):
            error = "Choose one of your roles."
        else:
            return redirect("home")
    mine = queries.own_memberships(request.viewer)
    return render(
        request, "entry/role.jinja", {**frame(request), "memberships": mine, "error": error}
    )


@open_page
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the machine: 503 when background work has stopped."""
    quiet = quiet_for()
    alarm = is_alarming()
    said = {
        "database": "answers",
        "worker": "stopped" if alarm else "works",
        "seconds_since_last_round": round(quiet.total_seconds()) if quiet is not None else None,
    }
    return JsonResponse(said, status=503 if alarm else 200)
