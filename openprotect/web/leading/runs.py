"""Whom the rules find: every run, what it found and left out, and what it changed. Counts."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.reports.queries import changed, runs
from openprotect.reports.queries.trying import MAY_SEE_EXAMPLES
from openprotect.reports.rules.tallies import as_file
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.charts import Bar, Bars
from openprotect.web.leading.showing import own_programme, show

FILE = "text/csv; charset=utf-8"


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def all_runs(request: StaffRequest) -> HttpResponse:
    programme = own_programme(request.viewer)
    page = _page(request)
    found, more = runs.lines(programme, page=page, exact=_exact(request.viewer))
    shown = {"runs": found, "kinds": runs.KINDS, "page": page, "more": more}
    return show(request, "runs", programme, "runs", **shown)


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def run(request: StaffRequest, run_id: UUID) -> HttpResponse:
    programme = own_programme(request.viewer)
    found = get_object_or_404(runs.visible_to(programme), pk=run_id)
    report = runs.report(found, programme, exact=_exact(request.viewer))
    shown = {"report": report, "chart": _waterfall(report), "kinds": runs.KINDS}
    return show(request, "run", programme, "runs", may_see=_exact(request.viewer), **shown)


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def run_file(request: StaffRequest, run_id: UUID) -> HttpResponse:
    programme = own_programme(request.viewer)
    found = get_object_or_404(runs.visible_to(programme), pk=run_id)
    report = runs.report(found, programme, exact=_exact(request.viewer))
    return _file(f"run {found.as_of}", as_file(f"run as of {found.as_of}", report.tallies))


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def difference(request: StaffRequest, run_id: UUID) -> HttpResponse:
    programme = own_programme(request.viewer)
    found = get_object_or_404(runs.visible_to(programme), pk=run_id)
    change = runs.difference(found, programme, exact=_exact(request.viewer))
    shown = {"change": change, "run": found, "kinds": runs.KINDS}
    return show(request, "difference", programme, "runs", may_see=_exact(request.viewer), **shown)


@require_safe
@for_roles(Role.LEAD, Role.CLINICAL)
def difference_file(request: StaffRequest, run_id: UUID) -> HttpResponse:
    programme = own_programme(request.viewer)
    found = get_object_or_404(runs.visible_to(programme), pk=run_id)
    change = runs.difference(found, programme, exact=_exact(request.viewer))
    tallies = change.tallies if change else ()
    return _file(
        f"changes {found.as_of}", as_file(f"changes by the run as of {found.as_of}", tallies)
    )


@require_safe
@for_roles(Role.CLINICAL)
def people(request: StaffRequest, run_id: UUID) -> HttpResponse:
    programme = own_programme(request.viewer)
    found = get_object_or_404(runs.visible_to(programme), pk=run_id)
    wanted = changed.Wanted(
        kind=request.GET.get("kind", "joined"),
        reason=request.GET.get("reason", ""),
        practice=request.GET.get("practice", ""),
        page=_page(request),
    )
    shown = changed.people(request.viewer, found, programme, wanted)
    return show(request, "changed", programme, "runs", people=shown, run=found, kinds=runs.KINDS)


def _exact(viewer: Viewer) -> bool:
    """Whoever may see the evidence of single people may see small numbers too."""
    return viewer.role in MAY_SEE_EXAMPLES


def _page(request: StaffRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _waterfall(report: runs.Report) -> Bars:
    bars = [
        Bar(
            each.title,
            each.people,
            each.said if each.is_rest else f"less {each.said}",
            start=each.starts,
        )
        for each in report.falls
    ]
    return Bars(
        id="waterfall",
        title="From everybody in the records to those found",
        description="Each bar takes away the people who are not found for one reason.",
        head=("Step", "People"),
        bars=bars,
        most=report.people,
    )


def _file(name: str, text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=FILE)
    answer["Content-Disposition"] = f'attachment; filename="{name.replace(" ", "-")}.csv"'
    return answer
