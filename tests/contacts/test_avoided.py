"""Contacts that two bodies would have made, counted from the ledger for the grip page."""

import pytest

from openprotect.reports.queries.contacts import duplicates_avoided
from openprotect.reports.rules import period
from tests import given
from tests.contacts.asking import DAY, HOUR, body_asks, charity, spoke, we_ask
from tests.given import NOON

pytestmark = pytest.mark.django_db
EVER = period("all")


def avoided(at=NOON + 3 * DAY):
    found = duplicates_avoided(given.programme(), EVER, at=at)
    return found.contacts, found.people, found.ours


def test_each_body_counts_once_a_day_for_each_topic(worker):
    person = given.enrolment().person
    spoke(body_asks(person.nhs_number))
    for hours in (1, 2):
        we_ask(person, at=NOON + hours * HOUR)
        body_asks(person.nhs_number, body=charity(), at=NOON + hours * HOUR)

    assert avoided() == (2, 1, 1)


def test_waiting_stopping_and_strangers_are_no_duplicates(worker):
    body_asks(given.enrolment(of=given.person(died_on=NOON.date())).person.nhs_number)
    stranger = given.person()
    body_asks(stranger.nhs_number)
    body_asks(stranger.nhs_number, body=charity())

    assert avoided() == (0, 0, 0)


def test_a_lead_counts_without_seeing_anybody(worker):
    person = given.enrolment().person
    spoke(body_asks(person.nhs_number))
    we_ask(person, at=NOON + HOUR)

    with given.acting(given.user("LEAD")):
        assert avoided() == (1, 1, 1)
        assert given.Person.objects.count() == 0
