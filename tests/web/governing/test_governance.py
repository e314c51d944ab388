"""May we, until when, and who looked: for information governance, without any person's name."""

from datetime import UTC, datetime, timedelta

import pytest

from openprotect.governance.actions import record_access
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def seen(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


@pytest.fixture
def governance(worker, client):
    return given.sign_in(client, given.user("GOVERNANCE"))


def only_basis(ends_at, **rest):
    """The programme's one basis, which ends then."""
    given.basis("covid-protect", ends_at=ends_at, **rest)
    return given.programme()


def test_each_basis_says_what_until_when_and_by_whom(governance):
    page = seen(governance.get("/governance/"))

    for words in ("COVID-19 Protect", "Notice", "Caldicott Guardian", "What stops by itself on"):
        assert words in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "It ends within a day"),
        (7, "It ends within a week"),
        (28, "It ends within 4 weeks"),
        (56, "It ends within 8 weeks"),
    ],
)
def test_an_end_that_comes_near_is_warned_of_in_words(worker, client, days, words):
    only_basis(NOW + timedelta(days=days))
    given.sign_in(client, given.user("GOVERNANCE"))

    assert words in seen(client.get("/governance/"))


def test_an_end_far_away_is_not_warned_of(governance):
    assert "It ends within" not in seen(governance.get("/governance/"))


def test_a_basis_that_another_carries_on_is_not_warned_of(worker, client):
    only_basis(NOW + timedelta(days=5))
    given.basis("covid-protect", starts_at=NOW, ends_at=NOW + timedelta(days=300))
    given.sign_in(client, given.user("GOVERNANCE"))

    page = seen(client.get("/governance/"))

    assert "carried on until" in page
    assert "It ends within" not in page


def test_an_ended_basis_says_what_has_stopped(worker, client):
    only_basis(NOW - timedelta(seconds=1))
    given.sign_in(client, given.user("GOVERNANCE"))

    assert "No legal basis is in force." in seen(client.get("/governance/"))


def opened(people=1):
    """Somebody of the practice opens the pages of some patients."""
    someone = given.user("PRACTICE", given.area().practice)
    patients = [given.enrolment() for _ in range(people)]
    with given.acting(someone):
        record_access([each.person_id for each in patients], what="a page", why="a task")
    return someone, [each.person for each in patients]


def test_the_log_says_who_whom_what_and_why_and_no_name(governance):
    someone, (patient,) = opened()

    page = seen(governance.get("/governance/access/"))

    for words in (someone.name, "practice, Pra", str(patient.pk)[:8], "a page", "A task", "Notice"):
        assert words in page
    assert patient.family_name not in page


def test_the_log_is_narrowed_to_a_day_a_user_or_a_person(governance):
    someone, (first, second) = opened(people=2)
    tomorrow = (NOW + timedelta(days=1)).date()

    by_day = seen(governance.get(f"/governance/access/?day={tomorrow}"))
    by_user = seen(governance.get(f"/governance/access/?by={someone.pk}"))
    by_person = seen(governance.get(f"/governance/access/?person={first.pk}"))

    assert "No record was opened here." in by_day
    assert f"Only by {someone.name}" in by_user
    assert str(second.pk)[:8] not in by_person.split("<table")[1]


def test_the_log_shows_fifty_and_leads_to_the_next(governance):
    opened(people=51)

    first = governance.get("/governance/access/").text

    assert first.count('<th scope="row">') == 50
    assert "before=" in first


def test_background_work_is_shown_when_asked_for(governance):
    given.enrolment()
    record_access([given.person().pk], what="by the worker", why="a round")

    assert "by the worker" not in seen(governance.get("/governance/access/"))
    assert "by the worker" in seen(governance.get("/governance/access/?who=all"))


@pytest.mark.parametrize("asked", ["day=tomorrow", "by=me", "person=1", "before=x"])
def test_a_filter_that_makes_no_sense_is_left_out(governance, asked):
    assert governance.get(f"/governance/access/?{asked}").status_code == 200


def test_the_log_costs_the_same_however_long(governance, django_assert_max_num_queries):
    opened(people=20)

    with django_assert_max_num_queries(14):
        governance.get("/governance/access/")


@pytest.mark.parametrize("address", ["/governance/", "/governance/access/"])
@pytest.mark.parametrize("role", ["LEAD", "PRACTICE", "SURVEILLANCE"])
def test_another_role_does_not_see_it(client, worker, address, role):
    given.sign_in(client, given.user(role, given.area().practice))

    assert client.get(address).status_code == 403


def test_nobody_who_is_not_signed_in_sees_it(client, db):
    assert client.get("/governance/").status_code == 302


class TestOnceTheBasisHasEnded:
    """P9: reads that rest on it stop by themselves; the practice goes on under direct care."""

    @pytest.fixture(autouse=True)
    def ended(self, worker):
        only_basis(NOW - timedelta(seconds=1))
        self.alert = given.alert(due_at=NOON + timedelta(days=9))
        self.other = given.enrolment()

    def test_a_lead_sees_nobody_counted_and_is_told_why(self, client):
        page = seen(given.sign_in(client, given.user("LEAD")).get("/programme/"))

        assert "The legal basis for this programme has ended" in page
        assert "In the programme" not in page

    def test_a_locality_may_not_even_count(self, client):
        locality = given.user("LOCALITY", given.area().locality)
        page = given.sign_in(client, locality).get(
            f"/programme/{given.programme().pk}/adapt/misses_before_call/"
        )

        assert "0 people in the programme" in seen(page)

    def test_the_practice_still_opens_its_patient_with_an_open_alert(self, client):
        practice = given.sign_in(client, given.user("PRACTICE", given.area().practice))

        page = seen(practice.get(f"/practice/people/{self.alert.enrolment_id}/"))

        assert self.alert.person.family_name in page
        assert "The legal basis for this programme has ended." in page

    def test_the_practice_sees_no_patient_without_one(self, client):
        practice = given.sign_in(client, given.user("PRACTICE", given.area().practice))

        assert practice.get(f"/practice/people/{self.other.pk}/").status_code == 404
        assert self.other.person.family_name not in seen(practice.get("/practice/people/"))

    @pytest.mark.parametrize("role", ["SURVEILLANCE", "LOCALITY"])
    def test_a_team_sees_nobody_and_is_told_why(self, client, role):
        place = given.area().system if role == "SURVEILLANCE" else given.area().locality
        page = seen(given.sign_in(client, given.user(role, place)).get("/alerts/"))

        assert "There is no legal basis for this work now" in page
        assert self.alert.person.family_name not in page
        assert client.get(f"/alerts/{self.alert.pk}/").status_code == 404

    def test_the_practice_works_its_open_alert_to_the_end(self, client):
        practice = given.sign_in(client, given.user("PRACTICE", given.area().practice))

        page = seen(practice.get(f"/alerts/{self.alert.pk}/"))
        practice.post(f"/alerts/{self.alert.pk}/acceptance/")
        practice.post(f"/alerts/{self.alert.pk}/closure/", {"outcome": "ADVICE", "note": ""})

        assert self.alert.person.family_name in page
        self.alert.refresh_from_db()
        assert self.alert.status == "CLOSED"

    def test_the_practice_is_not_told_that_nothing_happened_before(self, client):
        practice = given.sign_in(client, given.user("PRACTICE", given.area().practice))

        page = seen(practice.get("/practice/"))

        assert "open alerts with you" in page
        assert "No alert has been closed yet." not in page
