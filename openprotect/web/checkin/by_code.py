"""For whoever cannot follow a link: a code from our letter, typed in; and how to check us."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.base import clock
from openprotect.checkins import actions
from openprotect.checkins.rules import LOCAL, typed_code
from openprotect.programmes.queries import phone_to_ring
from openprotect.web.access import open_page
from openprotect.web.checkin.forms import CodeForm
from openprotect.web.checkin.front_door import HOURS, WRONG
from openprotect.web.neutral import neutral
from openprotect.web.sessions import PERSON_COOKIE, keep_token


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponseBase:
    """A code opens what a link would; one that opens nothing gets the page of all such links."""
    today = clock.now().astimezone(LOCAL).date()
    form = CodeForm(request.POST if request.method == "POST" else None, today=today)
    if not form.is_valid():
        return _shown(request, form)
    code = typed_code(form.cleaned_data["code"])
    entry, session = actions.enter(code, born=form.cleaned_data["born"])
    if entry == "unusable":
        return neutral(request)
    if entry == "wrong":
        form.add_error("born", WRONG)
        return _shown(request, form)
    response = redirect("checkin:stand-in" if form.cleaned_data["for_someone"] else "checkin:home")
    keep_token(response, PERSON_COOKIE, session, hours=HOURS)
    return response


def _shown(request: HttpRequest, form: CodeForm) -> HttpResponseBase:
    return render(request, "checkin/code.jinja", {"form": form, "help_phone": phone_to_ring()})


@open_page
@require_safe
def real(request: HttpRequest) -> HttpResponseBase:
    """How to check that a message or a call is ours: the same words that staff read out."""
    site = settings.OPENPROTECT.public_url
    return render(request, "checkin/real.jinja", {"help_phone": phone_to_ring(), "site": site})
