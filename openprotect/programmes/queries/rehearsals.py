"""Reading rehearsals: what a draft would have made of the last days' answers."""

from dataclasses import dataclass
from uuid import UUID

from openprotect.accounts.queries import Viewer
from openprotect.programmes.models import Draft, Rehearsal, Rehearsed
from openprotect.programmes.queries.unpacking import unpacked

MOST_SHOWN = 200


@dataclass(frozen=True)
class Changed:
    """A patient of the viewer's who would have been judged otherwise."""

    person_id: UUID
    name: str
    kind: str
    was: str
    would_be: str
    rules: tuple[str, ...]


def of_draft(draft: Draft) -> list[Rehearsal]:
    """The latest first."""
    found = Rehearsal.objects.filter(draft=draft).select_related("asked_by")
    return list(found.order_by("-asked_at", "id")[:10])


def latest_of(key: str) -> Rehearsal | None:
    """The last one of a pack's open draft that came to something."""
    done = Rehearsal.objects.filter(key=key, found__isnull=False)
    return done.order_by("-asked_at", "id").first()


def people_of(rehearsal: Rehearsal, viewer: Viewer) -> list[Changed]:
    """Those whom the database lets this viewer see: a practice its own patients, nobody else."""
    seen = Rehearsed.objects.filter(rehearsal=rehearsal).select_related("person")
    return [
        Changed(
            each.person_id,
            f"{each.person.given_name} {each.person.family_name}",
            each.kind,
            each.was,
            each.would_be,
            (*each.gained, *each.lost),
        )
        for each in seen.order_by("person__family_name", "person__given_name", "id")[:MOST_SHOWN]
    ]


def reasons(rehearsal: Rehearsal) -> dict[str, str]:
    """The rules of the draft by name, in the words of their reasons."""
    draft = rehearsal.draft
    rules = unpacked(draft.files, draft.content_hash).triage.rules
    return {each.name: each.reason for each in rules}
