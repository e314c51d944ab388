"""The service's time: the real one, but in a demonstration, where it moves forward only."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.governance.actions import move_demo_clock
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_the_time_is_the_real_one_in_utc(worker):
    said = clock.now()

    assert said.tzinfo is UTC
    assert abs(said - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_moves_in_a_demonstration_only(worker):
    with pytest.raises(DatabaseError, match="demonstration only"), transaction.atomic():
        move_demo_clock(by=HOUR)


@pytest.mark.parametrize("by", [timedelta(0), -HOUR])
def test_the_clock_does_not_move_back(worker, by):
    with pytest.raises(Refused, match="forward only"):
        move_demo_clock(by=by)


def test_the_application_cannot_make_itself_a_demonstration(worker):
    with row_security_refuses(), connection.cursor() as cursor:
        cursor.execute("UPDATE governance_installation SET is_demonstration = true")


def test_where_people_are_real_the_clock_cannot_stand_wrong(administrator):
    with pytest.raises(Exception, match="only_a_demonstration_moves_its_clock"):
        administrator.execute("UPDATE governance_installation SET clock_ahead_by = '1 hour'")
