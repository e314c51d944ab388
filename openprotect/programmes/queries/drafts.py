"""Reading drafts: who wrote and who signed, and all that stands in the way of publishing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from openprotect.accounts.queries import Viewer
from openprotect.accounts.rules import Role
from openprotect.governance.queries import basis_ends_at
from openprotect.packs.differences import Difference, differences
from openprotect.packs.differences.reuse import reused
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused
from openprotect.packs.proving import Proof
from openprotect.places import queries as places
from openprotect.programmes.models import Draft, PackVersion, Signature
from openprotect.programmes.queries.staffing import is_staffed
from openprotect.programmes.queries.unpacking import doubted, proven, unpacked

NEEDED_SIGNATURES: Final = 2
READERS: Final = frozenset({Role.CLINICAL, Role.LEAD, Role.GOVERNANCE})


@dataclass(frozen=True)
class Signed:
    """Who answered for a draft, when, and why where a reason was needed."""

    user_id: UUID
    name: str
    at: datetime
    reason: str
    accepts_translations: bool


@dataclass(frozen=True)
class Held:
    """What is held of a pack now: its open draft, else the version that was published last."""

    key: str
    title: str
    version: str
    files: Mapping[str, str]
    content_hash: str
    draft: Draft | None
    at: datetime

    def pack(self) -> Pack:
        return unpacked(self.files, self.content_hash)


def held(key: str) -> Held | None:
    draft = _open_drafts().filter(key=key).first()
    found = draft or latest(key)
    if found is None:
        return None
    at = draft.changed_at if draft else found.published_at  # type: ignore[union-attr]
    return Held(key, found.title, found.version, found.files, found.content_hash, draft, at)


def all_held() -> list[Held]:
    """Every pack, by its key."""
    keys = {*_open_drafts().values_list("key", flat=True)}
    keys.update(PackVersion.objects.values_list("key", flat=True))
    return [each for key in sorted(keys) if (each := held(key)) is not None]


def _open_drafts() -> QuerySet[Draft]:
    return Draft.objects.exclude(status__in=(Draft.Status.PUBLISHED, Draft.Status.ABANDONED))


def visible_to(viewer: Viewer) -> QuerySet[Draft]:
    """Drafts name no person; those who write, sign and publish them see them."""
    drafts = Draft.objects.order_by("-changed_at", "id")
    return drafts if viewer.role in READERS else drafts.none()


def files_now(key: str) -> Mapping[str, str] | None:
    """The files of a pack's open draft; without one, of the version published last."""
    found = held(key)
    return found.files if found else None


def latest(key: str) -> PackVersion | None:
    """The version of a pack that was published last."""
    return PackVersion.objects.filter(key=key).order_by("-published_at", "-id").first()


def signers(draft: Draft) -> list[Signed]:
    """Signatures that count: of the draft as it is now."""
    found = Signature.objects.filter(draft=draft, content_hash=draft.content_hash)
    return [
        Signed(each.by_id, each.by.name, each.at, each.reason, each.accepts_translations)
        for each in found.select_related("by").order_by("at", "id")
    ]


def changes_of(draft: Draft) -> tuple[Difference, ...]:
    """What a draft changes in what was published last; nothing when it is the first version."""
    before = latest(draft.key)
    if before is None:
        return ()
    old = unpacked(before.files, before.content_hash)
    return differences(old, unpacked(draft.files, draft.content_hash))


def held_back(draft: Draft, *, at: datetime) -> list[str]:
    """What whoever signs must give a reason for: it is allowed, and somebody must have meant it."""
    pack = unpacked(draft.files, draft.content_hash)
    found = [str(each) for each in doubted(draft.files, draft.content_hash)]
    ends = basis_ends_at(pack.key, at=at)
    if ends and ends.date() < pack.review_on:
        found.append(
            f"The legal basis ends on {ends:%-d %B %Y}, before the day of its review,"
            f" {pack.review_on:%-d %B %Y}."
        )
    return found


def needs_reason(draft: Draft, *, at: datetime) -> bool:
    """Whether something grave or doubtful is in it."""
    return any(each.is_grave for each in changes_of(draft)) or bool(held_back(draft, at=at))


def in_the_way(draft: Draft, *, at: datetime) -> list[str]:
    """Everything that publishing waits for, in words; empty when nothing does."""
    try:
        pack = unpacked(draft.files, draft.content_hash)
        proof = proven(draft.files, draft.content_hash)
    except PackRefused as refusal:
        return [f"It is not sound: {len(refusal.problems)} problems."]
    of_pack = dict.fromkeys(_of_the_pack(pack, proof, at=at))
    return [*of_pack, *_of_signatures(draft, pack), *_of_running(pack, at=at)]


def _of_the_pack(pack: Pack, proof: Proof, *, at: datetime) -> Iterator[str]:
    if not proof.cards.is_all or proof.gaps:
        yield f"Cards: {proof.cards} passed, {len(proof.gaps)} gaps."
    if not proof.reaches_bar:
        caught = f"{proof.caught.urgent_per_cent} % of the slips in rules that mean now"
        yield f"Cards catch {caught}; {proof.bar} % is needed."
    if pack.is_review_due(at.date()):
        yield f"The day of its review, {pack.review_on:%-d %B %Y}, is not ahead."
    for each in PackVersion.objects.filter(key=pack.key).order_by("published_at", "id"):
        if each.version == pack.version:
            yield f"Version {pack.version} is published already: give it a new number."
        yield from reused(_encoded(each.files), pack.files)


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


def _of_signatures(draft: Draft, pack: Pack) -> Iterator[str]:
    signed = signers(draft)
    if len(signed) < NEEDED_SIGNATURES:
        lacking = NEEDED_SIGNATURES - len(signed)
        yield f"{lacking} more clinical lead{'s' * (lacking > 1)} must sign it as it is now."
    if pack.awaiting_translation and not any(each.accepts_translations for each in signed):
        listed = ", ".join(pack.awaiting_translation)
        yield f"Nobody has signed for {listed}, which await professional translation."


def _of_running(pack: Pack, *, at: datetime) -> Iterator[str]:
    if basis_ends_at(pack.key, at=at) is None:
        yield "No legal basis in force is recorded for this purpose."
    functions = {each.function for each in pack.routing.routes.values()}
    teams = {each: places.teams_doing(each, at.date()) for each in sorted(functions)}
    if lacking := [each for each, found in teams.items() if not found]:
        yield f"No open team does this work: {', '.join(lacking)}."
    empty = [
        each
        for each, found in teams.items()
        if found and not any(is_staffed(team, pack.key, at=at) for team in found)
    ]
    if empty:
        yield f"Nobody works in any team that does this work: {', '.join(empty)}."
