"""The staff of the call floors: what they can do, their shifts and pauses, and who is lent."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from openprotect.accounts.models import Ability, Loan, Membership, Pause, Shift
from openprotect.floor.models import Coaching, Line, Review, Sheet
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


def words_about_calls(world, call, body, purpose):
    """What supervisors wrote about a call that caller one holds, and the sheet it is on."""
    boss, caller = world.staff["supervisor"], world.staff["caller one"]
    mine = {"by": caller.user_id, "purpose": purpose}
    about = {"programme": call.programme, "caller": caller.user, "by": boss.user, "at": NOW}
    sheet = Sheet(id=uuid4(), programme=call.programme, number=1, holder=caller.user,
                  made_at=NOW, holds_until=NOW + HOUR)  # fmt: skip
    rows = [
        Coaching(call=call, has_agreed=True, went_well="Canary", **about),
        Review(call=call, week_on=NOW.date(), words="Canary", **about),
        sheet,
        Line(sheet=sheet, call=call, place=2, attempts=0),
    ]
    for row in rows:
        world._note(row._meta.db_table, world._later(row), None, **mine)
