"""Runs of the rules: the list, one of them, and what it changed; counts, small ones hidden."""

import csv
from datetime import timedelta

import pytest

from openprotect.governance.models import Access
from tests import given
from tests.given import NOON
from tests.web.leading.ran import COPD, DIABETES, run, with_codes

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = "/programme/runs/"
EARLIER = NOON - timedelta(days=1)


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def lead(worker_committing, client):
    given.programme()
    return given.sign_in(client, given.user("LEAD"))


@pytest.fixture
def clinician(worker_committing, client):
    given.programme()
    return given.sign_in(client, given.user("CLINICAL"))


def two_runs():
    """Six stay, one of whom changes groups; two join, for two reasons; one leaves."""
    stay = [with_codes(DIABETES) for _ in range(6)]
    leaver, joiner, dead = with_codes(COPD), with_codes(), with_codes(DIABETES)
    run(*stay, leaver, joiner, dead, at=EARLIER)
    more = (stay[0][0], [*stay[0][1], *with_codes(COPD)[1]])
    grown = (joiner[0], with_codes(DIABETES)[1])
    buried = (with_codes(nhs_number=dead[0].nhs_number, deceased=True)[0], dead[1])
    return run(more, *stay[1:], (leaver[0], []), grown, with_codes(DIABETES), buried)


def test_before_any_run_the_page_says_what_will_come(lead):
    assert "The rules have not been run yet." in seen(lead.get(RUNS))


def test_each_run_is_listed_with_what_it_changed(lead):
    two_runs()

    page = seen(lead.get(RUNS))

    assert "the first run" in page
    assert "1 to 4 joined, 1 to 4 left, 1 to 4 changed groups" in page
    assert "version 1." in page


def test_a_run_shows_the_waterfall_and_tables_as_far_as_they_may_be_shown(lead):
    kept = two_runs()

    page = seen(lead.get(f"{RUNS}{kept.pk}/"))

    assert "From everybody in the records to those found" in page
    assert "Diabetes, not resolved" in page
    assert "Pra</th><td" in page
    assert "GP records" in page
    assert "Numbers are rounded to the nearest 5" in page


def test_a_clinical_lead_sees_small_numbers_too(clinician):
    kept = two_runs()

    page = seen(clinician.get(f"{RUNS}{kept.pk}/changes/"))

    assert ">2</a></dd>" in page
    assert "Newly meets a rule" in page
    assert "New in the records" in page
    assert "Excluded: deceased" in page


def test_a_lead_sees_what_changed_and_no_small_number_and_no_door(lead):
    kept = two_runs()

    page = seen(lead.get(f"{RUNS}{kept.pk}/changes/"))

    assert "Who joined and who left, and why?" in page
    assert "1 to 4</dd>" in page
    assert "/people/?kind" not in page
    assert "their practice decides" in page


def test_the_file_says_what_the_page_says_and_how_many_lines_it_has(lead):
    kept = two_runs()

    answer = lead.get(f"{RUNS}{kept.pk}/changes.csv")
    lines = list(csv.reader(answer.content.decode().splitlines()))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert lines[0] == ["table", "of", "name", "figure", "people"]
    assert lines[-1][0] == "rows"
    assert int(lines[-1][-1]) == len(lines) - 2
    assert ["Joined, and why", "Why", "Newly meets a rule", "People", "1 to 4"] in lines


def test_the_tables_of_a_run_are_a_file_too(lead):
    kept = two_runs()

    lines = lead.get(f"{RUNS}{kept.pk}/tables.csv").content.decode().splitlines()

    assert int(lines[-1].rsplit(",", 1)[1]) == len(lines) - 2


def test_the_first_run_has_nothing_to_be_compared_with(lead):
    kept = run(with_codes(DIABETES))

    assert "This is the first run." in seen(lead.get(f"{RUNS}{kept.pk}/changes/"))


def test_a_run_that_changed_nothing_says_so(lead):
    someone = with_codes(DIABETES)
    run(someone, at=EARLIER)
    kept = run(someone)

    assert "Nothing changed." in seen(lead.get(f"{RUNS}{kept.pk}/changes/"))


def test_behind_a_count_are_people_without_names_each_noted(clinician):
    kept = two_runs()

    page = seen(clinician.get(f"{RUNS}{kept.pk}/changes/people/?kind=joined"))

    assert "Joined: who they are, without their names" in page
    assert "Female, 36" in page
    assert "Diabetes mellitus (73211009), 3 February 2019" in page
    with given.as_worker():
        assert Access.objects.filter(what="leading.changed").count() == 2


def test_no_name_and_no_number_is_on_that_page(clinician):
    someone = with_codes(DIABETES)
    run(with_codes(DIABETES), at=EARLIER)
    kept = run(someone)

    page = clinician.get(f"{RUNS}{kept.pk}/changes/people/?kind=joined").text

    for secret in (someone[0].nhs_number, someone[0].family, someone[0].given):
        assert secret not in page


def test_people_can_be_narrowed_to_one_reason(clinician):
    kept = two_runs()

    page = seen(
        clinician.get(f"{RUNS}{kept.pk}/changes/people/?kind=joined&reason=new in the records")
    )

    assert "1 person by the run" in page


def test_of_those_who_left_it_is_said_what_came_near(clinician):
    kept = two_runs()

    page = seen(clinician.get(f"{RUNS}{kept.pk}/changes/people/?kind=left"))

    assert "No rule holds any longer" in page


def test_a_clinical_lead_of_another_purpose_finds_no_such_run(client, worker_committing):
    given.sign_in(client, given.user("CLINICAL", purpose="other"))
    kept = run(with_codes(DIABETES))

    assert client.get(f"{RUNS}{kept.pk}/").status_code == 404
    assert client.get(f"{RUNS}{kept.pk}/changes/people/").status_code == 404


@pytest.mark.parametrize("rest", ["", "changes/", "changes.csv", "tables.csv", "changes/people/"])
@pytest.mark.parametrize("role", ["PRACTICE", "LOCALITY", "CALLER", "GOVERNANCE"])
def test_other_roles_see_no_run(client, worker_committing, role, rest):
    place = given.area().practice if role == "PRACTICE" else None
    given.sign_in(client, given.user(role, place))

    run_id = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"{RUNS}{run_id}/{rest}").status_code == 403


def test_a_lead_may_not_open_people(lead):
    kept = two_runs()

    assert lead.get(f"{RUNS}{kept.pk}/changes/people/?kind=joined").status_code == 403


def test_nobody_who_is_not_signed_in_sees_runs(client, worker_committing):
    assert client.get(RUNS).status_code == 302
