"""Where are our partners reached? The mailbox or phone that links and codes are sent to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openprotect.accounts.rules import Role
from openprotect.referrals.actions.linking import set_mailbox
from openprotect.referrals.queries import helping_teams
from openprotect.referrals.rules import masked
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.partners.desk import tried
from openprotect.web.partners.forms import MailboxForm


@for_roles(Role.SURVEILLANCE, Role.LOCALITY)
@require_http_methods(["GET", "HEAD", "POST"])
def mailboxes(request: StaffRequest) -> HttpResponse:
    viewer = request.viewer
    known = helping_teams(at=viewer.at)
    teams = {str(team.pk): team for team, _ in known}
    form = MailboxForm(request.POST or None, teams=[(key, t.name) for key, t in teams.items()])
    if form.is_valid():
        said = form.cleaned_data
        if tried(
            form,
            lambda: set_mailbox(
                teams[said["team"]],
                email="",
                phone=said["phone"],
                viewer=viewer,
                at=viewer.at,
            ),
        ):
            messages.success(request, "Kept. Links and codes go there from now on.")
            return redirect("partners:mailboxes")
    shown = {
        "form": form,
        "known": [
            (team.name, masked(box.phone or box.email) if box else "") for team, box in known
        ],
    }
    return render(request, "partners/mailboxes.jinja", shown | frame(request, "referrals"))
