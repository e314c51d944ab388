"""What does the week ask of us, and who is there? The forecast, and the rota as a table."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.floor.actions.rota import bring_rota
from openprotect.floor.queries.forecast import Day, Forecast
from openprotect.floor.queries.forecast import forecast as ahead
from openprotect.floor.queries.planned import planned_days
from openprotect.floor.rules.forecast import Hour
from openprotect.floor.rules.rota import NEEDED, PACE
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.charts import Bar, Bars
from openprotect.web.design.words import clock, weekday
from openprotect.web.supervising.showing import own_programme, show


@for_roles(Role.SUPERVISOR)
@require_safe
def forecast(request: StaffRequest) -> HttpResponse:
    found = ahead(request.viewer, own_programme(request.viewer))
    day = _chosen(found, request.GET.get("day", ""))
    said = {"forecast": found, "day": day, "week": _week(found), "hours": _hours(day)}
    return show(request, "forecast", "ahead", **said)


def _chosen(found: Forecast, asked: str) -> Day:
    """The day that was asked for; the first where it is none of the week."""
    return next((each for each in found.days if each.on.isoformat() == asked), found.days[0])


def _week(found: Forecast) -> Bars:
    return _bars(
        "week",
        "Calls expected, day by day",
        "One bar for each day from today, as in the table below.",
        [(_named(each.on), each) for each in found.days],
    )


def _named(on: date) -> str:
    return weekday(on)


def _hours(day: Day) -> Bars:
    return _bars(
        "hours",
        f"Calls expected, hour by hour: {_named(day.on)}",
        "One bar for each hour of the day that is chosen, as in the table below.",
        [(clock(each.starts_at), each) for each in day.busy],
    )


def _bars(name: str, title: str, description: str, of: Sequence[tuple[str, Day | Hour]]) -> Bars:
    most = max((max(each.calls, each.staffed or 0) for _, each in of), default=0)
    return Bars(
        id=name,
        title=title,
        description=description,
        head=("When", "Calls expected beside calls staffed"),
        bars=[Bar(label, each.calls, _beside(each.calls, each.staffed)) for label, each in of],
        most=most or None,
    )


def _beside(calls: float, staffed: float | None) -> str:
    if staffed is None:
        return f"{calls:.0f}, no rota"
    short = f", {calls - staffed:.0f} too many" if calls - staffed >= 0.5 else ""
    return f"{calls:.0f} of {staffed:.0f} staffed{short}"


@for_roles(Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def rota(request: StaffRequest) -> HttpResponse:
    """The rota pasted as a table: every row is accounted for."""
    viewer = request.viewer
    said: dict[str, object] = {"typed": "", "needed": NEEDED, "pace": PACE}
    if request.method == "POST":
        pasted = request.POST.get("table", "")
        try:
            said["brought"] = bring_rota(pasted.encode(), viewer=viewer, at=viewer.at)
        except Refused as refusal:
            said |= {"refused": str(refusal), "typed": pasted}
    return show(request, "rota", "rota", days=planned_days(viewer), **said)
