"""Writing what the files state: what is new is added, what differs is changed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from openprotect.base.refusals import Refused
from openprotect.places.models import Organisation, Relationship, Team
from openprotect.places.rules import (
    WORKED_OUT,
    StatedOrganisation,
    StatedRelationship,
    StatedTeam,
)

ORGANISATION_FIELDS = ("name", "kind", "opened_on", "closed_on", "postcode", "telephone")
TEAM_FIELDS = ("name", "organisation_id", "opened_on", "closed_on", "weekdays", "opens", "closes")

Became = tuple[str, str]
"""The source of a statement, and what became of it: added, changed or unchanged."""


class OlderThanHeld(Refused):
    """A file would put an organisation somewhere at a time before what we hold of it."""


def write_organisations(stated: Iterable[StatedOrganisation]) -> Iterator[Became]:
    held = {each.code: each for each in Organisation.objects.select_for_update().order_by("id")}
    for each in stated:
        values = {field: getattr(each, field) for field in ORGANISATION_FIELDS}
        if each.code in held:
            yield each.source, _change(held[each.code], values)
        else:
            Organisation.objects.create(code=each.code, **values)
            yield each.source, "added"


def write_relationships(stated: Iterable[StatedRelationship]) -> Iterator[Became]:
    ids = _ids()
    held: dict[tuple[UUID, str], Relationship] = {}
    for row in Relationship.objects.select_for_update().order_by("from_on", "id"):
        held[row.child_id, row.kind] = row
    for each in stated:
        child, parent = ids[each.child], ids[each.parent]
        before = held.get((child, each.kind))
        yield each.source, _place(each, child, parent, before)


def _place(each: StatedRelationship, child: UUID, parent: UUID, before: Relationship | None) -> str:
    """Add a relationship, or end the one before it and add it, or correct its last day."""
    if before and before.parent_id == parent:
        return _change(before, {"to_on": each.to_on})
    if before and before.from_on > each.from_on:
        raise OlderThanHeld(f"{each.source} is older than what is held of {each.child}.")
    if before and before.from_on == each.from_on:
        return _change(before, {"parent_id": parent, "to_on": each.to_on})
    if before and before.to_on is None:
        _change(before, {"to_on": each.from_on - timedelta(days=1)})
    Relationship.objects.create(
        child_id=child, parent_id=parent, kind=each.kind, from_on=each.from_on, to_on=each.to_on
    )
    return "changed" if before else "added"


def write_teams(stated: Iterable[StatedTeam]) -> Iterator[Became]:
    ids = _ids()
    named = {
        (team.function, team.covers_id, team.name): team
        for team in Team.objects.select_for_update().order_by("id")
    }
    own = {
        (team.function, team.covers_id): team
        for team in named.values()
        if team.organisation_id == team.covers_id
    }
    for each in stated:
        covers = ids[each.covers]
        values = {
            "name": each.name,
            "organisation_id": ids[each.organisation],
            "opened_on": each.opened_on,
            "closed_on": each.closed_on,
            "weekdays": list(each.weekdays),
            "opens": each.opens,
            "closes": each.closes,
        }
        # The team of a practice or locality is known by its place: it may be renamed with it.
        known = (
            own.get((each.function, covers))
            if each.source == WORKED_OUT
            else named.get((each.function, covers, each.name))
        )
        if known:
            yield each.source, _change(known, values)
        else:
            Team.objects.create(function=each.function, covers_id=covers, **values)
            yield each.source, "added"


def _ids() -> Mapping[str, UUID]:
    return dict(Organisation.objects.values_list("code", "id"))


def _change(row: Organisation | Relationship | Team, values: Mapping[str, object]) -> str:
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return "unchanged"
    for name, value in different.items():
        setattr(row, name, value)
    row.save(update_fields=list(different))
    return "changed"
