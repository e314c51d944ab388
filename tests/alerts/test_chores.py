"""Alerts that change hands by themselves, and only those."""

from datetime import timedelta

import pytest

from openprotect.alerts.chores import hand_to_practices_after_basis, take_back_unaccepted
from openprotect.alerts.models import Alert
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
LATE = NOON + timedelta(hours=2)


def of_the_locality(**given_as):
    enrolment = given.enrolment(**given_as)
    return given.alert(of=enrolment, by=given.area().locality.covered_by.get(function="locality"))


def functions():
    return set(Alert.objects.values_list("team__function", flat=True))


def test_what_nobody_accepts_in_time_comes_back_to_surveillance(worker):
    of_the_locality()

    assert take_back_unaccepted(at=LATE) == 1
    assert functions() == {"surveillance"}


def test_nothing_goes_to_the_practice_while_the_basis_holds(worker):
    of_the_locality()

    assert hand_to_practices_after_basis(at=LATE) == 0
    assert functions() == {"locality"}


def test_when_the_basis_has_ended_what_is_open_goes_to_the_practice(worker):
    of_the_locality()
    after = NOON + timedelta(days=401)

    assert hand_to_practices_after_basis(at=after) == 1
    assert take_back_unaccepted(at=after) == 0
    assert functions() == {"practice"}


def test_alerts_that_may_stay_do_not_hold_up_those_that_must_move(worker):
    for _ in range(3):
        of_the_locality()
    other = Programme.objects.create(
        key="other", title="Other", purpose="other", pack=given.pack_version(), status="LIVE"
    )
    given.basis("other", ends_at=NOON + timedelta(hours=1))
    of_the_locality(programme=other)

    assert hand_to_practices_after_basis(at=LATE, limit=1) == 1
