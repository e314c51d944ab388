"""What a call asks of whoever makes it, and what a call handler can do."""

from uuid import UUID

from openprotect.accounts import queries as accounts
from openprotect.calls.models import Attempt, BestTime, Call
from openprotect.calls.rules.ranking import Abilities, Hours, Wanted, abilities, wanted
from openprotect.packs.calling import CallingPlan
from openprotect.people.models import Person
from openprotect.people.queries import needs_of
from openprotect.programmes.queries import pack_of


def abilities_of(user_id: UUID) -> Abilities:
    """What a call handler can do beyond ringing in English, as it is recorded of them."""
    return abilities(accounts.abilities_of(user_id))


def plan_for(call: Call) -> CallingPlan:
    """How the programme of a call rings."""
    return pack_of(call.programme).calling


def wanted_by(person: Person) -> Wanted:
    """The language and the skills that ringing this person asks for, as known at this moment."""
    needs = list(needs_of(person.pk).values_list("kind", "language"))
    grieves = Attempt.objects.filter(person_id=person.pk, is_bereaved=True).exists()
    return wanted(person.language, needs, is_bereaved=grieves)


def hours_liked_by(person_id: UUID) -> Hours:
    """When somebody likes to be rung; open where they never said."""
    said = BestTime.objects.filter(person_id=person_id, ended_at=None).first()
    return Hours(said.rings_from, said.rings_until) if said else Hours()
