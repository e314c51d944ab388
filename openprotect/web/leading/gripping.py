"""Is anyone falling through, where, and who is it? Names only for those who work for them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.governance.actions import record_access
from openprotect.pathway.rounds import quiet_for
from openprotect.records.queries import ages
from openprotect.reports.queries import behind_figures, health
from openprotect.reports.queries import grip as reports
from openprotect.reports.queries.contacts import duplicates_avoided
from openprotect.reports.queries.previews import previews
from openprotect.reports.rules import DEFINITIONS, PERIODS, period
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.leading.showing import own_programme, show

A_PAGE = 50
# Whoever works for these people sees who they are; a lead sees how many.
NAMED = (Role.LOCALITY, Role.SURVEILLANCE)


@require_safe
@for_roles(Role.LEAD, *NAMED)
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
        providers=health.providers(programme, at=viewer.at),
        outages=health.outages(chosen, at=viewer.at),
        named=sorted(behind_figures.FIGURES) if viewer.role in NAMED else [],
        exact=viewer.role in NAMED,
    )


@require_safe
@for_roles(Role.LEAD, *NAMED)
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
        exact=viewer.role in NAMED,
    )


@require_safe
@for_roles(*NAMED)
def behind(request: StaffRequest, figure: str) -> HttpResponse:
    """The persons whom a figure counts, of one's own area; each is in the access log."""
    viewer = request.viewer
    if figure not in behind_figures.FIGURES:
        raise Http404
    programme = own_programme(viewer)
    text = request.GET.get("page", "")
    page = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    found = behind_figures.behind(viewer, programme, figure, page=page)
    if found.lines:
        record_access(
            {each.person_id for each in found.lines},
            what="grip.behind",
            why=f"who is counted as: {DEFINITIONS[figure].title.lower()}",
        )
    defined = DEFINITIONS[figure]
    return show(request, "behind", programme, "grip", behind=found, figure=figure, defined=defined)
