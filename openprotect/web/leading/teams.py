"""Is somebody there? Hours, single days and rotas of teams, and what was left behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.places.actions.staffing import Duty, set_day, set_hours, set_rota
from openprotect.places.queries import hours_of
from openprotect.reports.queries import coverage
from openprotect.reports.rules.coverage import days_from, in_words
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.words import LONDON
from openprotect.web.leading.forms import DayForm, HoursForm
from openprotect.web.leading.showing import own_programme, show

if TYPE_CHECKING:
    from openprotect.places.models import Team

TEAMS = (Role.LEAD, Role.LOCALITY, Role.SURVEILLANCE, Role.PRACTICE)
A_PAGE = 60


@for_roles(*TEAMS)
@require_safe
def teams(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    stands = coverage.stands(viewer)
    return show(
        request,
        "teams",
        own_programme(viewer),
        "teams",
        stands=stands[:A_PAGE],
        more=max(0, len(stands) - A_PAGE),
        left=coverage.left_behind(viewer),
    )


@for_roles(*TEAMS)
@require_safe
def team(request: StaffRequest, team_id: UUID) -> HttpResponse:
    return _page(request, team_id)


def _page(
    request: StaffRequest,
    team_id: UUID,
    *,
    hours_form: HoursForm | None = None,
    day_form: DayForm | None = None,
) -> HttpResponse:
    viewer = request.viewer
    found = _team(request, team_id)
    held = hours_of(found, viewer.at)
    usual = {
        "weekdays": [str(each) for each in held.weekdays],
        "opens": f"{held.opens:%H:%M}",
        "closes": f"{held.closes:%H:%M}",
    }
    return show(
        request,
        "team",
        own_programme(viewer),
        "teams",
        team=found,
        hours=in_words(held),
        held=held,
        hours_form=hours_form or HoursForm(initial=usual, prefix="hours"),
        day_form=day_form or DayForm(prefix="day"),
        days=days_from(viewer.at),
        colleagues=coverage.colleagues(found),
        planned=coverage.planned(found, viewer.at),
    )


def _team(request: StaffRequest, team_id: UUID) -> "Team":
    known = coverage.teams_of(request.viewer)
    found = next((each for each in known if each.pk == team_id), None)
    if found is None:
        raise Http404("no such team of theirs")
    return found


@for_roles(*TEAMS)
@require_POST
def hours(request: StaffRequest, team_id: UUID) -> HttpResponse:
    found, form = _team(request, team_id), HoursForm(request.POST, prefix="hours")

    def keep() -> None:
        given = form.cleaned_data
        set_hours(
            found,
            weekdays=[int(each) for each in given["weekdays"]],
            opens=given["opens"],
            closes=given["closes"],
            from_on=given["from_on"] or request.viewer.at.astimezone(LONDON).date(),
            because=given["because"],
            by=request.viewer.user_id,
            at=request.viewer.at,
        )

    if form.is_valid() and _kept(form, keep):
        messages.success(request, "Kept. Work is routed by these hours from that day on.")
        return redirect("leading:team", team_id)
    return _page(request, team_id, hours_form=form)


@for_roles(*TEAMS)
@require_POST
def special_day(request: StaffRequest, team_id: UUID) -> HttpResponse:
    found, form = _team(request, team_id), DayForm(request.POST, prefix="day")

    def keep() -> None:
        given = form.cleaned_data
        set_day(
            found,
            given["on"],
            is_there=given["there"] == "yes",
            because=given["because"],
            by=request.viewer.user_id,
            at=request.viewer.at,
        )

    if form.is_valid() and _kept(form, keep):
        messages.success(request, "Kept. Work of that day is routed by it.")
        return redirect("leading:team", team_id)
    return _page(request, team_id, day_form=form)


def _kept(form: HoursForm | DayForm, keep: Callable[[], None]) -> bool:
    try:
        keep()
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


@for_roles(*TEAMS)
@require_POST
def rota(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Who is on duty on each of the next fourteen days; what was planned for them is replaced."""
    viewer, found = request.viewer, _team(request, team_id)
    held, days = hours_of(found, viewer.at), days_from(viewer.at)
    duties = [
        Duty(each.id, _moment(on, held.opens), _moment(on, held.closes))
        for on in days
        for each in coverage.colleagues(found)
        if f"{on.isoformat()}:{each.id}" in request.POST.getlist("duty")
    ]
    first, last = _moment(days[0], time.min), _moment(days[-1], time.max)
    try:
        set_rota(found, duties, starts_at=first, ends_at=last, by=viewer.user_id, at=viewer.at)
    except Refused as refusal:
        messages.error(request, f"{refusal} Nothing was changed.")
        return redirect("leading:team", team_id)
    always = found.function == coverage.ALWAYS_THERE
    expected = [on for on in days if always or held.works_on(on)]
    empty = [on for on in expected if not _has(duties, on)]
    if empty:
        named = ", ".join(f"{on:%A} {on.day} {on:%B}" for on in empty[:7])
        messages.warning(request, f"Kept, but nobody is there on {named}.")
    else:
        messages.success(request, "Kept. Somebody is there on each working day.")
    return redirect("leading:team", team_id)


def _has(duties: list[Duty], on: date) -> bool:
    return any(each.starts_at.astimezone(LONDON).date() == on for each in duties)


def _moment(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, LONDON).astimezone(UTC)
