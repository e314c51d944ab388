"""Is anyone falling through, and how is the programme set? Counts and settings, nobody's name."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.programmes.queries import held_settings, pack_of
from openprotect.reports.queries.previews import previews
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.showing import own_programme, programme_of, show


@require_safe
@for_roles(Role.LEAD)
def reviews(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = own_programme(viewer)
    stand = previews(programme, at=viewer.at)
    return show(request, "reviews", programme, "grip", previews=stand)


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
