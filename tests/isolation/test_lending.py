"""A call handler who is lent sees the borrowing programme's calls alone, and afterwards nothing."""

from datetime import timedelta

import pytest
from django.db import connection

from openprotect.accounts.actions import WrongLogin, acting_as
from openprotect.accounts.actions.lending import answer, end, offer
from openprotect.accounts.models import Loan, Membership
from openprotect.accounts.queries import viewer as viewer_now
from openprotect.accounts.queries.lending import borrowers, lendable, loans
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next
from openprotect.calls.models import Call
from openprotect.events.models import Event
from openprotect.governance.actions import move_demo_clock
from openprotect.people.models import Person
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DAY = timedelta(days=1)
HOME, BORROWING = "home", "covid-protect"


@pytest.fixture
def floor(worker):
    """Two bodies with a floor each, a call waiting on both, and somebody who rings at home."""
    return Floor()


class Floor:
    def __init__(self):
        self.hospital = given.place_once("HOS", "HOSPITAL")
        self.system = given.area().system
        given.basis(HOME)
        self.programme = Programme.objects.create(
            key=HOME, title="Home", purpose=HOME, aim="To be told apart", sponsor="A nurse",
            pack=given.pack_version(), status="LIVE", launched_at=NOON,
        )  # fmt: skip
        at_home = given.checkin(of=given.enrolment(programme=self.programme), status="MISSED")
        self.home_call, self.our_call = given.call(of=at_home), given.call()
        self.caller = given.user("CALLER", self.hospital, purpose=HOME)
        self.lender = given.user("LEAD", self.hospital, purpose=HOME)
        self.borrower = given.user("SUPERVISOR", self.system, purpose=BORROWING)
        self.loan = None

    def offer(self, **given_):
        with given.acting(self.lender) as viewer:
            (home,) = lendable(viewer)
            asked = {"to": self.system.pk, "purpose": BORROWING, "starts_at": viewer.at} | given_
            until = asked.pop("until", viewer.at + 2 * DAY)
            self.loan = offer(
                home.pk, until=until, words="Until Friday", viewer=viewer, at=viewer.at, **asked
            )
        return self.loan

    def accept(self):
        with given.acting(self.borrower) as viewer:
            answer(self.loan.pk, accepts=True, words="Thank you", viewer=viewer, at=viewer.at)

    def end(self, who):
        with given.acting(who) as viewer:
            return end(self.loan.pk, viewer=viewer, at=viewer.at)

    def sees(self):
        """The purposes whose calls the call handler sees, signed in anew; none if nobody is."""
        try:
            token = given.token_of(self.caller)
        except WrongLogin:
            return None
        with acting_as(token):
            assert not Person.objects.exists()
            names = {HOME: self.home_call.pk, BORROWING: self.our_call.pk}
            seen = set(Call.objects.values_list("pk", flat=True))
            return {name for name, call in names.items() if call in seen}


def test_before_a_loan_is_taken_it_opens_nothing(floor):
    floor.offer()

    assert floor.sees() == {HOME}


def test_a_lent_call_handler_sees_the_borrowing_programme_alone_and_rings_for_it(floor):
    floor.offer()
    floor.accept()

    assert floor.sees() == {BORROWING}
    with given.acting(floor.caller) as me:
        assert me.organisation == floor.system.name
        call = claim_next(viewer=me, at=me.at)
        assert call.pk == floor.our_call.pk
        assert Person.objects.count() == 1


def test_a_loan_ends_by_itself_and_with_it_the_call_in_hand(floor):
    floor.offer()
    floor.accept()
    move_demo_clock(by=2 * DAY - timedelta(minutes=20))
    token = given.token_of(floor.caller)
    with acting_as(token):
        me = viewer_now()
        claim_next(viewer=me, at=me.at)
        assert Person.objects.count() == 1

    move_demo_clock(by=timedelta(minutes=21))

    with acting_as(token):
        assert viewer_now() is None
        assert not Call.objects.exists()
        assert not Person.objects.exists()
    assert floor.sees() == {HOME}


def test_somebody_lent_from_nothing_else_sees_nothing_after_the_return(floor):
    until = Membership.objects.get(user=floor.caller)
    floor.offer()
    Membership.objects.filter(pk=until.pk).update(ends_at=NOON + 2 * DAY)
    floor.accept()
    assert floor.sees() == {BORROWING}

    move_demo_clock(by=3 * DAY)

    assert floor.sees() is None


@pytest.mark.parametrize("who", ["lender", "borrower"])
def test_either_side_returns_somebody_early_and_rights_end_at_once(floor, who):
    floor.offer()
    floor.accept()
    token = given.token_of(floor.caller)
    with acting_as(token):
        me = viewer_now()
        claim_next(viewer=me, at=me.at)

    assert floor.end(getattr(floor, who)) == "RETURNED"

    with acting_as(token):
        assert not Call.objects.exists()
        assert not Person.objects.exists()
    assert floor.sees() == {HOME}
    with pytest.raises(Refused, match="answered already"):
        floor.end(floor.lender)


def test_a_loan_that_has_not_begun_is_returned_without_a_moment_of_rights(floor):
    with given.acting(floor.lender) as viewer:
        begins = viewer.at + DAY
    floor.offer(starts_at=begins)
    floor.accept()
    assert floor.sees() == {HOME}

    floor.end(floor.borrower)
    move_demo_clock(by=DAY + timedelta(hours=1))

    assert floor.sees() == {HOME}


def test_all_of_a_loan_is_on_record(floor):
    floor.offer()
    floor.accept()
    floor.end(floor.lender)

    found = Event.objects.filter(subject_id=floor.loan.pk).order_by("id")
    assert [(each.name, each.by_id) for each in found] == [
        ("loan.offered", floor.lender.pk),
        ("loan.accepted", floor.borrower.pk),
        ("loan.returned", floor.lender.pk),
    ]


def strangers(floor):
    yield given.user("SUPERVISOR", given.area().council, purpose=BORROWING)
    yield given.user("SUPERVISOR", floor.system, purpose=HOME)
    yield given.user("LOCALITY", given.area().locality)
    yield floor.caller
    yield floor.lender


def test_nobody_else_takes_an_offer(floor):
    floor.offer()

    for who in strangers(floor):
        with given.acting(who) as viewer, pytest.raises(Refused, match="not yours"):
            answer(floor.loan.pk, accepts=True, words="Mine", viewer=viewer, at=viewer.at)
    assert floor.sees() == {HOME}


def test_nobody_lends_somebody_whom_another_body_employs(floor):
    theirs = Membership.objects.get(user=floor.caller)

    with given.acting(floor.borrower) as viewer:
        assert lendable(viewer) == []
        with pytest.raises(Refused, match="your own"):
            offer(
                theirs.pk, to=floor.hospital.pk, purpose=HOME,
                starts_at=viewer.at, until=viewer.at + DAY, words="", viewer=viewer, at=viewer.at,
            )  # fmt: skip


def test_the_database_takes_no_offer_in_another_bodys_name_and_no_rights_by_hand(floor):
    floor.offer()
    loan = Loan.objects.get()
    forged = {
        "from_organisation": floor.system, "to_organisation": floor.hospital, "home": loan.home,
        "purpose": BORROWING, "starts_at": NOON, "until": NOON + 9 * DAY, "offered_at": NOON,
    }  # fmt: skip

    with given.acting(floor.borrower) as viewer:
        with row_security_refuses():
            Loan.objects.create(user=floor.caller, offered_by_id=viewer.user_id, **forged)
        with row_security_refuses(), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_loan SET status = 'ACCEPTED'")
        with row_security_refuses():
            Membership.objects.create(
                user=floor.caller, organisation=floor.system, role="CALLER", purpose=BORROWING,
                starts_at=NOON,
            )  # fmt: skip


def test_declining_says_why_and_taking_back_is_the_lenders(floor):
    floor.offer()
    with given.acting(floor.borrower) as viewer:
        with pytest.raises(Refused, match="why not"):
            answer(floor.loan.pk, accepts=False, words="", viewer=viewer, at=viewer.at)
        answer(floor.loan.pk, accepts=False, words="We are full", viewer=viewer, at=viewer.at)
        assert loans(viewer)[0].standing == "declined"
    floor.offer()

    with given.acting(floor.borrower), pytest.raises(Refused):
        floor.end(floor.borrower)
    assert floor.end(floor.lender) == "WITHDRAWN"


def test_one_person_is_offered_once_at_a_time(floor):
    floor.offer()

    with pytest.raises(Refused, match="offered already"):
        floor.offer()


def test_each_side_reads_how_a_loan_stands(floor):
    floor.offer()
    with given.acting(floor.borrower) as viewer:
        (found,) = loans(viewer)
        assert (found.standing, found.may_answer, found.may_end) == ("offered", True, False)
    floor.accept()

    with given.acting(floor.lender) as viewer:
        (found,) = loans(viewer)
        assert (found.standing, found.may_end) == ("running", True)
        assert lendable(viewer) == []
        assert floor.system in borrowers(viewer)
        move_demo_clock(by=3 * DAY)
    with given.acting(floor.lender) as viewer:
        assert loans(viewer)[0].standing == "ended by itself"
