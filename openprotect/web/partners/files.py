"""Taking one's open referrals away as a table, and bringing the answers back."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from openprotect.base.refusals import Refused
from openprotect.governance.actions import record_access
from openprotect.pathway.documents import paper
from openprotect.referrals.actions.filing import bring_back
from openprotect.referrals.queries import DECLINES, OUTCOMES, documents
from openprotect.referrals.queries.filing import as_table
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.frame import frame
from openprotect.web.partners.desk import ASKS, AT_WORK


@for_roles(*AT_WORK)
@require_safe
def table(request: StaffRequest) -> HttpResponse:
    text, referrals = as_table(request.viewer)
    if referrals:
        people = {each.person_id for each in referrals}
        record_access(people, what="referrals.file", why="taking open referrals away as a file")
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="referrals.csv"'
    return response


@for_roles(*ASKS)
@require_safe
def document(request: StaffRequest, document_id: UUID) -> HttpResponse:
    """What was told to the practice, as its system files it."""
    found = documents(request.viewer).filter(pk=document_id).first()
    if found is None:
        raise Http404
    record_access([found.person_id], what="referrals.document", why="reading what was told")
    response = HttpResponse(paper(found), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="document.pdf"'
    return response


@for_roles(*AT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: StaffRequest) -> HttpResponse:
    """The table, answered, pasted back: each row is accounted for."""
    page: dict[str, object] = {
        "outcomes": OUTCOMES,
        "declines": DECLINES,
        "typed": "",
        **frame(request, current="referrals"),
    }
    if request.method == "POST":
        pasted = request.POST.get("table", "")
        try:
            viewer = request.viewer
            page["brought"] = bring_back(pasted.encode(), viewer=viewer, at=viewer.at)
        except Refused as refusal:
            page |= {"refused": str(refusal), "typed": pasted}
    return render(request, "partners/file.jinja", page)
