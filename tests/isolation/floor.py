"""The staff of the call floors: what they can do, their shifts and pauses, and who is lent."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from openprotect.accounts.models import Ability, Loan, Membership, Pause, Shift
from tests.isolation.programmes import OTHER

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def the_floor(world):
    """Of every call handler of the world: an ability, a shift, a pause; and one who is offered."""
    callers = [each for each in world.staff.values() if each.role == "CALLER"]
    for who in callers:
        mine = {"by": who.user_id, "purpose": who.purpose}
        rows = [
            Ability(user=who.user, kind="LANGUAGE", language="pl", noted_at=NOW,
                    noted_by=world.staff["supervisor"].user),
            Shift(user=who.user, purpose=who.purpose, starts_at=NOW - HOUR, ends_at=NOW + HOUR,
                  told_at=NOW, told_by=world.staff["supervisor"].user),
            Pause(user=who.user, because="Lunch", starts_at=NOW, ends_at=NOW + HOUR, by=who.user),
        ]  # fmt: skip
        for row in rows:
            world._note(row._meta.db_table, world._later(row), None, **mine)
    lent = world.staff["caller two"]
    loan = Loan(
        id=uuid4(), user=lent.user, home=Membership.objects.get(user=lent.user),
        from_organisation=world.places["SYS"], to_organisation=world.places["COU2"],
        purpose=OTHER, starts_at=NOW, until=NOW + HOUR, offered_at=NOW,
        offered_by=world.staff["supervisor"].user,
    )  # fmt: skip
    world._note("accounts_loan", world._later(loan), None, by=lent.user_id, owner="SYS COU2")
