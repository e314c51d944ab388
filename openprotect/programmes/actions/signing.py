"""Answering for a pack: two people sign what they did not write, then a lead publishes it."""

from datetime import datetime

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.programmes.actions import publish
from openprotect.programmes.models import Draft, Edit, PackVersion, Signature
from openprotect.programmes.queries.drafts import (
    NEEDED_SIGNATURES,
    in_the_way,
    needs_reason,
    signers,
)
from openprotect.programmes.queries.unpacking import unpacked


class NotYours(Refused):
    """Whoever wrote a draft, or is no clinical lead, does not sign it."""


@transaction.atomic
def sign(
    draft: Draft,
    *,
    reason: str = "",
    accepts_translations: bool = False,
    viewer: Viewer,
    at: datetime,
) -> Draft:
    """Answer for the draft as it is now. Signed twice by one person is signed once."""
    _may_sign(draft, viewer)
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.status not in (Draft.Status.CHECKED, Draft.Status.SIGNED):
        raise Refused("Check the draft first: only what is sound and proven can be signed.")
    if needs_reason(draft, at=at) and not reason.strip():
        raise Refused("Something in this version is grave or doubtful: write the reason.")
    _, is_new = Signature.objects.get_or_create(
        draft=draft,
        content_hash=draft.content_hash,
        by_id=viewer.user_id,
        defaults={
            "at": at,
            "reason": reason.strip()[:500],
            "accepts_translations": accepts_translations,
        },
    )
    if is_new:
        record("pack.signed", draft.pk, by=viewer.user_id, at=at, version=draft.version)
    if draft.status == Draft.Status.CHECKED and len(signers(draft)) >= NEEDED_SIGNATURES:
        draft.move_to(Draft.Status.SIGNED)
        draft.save(update_fields=["status"])
    return draft


def _may_sign(draft: Draft, viewer: Viewer) -> None:
    if viewer.role != Role.CLINICAL:
        raise NotYours("Only a clinical lead signs a pack.")
    if Edit.objects.filter(draft=draft, by_id=viewer.user_id).exists():
        raise NotYours("You wrote in this draft: somebody else must sign it.")


@transaction.atomic
def release(draft: Draft, *, viewer: Viewer, at: datetime) -> PackVersion:
    """Publish what two people signed; refused with everything that stands in the way."""
    if viewer.role != Role.LEAD:
        raise NotYours("Only a programme lead publishes a pack.")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.status == Draft.Status.PUBLISHED:
        return PackVersion.objects.get(content_hash=draft.content_hash)
    if reasons := in_the_way(draft, at=at):
        raise Refused("\n".join(reasons))
    made = publish(unpacked(draft.files, draft.content_hash), by=viewer.user_id, at=at)
    draft.move_to(Draft.Status.PUBLISHED)
    draft.save(update_fields=["status"])
    return made
