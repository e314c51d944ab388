"""Where a personal link leads: who asks, how to check it, and the birth date."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.base import clock
from openprotect.checkins import actions
from openprotect.checkins.queries import pack_behind
from openprotect.checkins.rules import LOCAL
from openprotect.packs.pack import Pack
from openprotect.web.access import open_page
from openprotect.web.checkin.forms import BornForm
from openprotect.web.checkin.surroundings import of_pack
from openprotect.web.neutral import neutral
from openprotect.web.sessions import PERSON_COOKIE, keep_token

HOURS = 4
# What text apps and people add to the end of an address; none of it can end a token.
ADDED_BEHIND = " \t\r\n.,;:!?'\"`()[]{}<>/\\|*…’”»)。、"  # noqa: RUF001
WRONG = "This is not the date of birth we expected. Check the day, the month and the year"


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking changes nothing, so that no scanner uses a link up. All unusable links are alike."""
    token = token.rstrip(ADDED_BEHIND)
    pack = pack_behind(token)
    if pack is None:
        return neutral(request)
    today = clock.now().astimezone(LOCAL).date()
    form = BornForm(request.POST if request.method == "POST" else None, today=today)
    if not form.is_valid():
        return _shown(request, pack, form)
    entry, session = actions.enter(token, born=form.cleaned_data["born"])
    if entry == "unusable":
        return neutral(request)
    if entry == "wrong":
        form.add_error("born", WRONG)
        return _shown(request, pack, form, is_wrong=True)
    response = redirect("checkin:stand-in" if form.cleaned_data["for_someone"] else "checkin:home")
    keep_token(response, PERSON_COOKIE, session, hours=HOURS)
    return response


def _shown(
    request: HttpRequest, pack: Pack, form: BornForm, *, is_wrong: bool = False
) -> HttpResponse:
    shown = {"form": form, "pack": pack, "is_wrong": is_wrong, **of_pack(pack)}
    return render(request, "checkin/start.jinja", shown)
