"""Who is not reached? Counts by deprivation, age and practice, for whoever answers for it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.programmes.queries import visible_to
from openprotect.reports.queries.reach import Table, reached
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.charts import Bar, Bars
from openprotect.web.frame import frame

A_PAGE = 50


@for_roles(Role.LEAD, Role.SURVEILLANCE)
@require_safe
def equity(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    programme = visible_to(viewer).first()
    if programme is None:
        raise Http404
    found = reached(programme, on=viewer.at.date())
    page = {
        "programme": programme,
        "tables": [found.by_fifth, found.by_age],
        "practices": found.by_practice,
        "most": A_PAGE,
        "chart": _bars(found.by_fifth),
        **frame(request, current="equity"),
    }
    return render(request, "reaching/equity.jinja", page)


def _bars(table: Table) -> Bars:
    return Bars(
        id="by-fifth",
        title="Not reached, of those in the programme, by fifth of deprivation",
        description="One bar for each fifth of England; longer means more people are not reached.",
        head=(table.of, "Not reached"),
        bars=[Bar(each.name, each.percent or 0, said=each.share) for each in table.lines],
    )
