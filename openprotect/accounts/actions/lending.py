"""Lending a call handler to another organisation, taking them, and their way back.

Rights are memberships between dates, and only the database writes them here: what a lead may ask
of it is checked by its own functions, so that nobody hands out rights in another's name.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from openprotect.accounts.models import Loan
from openprotect.accounts.queries import Viewer
from openprotect.accounts.queries.lending import lendable
from openprotect.accounts.rules import Role
from openprotect.base.refusals import Refused
from openprotect.events.actions import record

LEADS = frozenset({Role.LEAD, Role.SUPERVISOR})
NOT_YOURS = "This loan is not yours to answer."
REFUSALS = {
    "LATE": "The time of this loan is over already. Ask for another offer.",
    "GONE": "This person does not work there as a call handler any more.",
    "SETTLED": "This loan has been answered already.",
}


@transaction.atomic
def offer(
    home_id: UUID,
    *,
    to: UUID,
    purpose: str,
    starts_at: datetime,
    until: datetime,
    words: str,
    viewer: Viewer,
    at: datetime,
) -> Loan:
    """Offer a named call handler of one's own organisation to another, until a time."""
    home = next((each for each in lendable(viewer) if each.pk == home_id), None)
    if viewer.role not in LEADS or home is None:
        raise Refused("Only call handlers of your own organisation can be lent by you.")
    if not (starts_at < until and until > at):
        raise Refused("A loan ends after it starts, and later than now.")
    if to == viewer.organisation_id:
        raise Refused("Choose another organisation than your own.")
    try:
        with transaction.atomic():
            made = Loan.objects.create(
                user_id=home.user_id,
                home=home,
                from_organisation_id=viewer.organisation_id,
                to_organisation_id=to,
                purpose=purpose,
                starts_at=max(starts_at, at),
                until=until,
                words=words.strip()[:300],
                offered_at=at,
                offered_by_id=viewer.user_id,
            )
    except IntegrityError as doubled:
        if "one_offer_of_a_call_handler" in str(doubled):
            raise Refused("This person is offered already. Take that offer back first.") from None
        raise
    record("loan.offered", made.pk, at=at, by=viewer.user_id, user=str(home.user_id))
    return made


def answer(loan_id: UUID, *, accepts: bool, words: str, viewer: Viewer, at: datetime) -> None:
    """Take a call handler whom another organisation offers, or say kindly why not.

    Accepted, the person rings for the borrowing programme and for nothing else, from the loan's
    beginning to its end; then they are back where they were, with nobody doing anything.
    """
    if not accepts and not words.strip():
        raise Refused("Say in a few words why not, so that they know what would help.")
    _settle("SELECT answer_loan(%s, %s, %s)", loan_id, accepts, words.strip()[:300])
    if accepts:
        record("loan.accepted", loan_id, at=at, by=viewer.user_id)
    else:
        record("loan.declined", loan_id, at=at, by=viewer.user_id)


def end(loan_id: UUID, *, viewer: Viewer, at: datetime) -> str:
    """Return a call handler early, or take back an offer; rights end with the next statement."""
    how = _settle("SELECT end_loan(%s)", loan_id)
    if how == Loan.Status.WITHDRAWN:
        record("loan.withdrawn", loan_id, at=at, by=viewer.user_id)
    else:
        record("loan.returned", loan_id, at=at, by=viewer.user_id)
    return how


def _settle(statement: str, *values: UUID | bool | str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        (said,) = cursor.fetchone()
    if said is None or said in REFUSALS:
        raise Refused(REFUSALS.get(said, NOT_YOURS))
    return str(said)
