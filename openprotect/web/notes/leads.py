"""Who may need a hand? Reminding privately, thanking, and the words of reminders."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openprotect.accounts.queries import user_of_login
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.voices import actions, queries
from openprotect.voices.queries.waiting import behind
from openprotect.voices.rules import WORDINGS
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.notes.forms import ThanksForm, WordingForm
from openprotect.web.notes.showing import programme_of, show

LEADS = (Role.LEAD, Role.CLINICAL, Role.LOCALITY)


@for_roles(*LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    known = {str(each.pk): each for each in queries.teams_to_thank(viewer)}
    offered = [(key, each.name, "") for key, each in known.items()]
    form = ThanksForm(request.POST or None, teams=offered)
    if form.is_valid():
        given = form.cleaned_data
        to = user_of_login(given["person"]) if given["person"] else None
        if given["person"] and to is None:
            form.add_error("person", "Nobody signs in by that name. Leave it empty for the team")
        else:
            try:
                actions.thank(
                    programme_of(viewer),
                    known[given["team"]],
                    words=given["words"],
                    to_user=to,
                    viewer=viewer,
                    at=viewer.at,
                )
            except Refused as refusal:
                form.add_error("words", str(refusal))
            else:
                messages.success(request, "Sent. They see it when they next sign in.")
                return redirect("notes:home")
    return show(request, "thanks", form=form)


@for_roles(Role.LEAD)
@require_safe
def waiting_teams(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = programme_of(viewer)
    return show(
        request,
        "waiting",
        waiting=queries.waiting(programme, at=viewer.at),
        sent=list(queries.sent_by_us(programme)[:30]),
        wordings=queries.wordings(programme),
    )


@for_roles(Role.LEAD)
@require_POST
def remind(request: StaffRequest, team_id: UUID, about: str) -> HttpResponse:
    """The next word to one team, now: no more than would have come by itself, only sooner."""
    viewer = request.viewer
    programme = programme_of(viewer)
    late = behind(programme, at=viewer.at)
    found = next((e for e in late if (e.team.pk, e.wait.about) == (team_id, about)), None)
    if found is None:
        messages.info(request, "Nothing waits there any more.")
        return redirect("notes:waiting")
    try:
        actions.nudge(programme, found, viewer=viewer, at=viewer.at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Sent, to them alone.")
    return redirect("notes:waiting")


@for_roles(Role.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: StaffRequest, step: str) -> HttpResponse:
    viewer, key = request.viewer, step.upper()
    if key not in WORDINGS:
        raise Http404
    programme = programme_of(viewer)
    words, version = queries.wording(programme, key), queries.wording_version(programme, key)
    form = WordingForm(request.POST or None, initial={"words": words})
    if form.is_valid():
        over = request.POST.get("over", "")
        try:
            actions.set_wording(
                programme,
                key,
                form.cleaned_data["words"],
                over=int(over) if over.isascii() and over.isdigit() else 0,
                viewer=viewer,
                at=viewer.at,
            )
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Kept. The next note is written so.")
            return redirect("notes:waiting")
    title = next(title for step, title, _ in queries.wordings(programme) if step == key)
    return show(request, "wording", form=form, over=version, title=title)
