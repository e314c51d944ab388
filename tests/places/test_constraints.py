from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError

from openprotect.places.models import Relationship
from tests.places.given import LONG_AGO, Area, place, team

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

BEFORE = LONG_AGO - timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"closed_on": BEFORE}, "organisation_closes_after_it_opens"),
        ({"name": ""}, "organisation_has_code_and_name"),
    ],
)
def test_the_database_refuses_an_organisation(given, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        place("PRA", "PRACTICE", **given)


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"closed_on": BEFORE}, "team_closes_after_it_opens"),
        ({"opens": time(9), "closes": time(9)}, "team_opens_before_it_closes"),
        ({"weekdays": [0]}, "team_works_on_iso_weekdays"),
        ({"weekdays": []}, "team_works_on_iso_weekdays"),
    ],
)
def test_the_database_refuses_a_team(given, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        team("calling", place("SYS", "SYSTEM"), **given)


def test_the_database_refuses_a_second_team_of_the_same_name_for_the_same_job():
    system = place("SYS", "SYSTEM")
    team("calling", system)

    with pytest.raises(IntegrityError, match="team_named_once"):
        team("calling", system)


def test_the_database_refuses_a_practice_in_two_localities_at_once():
    area = Area()

    with pytest.raises(IntegrityError, match="relationship_one_current_parent"):
        Relationship.objects.create(
            child=area.practice, parent=area.system, kind="LIES_IN", from_on=date(2026, 1, 1)
        )


def test_an_organisation_that_splits_may_have_two_heirs():
    old, first, second = (place(code, "COUNCIL") for code in ("OLD", "ONE", "TWO"))
    for heir in (first, second):
        Relationship.objects.create(
            child=old, parent=heir, kind="SUCCEEDED_BY", from_on=date(2026, 1, 1)
        )

    assert old.parents.count() == 2


@pytest.mark.parametrize(
    ("given", "constraint"),
    [
        ({"to_on": BEFORE}, "relationship_ends_after_it_starts"),
        ({"parent_is_child": True}, "relationship_is_with_another"),
    ],
)
def test_the_database_refuses_a_relationship(given, constraint):
    child, parent = place("PRA", "PRACTICE"), place("LOC", "LOCALITY")
    if given.pop("parent_is_child", False):
        parent = child

    with pytest.raises(IntegrityError, match=constraint):
        Relationship.objects.create(
            child=child, parent=parent, kind="LIES_IN", from_on=LONG_AGO, **given
        )
