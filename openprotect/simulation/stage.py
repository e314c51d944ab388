"""What a season starts from: a programme with its legal basis, staff in each team, people found."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from openprotect.accounts.actions import (
    acting_as,
    add_membership,
    add_user,
    set_key,
    sign_in_with_key,
)
from openprotect.accounts.queries import Viewer, viewer
from openprotect.accounts.rules import Role
from openprotect.enrolments.actions import enrol_found
from openprotect.governance.actions import record_basis
from openprotect.governance.queries import basis_ends_at
from openprotect.packs.pack import Pack
from openprotect.places import queries as places
from openprotect.places.models import Organisation, Team
from openprotect.programmes.actions import launch, publish
from openprotect.programmes.models import Programme
from openprotect.simulation.behaviour import character
from openprotect.simulation.chance import Dice
from openprotect.simulation.people import MadeUp, made_up, numbers

PEOPLE_FOR_A_CALLER = 420  # 100 callers for 42,000 people
PEOPLE_FOR_A_NURSE = 6000
AT_ONCE = 500
ROLES: Mapping[str, Role] = {
    Team.Function.SURVEILLANCE: Role.SURVEILLANCE,
    Team.Function.LOCALITY: Role.LOCALITY,
    Team.Function.PRACTICE: Role.PRACTICE,
}


@dataclass
class Member:
    """Somebody on the staff, who signs in each day."""

    login: str
    organisation_id: UUID
    role: Role
    key: bytes
    token: str = ""
    signed_in_on: date | None = None

    def sign_in(self, at: datetime) -> str:
        """Today's session, opened at the first need of it."""
        if self.signed_in_on != at.date():
            self.token, self.signed_in_on = sign_in_with_key(self.login, self.key), at.date()
        return self.token

    @contextmanager
    def at_work(self, at: datetime) -> Iterator[Viewer]:
        """One request of theirs: a transaction under their session, as pages have it."""
        with transaction.atomic(), acting_as(self.sign_in(at), until_commit=True):
            me = viewer()
            if me is None:
                raise RuntimeError("a made-up member of staff could not sign in")
            yield me


@dataclass
class Stage:
    """The programme, its people by NHS number, and who works for it."""

    programme: Programme
    people: Mapping[str, MadeUp]
    callers: Sequence[Member] = ()
    teams: Mapping[UUID, Sequence[Member]] = field(default_factory=dict)


def open_programme(pack: Pack, *, at: datetime, until: datetime) -> Programme:
    """Publish the pack, launch it, and record a made-up legal basis."""
    programme = launch(publish(pack, by=None, at=at), by=None, at=at)
    if basis_ends_at(programme.purpose, at=at) is None:
        record_basis(
            programme.purpose,
            kind="COPI_NOTICE",
            title="Notice to share patient information (made up for this season)",
            starts_at=at - timedelta(days=1),
            ends_at=until,
            approved_by="Caldicott Guardian (made up)",
            at=at,
        )
    return programme


def make_up_people(dice: Dice, count: int, *, days: int, on: date) -> dict[str, MadeUp]:
    """So many people, registered with the practices that are open."""
    practices = places.open_practices(on)
    drawn = zip(range(count), numbers(), strict=False)
    return {
        number: made_up(dice, character(dice, each, days=days), number, practices, on=on)
        for each, number in drawn
    }


def enrol(programme: Programme, people: Sequence[MadeUp], *, at: datetime) -> int:
    """Bring the people in as a run of the rules does, so many in one transaction."""
    new = 0
    for first in range(0, len(people), AT_ONCE):
        some = people[first : first + AT_ONCE]
        found = [(each.details, each.practice, [each.why]) for each in some]
        new += enrol_found(programme, found, at=at).new
    return new


@transaction.atomic
def hire(
    programme: Programme, people: int, *, callers: int, at: datetime
) -> tuple[list[Member], dict[UUID, list[Member]]]:
    """Call handlers, and for every team somebody who works its alerts."""
    system = places.the_system(at.date())
    if system is None:
        raise RuntimeError("a season has no places")
    ringing = [
        _member(f"caller-{number}", Role.CALLER, system, programme, at=at)
        for number in range(callers or max(2, people // PEOPLE_FOR_A_CALLER))
    ]
    teams: dict[UUID, list[Member]] = {}
    open_teams = Team.objects.open(at.date()).exclude(function=Team.Function.CALLING)
    for team in open_teams.select_related("organisation").order_by("organisation__code", "name"):
        if team.organisation_id not in teams:
            role = ROLES.get(team.function, Role.PARTNER)
            many = max(2, people // PEOPLE_FOR_A_NURSE) if role == Role.SURVEILLANCE else 1
            teams[team.organisation_id] = [
                _member(f"{team.organisation.code}-{n}", role, team.organisation, programme, at=at)
                for n in range(many)
            ]
    return ringing, teams


def _member(
    login: str, role: Role, organisation: Organisation, programme: Programme, *, at: datetime
) -> Member:
    user = add_user(login.lower(), name=f"Staff {login}")
    add_membership(
        user,
        organisation=organisation,
        role=role,
        purpose=programme.purpose,
        starts_at=at - timedelta(days=1),
    )
    key = secrets.token_bytes(32)
    set_key(user, salt=secrets.token_bytes(16), key=key)
    return Member(user.login, organisation.pk, role, key)
