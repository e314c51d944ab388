"""What a demonstration starts from: a programme with its legal basis, and people in each role."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openprotect.accounts.actions import add_membership, add_user
from openprotect.accounts.rules import Role
from openprotect.enrolments.queries import busiest_practice
from openprotect.governance.actions import record_basis
from openprotect.governance.queries import basis_ends_at
from openprotect.packs import load
from openprotect.places import queries as places
from openprotect.places.models import Organisation
from openprotect.programmes.actions import launch, publish
from openprotect.programmes.models import Programme

PACK = "covid-protect"
BASIS_RUNS_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Cast:
    """One of the people whom a visitor may be."""

    login: str
    name: str
    title: str
    role: Role
    organisation: Organisation


@transaction.atomic
def start_programme(*, at: datetime) -> Programme:
    """Publish the pack and launch it under a made-up notice. Asked for again, nothing changes."""
    version = publish(
        load(settings.OPENPROTECT.packs / PACK, settings.OPENPROTECT.codelists), by=None, at=at
    )
    programme = launch(version, by=None, at=at)
    if basis_ends_at(programme.purpose, at=at) is None:
        record_basis(
            programme.purpose,
            kind="COPI_NOTICE",
            title="Notice to share patient information (made up for this demonstration)",
            starts_at=at - timedelta(days=1),
            ends_at=at + BASIS_RUNS_FOR,
            approved_by="Caldicott Guardian (demonstration)",
            at=at,
        )
    return programme


@transaction.atomic
def add_cast(programme: Programme, *, at: datetime) -> list[Cast]:
    """The people in each role, where the found people are."""
    cast = _cast(at=at)
    for each in cast:
        user = add_user(each.login, name=each.name, title=each.title)
        add_membership(
            user,
            organisation=each.organisation,
            role=each.role,
            purpose=programme.purpose,
            starts_at=at - timedelta(days=1),
        )
    return cast


def _cast(*, at: datetime) -> list[Cast]:
    on = at.date()
    system = places.the_system(on)
    practice = busiest_practice()
    if system is None or practice is None:
        raise RuntimeError("the demonstration has no places, or nobody was found")
    locality = places.locality_of(practice, on) or system
    team = places.team_for("council", practice, on)
    council = team.organisation if team else system
    return [
        Cast("practice", "Dr Amina Hassan", "GP", Role.PRACTICE, practice),
        Cast("caller", "Tom Ellery", "call handler", Role.CALLER, system),
        Cast("caller-two", "Grace Okafor", "call handler", Role.CALLER, system),
        Cast("supervisor", "Maya Thorne", "call supervisor", Role.SUPERVISOR, system),
        Cast("surveillance", "Ruth Bland", "surveillance nurse", Role.SURVEILLANCE, system),
        Cast("locality", "Piotr Nowak", "change manager", Role.LOCALITY, locality),
        Cast("council", "Joan Riches", "community support officer", Role.PARTNER, council),
        Cast("lead", "Dr Helen Marsh", "programme lead", Role.LEAD, system),
        Cast("clinical", "Dr Rosa Lind", "clinical lead", Role.CLINICAL, system),
        Cast("steward", "Nina Frost", "records steward", Role.STEWARD, system),
        Cast("governance", "Sam Whitlock", "Caldicott Guardian", Role.GOVERNANCE, system),
    ]
