"""Packs to read: all of them, and one as a single document."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from openprotect.packs.problems import PackRefused
from openprotect.programmes.queries import drafts
from openprotect.programmes.queries.unpacking import proven
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.studio.document import document
from openprotect.web.studio.showing import READERS, held_or_404, show


@require_safe
@for_roles(*READERS)
def home(request: StaffRequest) -> HttpResponse:
    return show(request, "home", packs=drafts.all_held())


@require_safe
@for_roles(*READERS)
def pack(request: StaffRequest, pack_key: str) -> HttpResponse:
    held = held_or_404(pack_key)
    try:
        read = held.pack()
        proof = proven(held.files, held.content_hash)
    except PackRefused as refusal:
        return show(request, "refused", held=held, problems=refusal.problems)
    draft = held.draft
    return show(
        request,
        "pack",
        held=held,
        pack=read,
        document=document(read),
        proof=proof,
        changes=drafts.changes_of(draft) if draft else (),
        signed=drafts.signers(draft) if draft else [],
        waits=drafts.in_the_way(draft, at=request.viewer.at) if draft else [],
        holds=drafts.held_back(draft, at=request.viewer.at) if draft else [],
        needs_reason=drafts.needs_reason(draft, at=request.viewer.at) if draft else False,
    )
