"""Who works alerts, and opening the page of one: in reach, or not there."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from openprotect.accounts.rules import Role
from openprotect.alerts.queries import OUTCOMES, procedures, was_mine
from openprotect.alerts.queries.case import Case, case_of
from openprotect.governance.actions import record_access
from openprotect.web.access import StaffRequest
from openprotect.web.design.words import ago
from openprotect.web.frame import frame
from openprotect.web.triage.forms import CloseForm, MedicinesForm

AT_THE_DESK = (Role.SURVEILLANCE, Role.LOCALITY, Role.PRACTICE, Role.PARTNER)
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "confirmed", "change", "seen", "outcome", "team"})
Page = Callable[..., HttpResponse]


def of_a_case(page: Page) -> Page:
    """Give the page the case, and write down that it was opened."""

    @wraps(page)
    def opened(request: StaffRequest, alert_id: UUID) -> HttpResponse:
        case = case_of(request.viewer, alert_id)
        if case is None:
            return _gone(request, alert_id)
        record_access([case.who.id], what="alerts.case", why=f"working an alert: {case.about}")
        return page(request, case)

    return opened


def _gone(request: StaffRequest, alert_id: UUID) -> HttpResponse:
    """Out of reach is not there; but who once accepted it gets back what they typed."""
    typed = [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if name not in NOT_TYPED and text.strip()
    ]
    if not typed or not was_mine(request.viewer, alert_id):
        raise Http404
    shown = {"typed": typed, **frame(request, current="alerts")}
    return render(request, "triage/gone.jinja", shown, status=409)


def _as_typed(care: procedures.Medicines) -> dict[str, str]:
    known = {True: "yes", False: "no", None: "unknown"}
    return {
        "pharmacy": care.pharmacy,
        "may_collect": care.may_collect,
        "controlled": known[care.has_controlled_drugs],
    }


def show_case(request: StaffRequest, case: Case, form: CloseForm | None = None) -> HttpResponse:
    now = request.viewer.at
    care = procedures.medicines(case.alert)
    shown = {
        "case": case,
        "care": care,
        "care_form": MedicinesForm(initial=_as_typed(care)) if care else None,
        "central": procedures.central(case.alert),
        "local": procedures.local(case.alert, at=now),
        "form": form or CloseForm(outcomes=OUTCOMES),
        "history": [
            {"at": ago(each.at, now), "what": each.what, "text": each.text, "by": each.by}
            for each in case.history
        ],
        "is_partner": request.viewer.role == Role.PARTNER,
        **frame(request, current="alerts"),
    }
    return render(request, "triage/case.jinja", shown)
