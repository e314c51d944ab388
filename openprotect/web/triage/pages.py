"""What must we do first? And of one alert: do I understand this person in twenty seconds?"""

from dataclasses import astuple, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.alerts.queries import Load, Wanted, Whose, load
from openprotect.alerts.queries.case import Case
from openprotect.alerts.queries.helping import heard_lately
from openprotect.alerts.queries.rows import page_of
from openprotect.governance.actions import record_access
from openprotect.voices.queries import unread
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.triage.desk import AT_THE_DESK, of_a_case, show_case
from openprotect.web.triage.filters import address, read


@for_roles(*AT_THE_DESK)
@require_safe
def worklist(request: StaffRequest) -> HttpResponse:
    viewer, asked = request.viewer, read(request.GET.dict())
    page = page_of(viewer, asked.wanted, asked.page)
    if page.rows:
        record_access(
            {row.person_id for row in page.rows},
            what="alerts.worklist",
            why="choosing what is first",
        )
    counts = load(viewer)
    shown = {
        "rows": page.rows,
        "wanted": asked.wanted,
        "load": counts,
        "pulse": _pulse(counts),
        "tabs": _tabs(asked.wanted, counts, is_partner=viewer.role == Role.PARTNER),
        "to": _doors(),
        "hidden": _hidden(asked.wanted, counts.others),
        "is_filtered": replace(asked.wanted, whose=Whose.TEAM) != Wanted(),
        "unfiltered_url": address(Wanted(whose=asked.wanted.whose)),
        "is_partner": viewer.role == Role.PARTNER,
        "unread": unread(viewer),
        "heard": 0 if viewer.role == Role.PARTNER else heard_lately(viewer),
        "previous_url": address(asked.wanted, asked.page - 1) if asked.page > 1 else "",
        "next_url": address(asked.wanted, asked.page + 1) if page.has_more else "",
        **frame(request, current="alerts"),
    }
    return render(request, "triage/worklist.jinja", shown)


@for_roles(*AT_THE_DESK)
@require_safe
def pulse(request: StaffRequest) -> HttpResponse:
    """The same words while a team's list is the same: for a page that says when there is more."""
    return HttpResponse(_pulse(load(request.viewer)), content_type="text/plain")


def _pulse(counts: Load) -> str:
    return "-".join(str(each) for each in astuple(counts))


def _tabs(wanted: Wanted, counts: Load, *, is_partner: bool) -> list[tuple[str, int, str, bool]]:
    """Whose alerts: the words, how many, the address, and whether these are shown."""
    named = [(Whose.TEAM, "My team", counts.open), (Whose.ME, "Mine", counts.mine)]
    if counts.fallen or wanted.whose == Whose.FALLEN:
        named.append((Whose.FALLEN, "Fallen to us", counts.fallen))
    if not is_partner:
        named.append((Whose.OTHERS, "With other teams", counts.others))
    return [
        (text, count, address(Wanted(whose=whose)), whose == wanted.whose)
        for whose, text, count in named
    ]


def _doors() -> dict[str, str]:
    return {
        "open": address(Wanted()),
        "now": address(Wanted(urgency="now")),
        "overdue": address(Wanted(overdue=True)),
        "not_accepted": address(Wanted(not_accepted=True)),
        "others": address(Wanted(whose=Whose.OTHERS)),
        "fallen": address(Wanted(whose=Whose.FALLEN)),
    }


def _hidden(wanted: Wanted, others: int) -> str:
    """Nothing is left out of a list without saying so."""
    if wanted.whose == Whose.OTHERS or not others:
        return ""
    return f"{others} more {'is' if others == 1 else 'are'} with other teams."


@for_roles(*AT_THE_DESK)
@require_safe
@of_a_case
def case(request: StaffRequest, case: Case) -> HttpResponse:
    return show_case(request, case)
