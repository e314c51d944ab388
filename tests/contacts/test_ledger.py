"""Who may contact somebody, when, about what; and that of two at once exactly one may."""

from datetime import timedelta

import pytest
from django.db import connection

from openprotect.base.nhs_number import synthetic_number
from openprotect.base.refusals import Refused
from openprotect.contacts import actions as contacts
from openprotect.contacts.chores import lapse_slots
from openprotect.contacts.models import Claim, Limit
from openprotect.contacts.rules import Answer, NotToBeAsked
from openprotect.governance.models import Access
from openprotect.people.actions import stop_contact
from tests import given
from tests.contacts.asking import (
    DAY,
    HOUR,
    body_asks,
    charity,
    claim_of,
    council,
    spoke,
    we_ask,
)
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db
STRANGER = synthetic_number("a stranger to every programme")


def test_a_yes_holds_the_slot_until_it_lapses(worker):
    person = given.person()

    answered = body_asks(person.nhs_number, hold_for=DAY)

    held = claim_of(answered)
    assert (answered.answer, held.status, held.until) == (Answer.YES, "HELD", NOON + DAY)
    assert (lapse_slots(at=NOON + DAY - HOUR), lapse_slots(at=NOON + DAY)) == (0, 1)


def test_asked_again_the_slot_is_the_same(worker):
    person = given.person()

    first, again = (body_asks(person.nhs_number) for _ in range(2))

    assert first == again
    assert Claim.objects.count() == 1


def test_another_body_is_told_who_covers_the_topic_and_until_when(worker):
    person = given.person()
    held = body_asks(person.nhs_number)

    other = body_asks(person.nhs_number, body=charity())

    assert (other.answer, other.covered_by) == (Answer.COVERED, council().name)
    assert other.until == held.until


def test_another_topic_is_nobodys_business(worker):
    person = given.person()
    body_asks(person.nhs_number, topic="food")

    assert body_asks(person.nhs_number, body=charity(), topic="money").is_yes


def test_somebody_in_no_programme_is_answered_as_anybody_is(worker):
    answered = [body_asks(STRANGER), body_asks(STRANGER, body=charity())]

    assert [each.answer for each in answered] == [Answer.YES, Answer.COVERED]
    assert claim_of(answered[0]).person_id is None


def test_the_ledger_holds_no_number_of_a_stranger(worker):
    body_asks(STRANGER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM contacts_claim c")
        assert STRANGER not in cursor.fetchone()[0]


def test_somebody_reached_is_left_in_peace_about_it_for_the_window(worker):
    person = given.person()
    spoke(body_asks(person.nhs_number))

    asked = {hours: we_ask(person, at=NOON + hours * HOUR) for hours in (1, 47, 49)}

    assert [each.answer for each in asked.values()] == ["COVERED", "COVERED", "YES"]
    assert asked[47].until == NOON + 48 * HOUR


def test_somebody_not_reached_may_be_rung_by_the_next_body(worker):
    person = given.person()
    spoke(body_asks(person.nhs_number), outcome="NO_ANSWER")

    assert body_asks(person.nhs_number, body=charity()).is_yes


def test_what_a_body_did_itself_does_not_hold_it_back(worker):
    person = given.person()
    spoke(body_asks(person.nhs_number))

    assert body_asks(person.nhs_number, at=NOON + HOUR).is_yes


def test_a_cap_counts_every_body_and_says_until_when_to_wait(worker):
    person = given.person()
    contacts.set_limit("CAP", "CALL", most=2, hours=168, set_by="Lead", because="test", at=NOON)
    spoke(body_asks(person.nhs_number, topic="food"), at=NOON)
    spoke(body_asks(person.nhs_number, body=charity(), topic="money"), at=NOON + HOUR)

    waits = we_ask(person, at=NOON + 2 * HOUR)

    assert (waits.answer, waits.until) == (Answer.WAIT, NOON + 168 * HOUR)
    assert we_ask(person, at=waits.until).is_yes


def test_a_cap_on_calls_holds_back_no_letter(worker):
    person = given.person()
    contacts.set_limit("CAP", "CALL", most=1, hours=168, set_by="Lead", because="test", at=NOON)
    spoke(body_asks(person.nhs_number, topic="food"))

    assert body_asks(person.nhs_number, topic="money", channel="LETTER").is_yes


def test_a_safety_contact_is_held_back_by_no_cap_window_or_slot(worker):
    person = given.person()
    contacts.set_limit("CAP", "CALL", most=1, hours=168, set_by="Lead", because="test", at=NOON)
    spoke(body_asks(person.nhs_number))
    body_asks(person.nhs_number, body=charity(), channel="VISIT", at=NOON + 49 * HOUR)

    answered = we_ask(person, at=NOON + 50 * HOUR, is_safety=True)

    assert answered.is_yes
    assert claim_of(answered).is_safety


def test_while_an_urgent_alert_is_open_a_call_is_held_back_by_nothing(worker):
    enrolment = given.enrolment()
    spoke(body_asks(enrolment.person.nhs_number))
    assert not we_ask(enrolment.person, at=NOON + HOUR).is_yes

    given.alert(of=enrolment, urgency=1)

    assert we_ask(enrolment.person, at=NOON + HOUR).is_yes


@pytest.mark.parametrize(
    "state",
    [{"died_on": NOON.date()}, {"is_restricted": True}, {"has_stopped_contact": True}],
    ids=["died", "restricted", "stopped"],
)
def test_death_restriction_and_opting_out_stop_every_body_in_one_word(worker, state):
    person = given.person(**state)

    answered = body_asks(person.nhs_number, is_safety=True)

    assert (answered.answer, answered.until, answered.covered_by) == (Answer.STOP, None, "")
    assert claim_of(answered).status == "REFUSED"


def test_a_slot_that_is_held_is_taken_back_when_contact_stops(worker):
    person = given.enrolment().person
    answered = body_asks(person.nhs_number)
    stop_contact(person, because="asked by phone", at=NOON)

    given.follow()

    assert claim_of(answered).status == "RECALLED"


def test_a_contact_made_after_its_slot_lapsed_is_believed(worker):
    answered = body_asks(given.person().nhs_number, hold_for=HOUR)
    lapse_slots(at=NOON + DAY)

    spoke(answered, at=NOON + DAY)

    assert claim_of(answered).status == "MADE"


def test_a_slot_given_back_is_free_at_once(worker):
    person = given.person()
    contacts.settle_claim(body_asks(person.nhs_number).claim_id, "", at=NOON)

    assert body_asks(person.nhs_number, body=charity()).is_yes


def test_the_same_no_asked_twice_is_one_contact_avoided(worker):
    person = given.person()
    body_asks(person.nhs_number)

    for minutes in range(3):
        body_asks(person.nhs_number, body=charity(), at=NOON + timedelta(minutes=minutes))

    assert Claim.objects.filter(status="REFUSED").count() == 1


def test_somebody_known_by_an_earlier_number_is_one_person(worker):
    earlier = synthetic_number("before")
    person = given.person(came_as=earlier)
    body_asks(person.nhs_number)

    assert body_asks(earlier, body=charity()).answer == Answer.COVERED


def test_asking_about_somebody_in_a_programme_is_in_the_access_log(worker):
    person = given.enrolment().person

    body_asks(person.nhs_number)

    assert Access.objects.filter(person_id=person.pk, what="contacts.claim").count() == 1


@pytest.mark.parametrize(
    "ask", [{"channel": "PIGEON"}, {"topic": "checkin"}, {"wanted_at": NOON + 61 * DAY}]
)
def test_an_ask_of_no_known_kind_is_refused(worker, ask):
    with pytest.raises(NotToBeAsked):
        body_asks(STRANGER, **ask)


def test_nobody_holds_a_slot_for_good(worker):
    with pytest.raises(Refused, match="14 days"):
        body_asks(STRANGER, hold_for=15 * DAY)


def test_a_limit_is_never_changed_but_ended_and_set_anew(worker):
    before = Limit.objects.get(kind="WINDOW", what="welfare")

    contacts.set_limit(
        "WINDOW", "welfare", most=0, hours=24, set_by="Lead", because="one day does", at=NOON
    )

    before.refresh_from_db()
    assert (before.hours, before.ends_at) == (48, NOON)
    assert Limit.objects.get(kind="WINDOW", what="welfare", ends_at=None).set_by == "Lead"


@pytest.mark.parametrize(
    "limit",
    [
        {"what": "PIGEON"},
        {"most": 0},
        {"hours": 0},
        {"because": " "},
        {"kind": "LID"},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(worker, limit):
    with pytest.raises(Refused):
        contacts.set_limit(
            **{
                "kind": "CAP", "what": "CALL", "most": 3, "hours": 24, "set_by": "Lead",
                "because": "x", "at": NOON,
            } | limit
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_gets_the_slot(worker_committing):
    person, bodies = given.person(), [council(), charity(), given.place_once("PHA", "PHARMACY")]

    answers = at_once(
        *(lambda body=body: body_asks(person.nhs_number, body=body) for body in bodies)
    )

    assert sorted(each.answer for each in answers) == ["COVERED", "COVERED", "YES"]


@pytest.mark.django_db(transaction=True)
def test_at_once_a_stranger_has_one_slot_as_well(worker_committing):
    bodies = [council(), charity()]

    answers = at_once(*(lambda body=body: body_asks(STRANGER, body=body) for body in bodies * 2))

    held = [each for each in answers if each.is_yes]
    assert len({each.claim_id for each in held}) == 1
    assert Claim.objects.filter(status="HELD").count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_once_a_cap_lets_no_more_through_than_it_says(worker_committing):
    person = given.person()
    contacts.set_limit("CAP", "CALL", most=2, hours=168, set_by="Lead", because="test", at=NOON)
    topics = ["food", "money", "housing", "company"]

    answers = at_once(
        *(lambda topic=topic: body_asks(person.nhs_number, topic=topic) for topic in topics)
    )

    assert sorted(each.answer for each in answers) == ["WAIT", "WAIT", "YES", "YES"]
