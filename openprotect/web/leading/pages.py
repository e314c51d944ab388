"""Is anyone falling through, and how is the programme set? Counts and settings, nobody's name."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.pathway.rounds import quiet_for
from openprotect.programmes.queries import held_settings, pack_of
from openprotect.records.queries import ages
from openprotect.reports.queries import grip as reports
from openprotect.reports.queries.contacts import duplicates_avoided
from openprotect.reports.queries.previews import previews
from openprotect.reports.rules import DEFINITIONS, PERIODS, period
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.showing import own_programme, programme_of, show

A_PAGE = 50


@require_safe
@for_roles(Role.LEAD)
def grip(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = own_programme(viewer)
    chosen = period(request.GET.get("since", ""))
    found = reports.grip(programme, chosen, at=viewer.at)
    only = request.GET.get("only", "")
    practices = found.practices
    if only in DEFINITIONS:
        practices = tuple(each for each in practices if each.counts.of(only))
    return show(
        request,
        "grip",
        programme,
        "grip",
        grip=found,
        practices=practices[:A_PAGE],
        more=max(0, len(practices) - A_PAGE),
        only=only if only in DEFINITIONS else "",
        period=chosen,
        periods=PERIODS,
        definitions=DEFINITIONS,
        ages=ages(),
        quiet=quiet_for(),
        previews=previews(programme, at=viewer.at),
        avoided=duplicates_avoided(programme, chosen, at=viewer.at),
    )


@require_safe
@for_roles(Role.LEAD)
def reviews(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = own_programme(viewer)
    stand = previews(programme, at=viewer.at)
    return show(request, "reviews", programme, "grip", previews=stand)


@require_safe
@for_roles(Role.LEAD)
def place(request: StaffRequest, place_id: UUID) -> HttpResponse:
    viewer = request.viewer
    programme = own_programme(viewer)
    chosen = period(request.GET.get("since", ""))
    found = reports.grip(programme, chosen, at=viewer.at)
    here = found.place(place_id)
    if here is None:
        raise Http404("nobody of this programme is there")
    return show(
        request,
        "place",
        programme,
        "grip",
        place=here,
        practices=found.within(place_id),
        period=chosen,
        periods=PERIODS,
        definitions=DEFINITIONS,
    )


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL, Role.LOCALITY)
def ours(request: StaffRequest) -> HttpResponse:
    return redirect("leading:programme", own_programme(request.viewer).pk)


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL, Role.LOCALITY)
def programme(request: StaffRequest, programme_id: UUID) -> HttpResponse:
    viewer = request.viewer
    found = programme_of(viewer, programme_id)
    return show(
        request,
        "programme",
        found,
        pack=pack_of(found),
        held=held_settings(found, at=viewer.at),
        locality_id=viewer.organisation_id if viewer.role == Role.LOCALITY else None,
    )
