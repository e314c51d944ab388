from datetime import date, timedelta

import pytest

from openprotect.places import queries
from openprotect.places.models import Relationship
from tests.places.given import Area, place, team

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


def test_a_practice_is_open_on_its_last_day_and_not_after():
    last = place("PRA", "PRACTICE", closed_on=YESTERDAY)

    assert queries.open_practices(YESTERDAY) == [last]
    assert queries.open_practices(TODAY) == []


def test_a_practice_is_not_open_before_it_opens():
    place("PRA", "PRACTICE", opened_on=TODAY)

    assert queries.open_practices(YESTERDAY) == []


def test_a_practice_lies_in_one_locality_on_a_day():
    area = Area()
    other = place("OTHER", "LOCALITY", [(area.system, "LIES_IN")])
    Relationship.objects.filter(child=area.practice, kind="LIES_IN").update(to_on=YESTERDAY)
    Relationship.objects.create(child=area.practice, parent=other, kind="LIES_IN", from_on=TODAY)

    assert queries.locality_of(area.practice, YESTERDAY) == area.locality
    assert queries.locality_of(area.practice, TODAY) == other
    assert queries.locality_by_practice(TODAY) == {area.practice.pk: other.pk}


def test_ancestors_come_nearest_first():
    area = Area()

    found = queries.ancestors(area.practice, TODAY)

    assert found == [area.network, area.locality, area.council, area.system]


def test_ancestors_of_a_circle_end():
    first, second = place("A", "LOCALITY"), place("B", "LOCALITY")
    Relationship.objects.create(child=first, parent=second, kind="LIES_IN", from_on=TODAY)
    Relationship.objects.create(child=second, parent=first, kind="LIES_IN", from_on=TODAY)

    assert queries.ancestors(first, TODAY) == [second]


@pytest.mark.parametrize("area_name", ["system", "locality", "network"])
def test_the_practices_of_an_area_are_the_open_ones_below_it(area_name):
    area = Area()
    place("SHUT", "PRACTICE", [(area.locality, "LIES_IN")], closed_on=YESTERDAY)
    place("FAR", "PRACTICE")

    assert queries.practices_of(getattr(area, area_name), TODAY) == [area.practice]


@pytest.mark.parametrize("at", ["practice", "network", "locality", "council", "system"])
def test_the_team_of_the_nearest_area_has_the_job(at):
    area = Area()
    order = ["practice", "network", "locality", "council", "system"]
    teams = {each: team("council", getattr(area, each)) for each in order[order.index(at) :]}

    assert queries.team_for("council", area.practice, TODAY) == teams[at]


@pytest.mark.parametrize("function", ["practice", "locality", "council", "charity", "pharmacy"])
def test_what_nobody_does_falls_to_surveillance(function):
    area = Area()

    assert queries.team_for(function, area.practice, TODAY) == area.surveillance


def test_the_work_of_a_practice_that_closed_falls_to_its_locality():
    area = Area()
    team("practice", area.practice, closed_on=YESTERDAY)
    locality = team("locality", area.locality)

    assert queries.team_for("practice", area.practice, TODAY) == locality


def test_a_team_of_another_area_never_has_the_job():
    area = Area()
    team("locality", place("OTHER", "LOCALITY", [(area.system, "LIES_IN")]))

    assert queries.team_for("locality", area.practice, TODAY) == area.surveillance


def test_the_people_of_a_practice_that_lies_nowhere_are_the_systems():
    area = Area()
    calling = team("calling", area.system)
    stray = place("STRAY", "PRACTICE")

    assert queries.team_for("calling", stray, TODAY) == calling


def test_there_is_a_team_whenever_surveillance_is_open_anywhere():
    watching = team("surveillance", place("ELSE", "LOCALITY"))

    assert queries.team_for("practice", place("PRA", "PRACTICE"), TODAY) == watching


def test_without_any_team_nobody_is_named():
    assert queries.team_for("practice", place("PRA", "PRACTICE"), TODAY) is None


def test_a_made_up_function_is_a_mistake():
    with pytest.raises(ValueError, match="plumbing"):
        queries.team_for("plumbing", place("PRA", "PRACTICE"), TODAY)


def test_lists_of_places_are_by_name_and_leave_out_the_closed():
    second, first = place("B", "COUNCIL"), place("A", "COUNCIL")
    place("C", "COUNCIL", closed_on=YESTERDAY)

    assert queries.councils(TODAY) == [first, second]


def test_the_teams_of_an_organisation_are_the_open_ones():
    area = Area()
    team("calling", area.system, closed_on=YESTERDAY)

    assert queries.teams_of(area.system, TODAY) == [area.surveillance]


def test_naming_a_team_costs_few_questions(django_assert_max_num_queries):
    area = Area()

    with django_assert_max_num_queries(6):
        queries.team_for("surveillance", area.practice, TODAY)
