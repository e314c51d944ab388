"""Writing a pack in the service: brought in whole, edited file by file, checked, given up."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from openprotect.accounts.queries import Viewer
from openprotect.base.refusals import Refused
from openprotect.events.actions import record
from openprotect.packs.files import content_hash
from openprotect.packs.loading import MANIFEST
from openprotect.programmes.models import Draft, Edit, PackVersion
from openprotect.programmes.queries.drafts import held
from openprotect.programmes.queries.unpacking import proven

VERSION: Final = re.compile(r"^version *= *\"[0-9.]+\"", re.MULTILINE)
CLOSED: Final = (Draft.Status.PUBLISHED, Draft.Status.ABANDONED)
WHOLE: Final = "the whole pack"


class ChangedMeanwhile(Refused):
    """Somebody else changed the draft since the page was opened."""


@transaction.atomic
def bring_in(files: Mapping[str, bytes], *, viewer: Viewer | None = None, at: datetime) -> Draft:
    """A pack from a folder becomes the draft of its key. The same files again change nothing."""
    heading = _heading(files)
    kept = content_hash(files)
    if PackVersion.objects.filter(content_hash=kept).exists():
        raise Refused("These files are published already; nothing is different.")
    held = Draft.objects.select_for_update(of=("self",)).exclude(status__in=CLOSED)
    draft = held.filter(key=heading["key"]).first()
    if draft and draft.content_hash == kept:
        return draft
    if draft is None:
        draft = Draft(key=heading["key"], made_at=at)
    _keep(draft, {name: content.decode() for name, content in files.items()}, at=at)
    _note(draft, WHOLE, viewer, at=at)
    return draft


@transaction.atomic
def begin(key: str, *, viewer: Viewer, at: datetime) -> Draft:
    """A draft of what was published last, under the next number. Begun twice, it is one."""
    known = held(key)
    if known is None:
        raise Refused("There is no such pack.")
    if known.draft:
        return known.draft
    files = {name: text.encode() for name, text in known.files.items()}
    numbers = [int(each) for each in known.version.split(".")]
    following = ".".join(map(str, [*numbers[:-1], numbers[-1] + 1]))
    files[MANIFEST] = VERSION.sub(f'version = "{following}"', known.files[MANIFEST]).encode()
    return bring_in(files, viewer=viewer, at=at)


def _heading(files: Mapping[str, bytes]) -> dict[str, str]:
    """What must be known even of a pack that is not sound yet: its key, version and title."""
    try:
        found = tomllib.loads(files.get(MANIFEST, b"").decode())
        return {name: str(found[name]) for name in ("key", "version", "title")}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as why:
        raise Refused(f"{MANIFEST} must give key, version and title: {why}.") from None


def _keep(draft: Draft, files: dict[str, str], *, at: datetime) -> None:
    whole = {name: text.encode() for name, text in files.items()}
    heading = _heading(whole)
    if heading["key"] != draft.key:
        raise Refused(f"The key of a draft stays {draft.key}.")
    draft.move_to(Draft.Status.DRAFT)
    draft.version, draft.title = heading["version"][:20], heading["title"][:200]
    draft.files, draft.content_hash, draft.changed_at = files, content_hash(whole), at
    draft.save()


def _note(draft: Draft, file: str, viewer: Viewer | None, *, at: datetime) -> None:
    by = viewer.user_id if viewer else None
    Edit.objects.create(
        draft=draft, by_id=by, at=at, file=file[:200], content_hash=draft.content_hash
    )
    record("pack.edited", draft.pk, by=by, at=at, version=draft.version)


@transaction.atomic
def edit(draft: Draft, file: str, text: str, *, seen: str, viewer: Viewer, at: datetime) -> Draft:
    """Change one file. `seen` is the content that the page showed; signatures end with it."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.content_hash != seen:
        raise ChangedMeanwhile("Somebody else changed this draft meanwhile: look at it again.")
    text = text.replace("\r\n", "\n")
    if draft.files.get(file) == text:
        return draft
    if file not in draft.files:
        raise Refused(f"This pack has no file {file[:100]}.")
    _keep(draft, {**draft.files, file: text}, at=at)
    _note(draft, file, viewer, at=at)
    return draft


@transaction.atomic
def check(draft: Draft, *, viewer: Viewer, at: datetime) -> Draft:
    """Sound, every card right, and enough slips caught: it may be signed now."""
    proof = proven(draft.files, draft.content_hash)
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not proof.is_well:
        raise Refused("\n".join(list(proof.lines())[:20]))
    if draft.status == Draft.Status.DRAFT:
        draft.move_to(Draft.Status.CHECKED)
        draft.save(update_fields=["status"])
        record("pack.checked", draft.pk, by=viewer.user_id, at=at, version=draft.version)
    return draft


@transaction.atomic
def abandon(draft: Draft, *, viewer: Viewer, at: datetime) -> None:
    """Give a draft up; what is published stays as it is."""
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.status == Draft.Status.ABANDONED:
        return
    draft.move_to(Draft.Status.ABANDONED)
    draft.save(update_fields=["status"])
    record("pack.abandoned", draft.pk, by=viewer.user_id, at=at)
