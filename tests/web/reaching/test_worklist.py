"""Whom can nobody reach: the list, one person's steps, and what is done about what was found."""

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.contacts.actions import reaching
from openprotect.contacts.models import Unreached
from openprotect.governance.models import Access
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Person
from tests import given
from tests.contacts.asking import DAY
from tests.given import NOON

pytestmark = pytest.mark.django_db
LIST = "/reaching/"


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def looked_for(why="NO_ANSWER", *, at=NOON, **more):
    checkin = given.checkin(of=given.enrolment(**more), status="MISSED")
    return reaching.open_ladder(checkin.enrolment, why, at=at)


def seen(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def found(browser, unreached, what, **more):
    said = {"found": what, "note": "Her sister told me", "mobile": ""} | more
    response = browser.post(f"{LIST}{unreached.pk}/", said, follow=True)
    follow_waiting(at=now())
    follow_waiting(at=now())
    return seen(response)


def test_the_list_says_why_the_next_step_its_owner_and_when(practice):
    held = looked_for("RETURNED")

    page = seen(practice.get(LIST))

    for words in (
        held.person.family_name,
        "A letter came back",
        "Look in the practice&#39;s record for the address they have now",
        held.team.name,
        f"Look for Ada {held.person.family_name}",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"early", "late"}),
        ("?why=NO_PHONE", {"late"}),
        ("?rung=RECORD&overdue=yes", {"early"}),
        ("?whose=all", {"early", "late", "others"}),
    ],
)
def test_the_list_is_narrowed_by_its_address(practice, query, shown):
    people = {
        "early": looked_for(at=NOON - 2 * DAY),
        "late": looked_for("NO_PHONE", at=NOON + DAY),
        "others": looked_for(),
    }
    locality = given.area().locality.teams.first() or given.area().locality.covered_by.first()
    Unreached.objects.filter(pk=people["others"].pk).update(team=locality)

    page = seen(practice.get(f"{LIST}{query}")).split("<table")[1]

    assert {name for name, held in people.items() if held.person.family_name in page} == shown


@pytest.mark.parametrize("query", ["?why=X", "?page=0", "?page=x", "?sort=name", "?whose=mine"])
def test_a_list_that_cannot_be_is_a_bad_request(practice, query):
    assert practice.get(f"{LIST}{query}").status_code == 400


def test_whoever_is_shown_is_in_the_access_log(practice):
    held = looked_for()

    practice.get(LIST)
    practice.get(f"{LIST}{held.pk}/")

    noted = Access.objects.filter(person_id=held.person_id, what__startswith="reaching.")
    assert sorted(noted.values_list("what", flat=True)) == ["reaching.one", "reaching.worklist"]


def test_what_to_mind_stands_before_the_number(practice):
    held = looked_for()
    reaching.set_precaution(held.person, "DISCREET", at=NOON)

    page = seen(practice.get(f"{LIST}{held.pk}/"))

    assert page.index("may not be able to speak freely") < page.index("<dt>Mobile")


def test_nothing_found_goes_to_the_next_team_with_what_was_tried(practice):
    held = looked_for()

    found(practice, held, "NOTHING")

    assert Unreached.objects.get().rung == "LETTER"
    assert "Her sister told me" in seen(practice.get(f"{LIST}{held.pk}/"))


def test_a_new_number_is_kept_and_rung(practice):
    held = looked_for(of=given.person(mobile="", landline=""))

    found(practice, held, "DETAILS", mobile="07700 900555")

    person = Person.objects.get(pk=held.person_id)
    assert person.mobile == "+447700900555"
    assert person.calls.get().why == "NOT_REACHED"


def test_who_is_said_to_have_died_is_not_contacted_and_the_practice_confirms_it(practice):
    held = looked_for()

    found(practice, held, "DIED")

    assert Person.objects.get(pk=held.person_id).has_stopped_contact
    assert Alert.objects.get(person_id=held.person_id).rule == "said-died"


def test_who_is_said_to_live_elsewhere_is_put_right_in_the_record(practice):
    held = looked_for()

    found(practice, held, "MOVED")

    assert Alert.objects.get(person_id=held.person_id).kind == "data"


def test_seen_without_saying_by_whom_is_refused_with_what_was_typed(practice):
    held = looked_for()

    page = found(practice, held, "SEEN", note="", mobile="07700900555")

    assert "Write who told you" in page
    assert 'value="07700900555"' in page
    assert Unreached.objects.get().status == "OPEN"


def test_somebody_of_another_practice_is_not_there(practice):
    held = looked_for(of=given.person(at=given.practice("OTHER")))

    assert practice.get(f"{LIST}{held.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["CALLER", "PARTNER", "LEAD", "GOVERNANCE"])
def test_the_list_is_for_those_who_look(worker, client, role):
    given.sign_in(client, given.user(role))

    assert client.get(LIST).status_code == 403


def test_nobody_looked_for_says_what_will_stand_here(practice):
    assert "Nobody is looked for." in seen(practice.get(LIST))


def test_the_list_costs_the_same_for_many(practice, django_assert_max_num_queries):
    for _ in range(4):
        looked_for()

    with django_assert_max_num_queries(16):
        practice.get(LIST)
