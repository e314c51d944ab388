"""Who can help? Asking another organisation, after seeing exactly what it will see."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.alerts.queries.case import case_of
from openprotect.base.notes import cautions
from openprotect.governance.actions import record_access
from openprotect.referrals.actions.offering import offer
from openprotect.referrals.queries import WAYS, mailbox_of, preview, receivers
from openprotect.referrals.rules import LABELS, masked
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.partners.desk import ASKS, tried
from openprotect.web.partners.forms import AskForm


@for_roles(*ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, alert_id: UUID) -> HttpResponse:
    viewer = request.viewer
    case = case_of(viewer, alert_id)
    if case is None or not case.may_act:
        raise Http404
    record_access([case.who.id], what="referrals.ask", why="asking another organisation to help")
    known = {str(each.pk): each for each in receivers(viewer, case.alert, at=viewer.at)}
    offered = [(key, each.name, each.get_function_display()) for key, each in known.items()]
    form = AskForm(request.POST or None, teams=offered, ways=WAYS)
    page: dict[str, object] = {"case": case, "form": form, **frame(request, current="referrals")}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "partners/ask.jinja", page)
    team, what = known[form.cleaned_data["team"]], form.cleaned_data["what"]
    if "confirmed" in request.POST and tried(
        form,
        lambda: offer(
            case.alert, team, what=what, how=form.cleaned_data["how"], viewer=viewer, at=viewer.at
        ),
    ):
        messages.success(request, f"Asked {team.name}. You see here what comes of it.")
        return redirect("partners:sent")
    if form.errors:
        return render(request, "partners/ask.jinja", page)
    box = mailbox_of(team.pk)
    page |= {
        "team": team,
        "will_see": [(LABELS[key], value) for key, value in preview(case.alert, team).items()],
        "doubts": cautions(what, own_number=case.who.nhs_number),
        "told_at": masked(box.phone or box.email) if box else "",
        "ways": dict(WAYS),
    }
    return render(request, "partners/preview.jinja", page)
