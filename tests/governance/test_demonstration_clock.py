"""A demonstration's clock can be moved forward, and everything goes by it."""

from datetime import timedelta

import pytest

from openprotect.base import clock
from openprotect.governance.actions import move_demo_clock
from openprotect.people.models import Person
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DAY = timedelta(days=1)


def test_the_clock_moves_forward_by_as_much_as_asked(worker):
    before = clock.now()

    move_demo_clock(by=DAY)

    assert DAY <= clock.now() - before < DAY + timedelta(minutes=1)


def test_moves_add_up(worker):
    before = clock.now()

    move_demo_clock(by=DAY)
    move_demo_clock(by=DAY)

    assert clock.now() - before >= 2 * DAY


def test_when_the_clock_passes_the_end_of_the_basis_reads_stop(worker):
    given.basis("covid-protect", ends_at=clock.now() + DAY)
    given.enrolment()

    with given.acting(given.user("PRACTICE", given.area().practice)):
        assert Person.objects.exists()
        move_demo_clock(by=DAY + timedelta(seconds=1))
        assert not Person.objects.exists()
