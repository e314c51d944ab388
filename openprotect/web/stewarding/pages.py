"""What waits to be taken into the records, how old they are, and what one import would change."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.records import actions
from openprotect.reports.queries import import_reports, imported_people, imports
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.stewarding.showing import page_of, show

A_PAGE = imports.A_PAGE


@require_safe
@for_roles(Role.STEWARD)
def home(request: StaffRequest) -> HttpResponse:
    page = page_of(request)
    settled, more = imports.settled_imports(request.viewer, page=page)
    return show(
        request,
        "home",
        "imports",
        waiting=imports.waiting(),
        sources=imports.sources(request.viewer.at.date()),
        open_imports=imports.open_imports(request.viewer),
        settled=settled,
        page=page,
        more=more,
    )


@require_safe
@for_roles(Role.STEWARD)
def one(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Looking at an import that waits is a step of its life, noted the first time."""
    viewer = request.viewer
    found = get_object_or_404(imports.visible_to(viewer), pk=import_id)
    seen = actions.show(found, by=viewer.name, user=viewer.user_id, at=viewer.at)
    report = import_reports.report(seen)
    return show(request, "import", "imports", report=report, line=report.line, changeset=seen)


@require_safe
@for_roles(Role.STEWARD)
def where(request: StaffRequest, import_id: UUID) -> HttpResponse:
    found = get_object_or_404(imports.visible_to(request.viewer), pk=import_id)
    code, page = request.GET.get("reason", ""), page_of(request)
    rows = import_reports.where(found, code)
    start = (page - 1) * A_PAGE
    return show(
        request,
        "where",
        "imports",
        changeset=found,
        positions=import_reports.positions(rows[start : start + A_PAGE]),
        total=rows.count(),
        code=code,
        words=import_reports.words_of(code),
        page=page,
        more=rows.count() > start + A_PAGE,
    )


@require_safe
@for_roles(Role.STEWARD)
def people(request: StaffRequest, import_id: UUID) -> HttpResponse:
    found = get_object_or_404(imports.visible_to(request.viewer), pk=import_id)
    samples = imported_people.samples(request.viewer, found)
    return show(request, "people", "imports", changeset=found, samples=samples)
