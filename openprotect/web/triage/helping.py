"""Did it help? What people said about the alerts that were closed here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openprotect.accounts.rules import Role
from openprotect.alerts.queries.helping import heard
from openprotect.governance.actions import record_access
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame

CARE = (Role.SURVEILLANCE, Role.LOCALITY, Role.PRACTICE)


@for_roles(*CARE)
@require_safe
def helped(request: StaffRequest) -> HttpResponse:
    rows = heard(request.viewer)
    if rows:
        record_access(
            {each.person_id for each in rows}, what="alerts.helped", why="whether it helped"
        )
    shown = {"rows": rows, **frame(request, current="alerts")}
    return render(request, "triage/helped.jinja", shown)
