"""The clinical sign-off sheet: the whole of a pack on paper, as a tagged PDF, with room to sign."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from openprotect.programmes.queries import drafts
from openprotect.programmes.queries.unpacking import proven
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.design.paper import as_pdf
from openprotect.web.studio.document import document
from openprotect.web.studio.showing import READERS, held_or_404


@require_safe
@for_roles(*READERS)
def sheet(request: StaffRequest, pack_key: str) -> HttpResponse:
    """Everything that is signed for, and what its content is known by."""
    held = held_or_404(pack_key)
    pack = held.pack()
    draft = held.draft
    said = {
        "pack": pack,
        "held": held,
        "document": document(pack),
        "proof": proven(held.files, held.content_hash),
        "changes": drafts.changes_of(draft) if draft else (),
        "signed": drafts.signers(draft) if draft else [],
        "waits": drafts.in_the_way(draft, at=request.viewer.at) if draft else [],
        "now": request.viewer.at,
    }
    made = as_pdf(render_to_string("studio/sheet.jinja", said))
    name = f'inline; filename="{pack.key}-{pack.version}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})
