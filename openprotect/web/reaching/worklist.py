"""Whom can nobody reach? Each with the next step, whose it is and until when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.contacts.queries import looked_for
from openprotect.contacts.rules.reaching import RUNGS, WHY_UNREACHED
from openprotect.governance.actions import record_access
from openprotect.reports.queries.safely import due_again, line, load
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.reaching.filters import read

AT_WORK = (Role.PRACTICE, Role.LOCALITY, Role.SURVEILLANCE)
A_PAGE = 50


@for_roles(*AT_WORK)
@require_safe
def worklist(request: StaffRequest) -> HttpResponse:
    viewer, wanted = request.viewer, read(request.GET)
    found = wanted.narrow(looked_for(viewer), viewer)
    start = (wanted.page - 1) * A_PAGE
    rows = [line(each, viewer) for each in found[start : start + A_PAGE + 1]]
    shown = rows[:A_PAGE]
    if shown:
        people = {each.person_id for each in shown}
        record_access(people, what="reaching.worklist", why="choosing whom to look for first")
    page = {
        "rows": shown,
        "first": next((each for each in shown if each.is_ours), None),
        "wanted": wanted,
        "load": load(viewer),
        "whys": WHY_UNREACHED,
        "rungs": RUNGS,
        "previous_url": wanted.address(page=wanted.page - 1) if wanted.page > 1 else "",
        "next_url": wanted.address(page=wanted.page + 1) if len(rows) > A_PAGE else "",
        **frame(request, current="unreached"),
    }
    return render(request, "reaching/worklist.jinja", page)


@for_roles(*AT_WORK)
@require_safe
def again(request: StaffRequest) -> HttpResponse:
    """What was written down so long ago that somebody asks again whether it is still right."""
    due = due_again(request.viewer, most=A_PAGE)
    if due:
        people = {each.person_id for each in due}
        record_access(people, what="reaching.again", why="asking whether it is still right")
    return render(
        request, "reaching/again.jinja", {"rows": due, **frame(request, current="unreached")}
    )
