"""A partner's own system reads what its organisation is asked, answers, and sees nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.api.rules import READ_REFERRALS
from openprotect.base import clock
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.places.models import Team
from openprotect.referrals.models import Referral
from tests import given
from tests.api.calling import Caller, a_key, partner
from tests.api.test_document import fits
from tests.referrals.given import referral

pytestmark = pytest.mark.django_db
HERE = "/api/v1/referrals"


@pytest.fixture
def system(worker):
    return partner()


def asked(**traits):
    """What surveillance asked of an organisation, as it asked it."""
    now = clock.now()
    times = {"accept_by": now + timedelta(hours=4), "due_at": now + timedelta(days=1)}
    alert = given.alert(by=given.area().system.covered_by.get(function="surveillance"))
    made = referral(alert, saved=False, **(times | traits))
    with given.acting(given.user("SURVEILLANCE")) as viewer:
        made.by_id = viewer.user_id
        made.save(force_insert=True)
    return made


def test_a_system_lists_what_its_organisation_is_asked(system):
    made = asked()

    answer = system.get(HERE)

    [told] = answer.json()["referrals"]
    assert told["id"] == str(made.pk)
    assert told["person"] == {"name": made.shown["name"]}
    assert fits("Referrals", answer.json())
    assert Access.objects.filter(person_id=made.person_id, what="api.referrals").exists()


def test_only_the_fields_that_it_needs_are_told(system):
    made = asked()

    text = system.get(f"{HERE}/{made.pk}").content.decode()

    for secret in (made.person.nhs_number, made.person.address, made.alert.reason):
        assert secret not in text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_organisations_task_is_not_there(system, method):
    other = given.place_once("CHA", "CHARITY")
    helpers = Team.objects.create(
        organisation=other,
        function="charity",
        name="Helpers",
        covers=given.area().locality,
        opened_on=given.NOON.date(),
    )
    theirs = asked(to_team=helpers)

    answers = [
        system(method, f"{HERE}/{each}", {"answer": "accept"}) for each in (theirs.pk, uuid4())
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert system.get(HERE).json()["referrals"] == []


def post(system, made, headers=None, **said):
    return system("POST", f"{HERE}/{made.pk}", said, **(headers or {}))


def test_a_task_is_accepted_held_and_done_and_the_outcome_goes_back(system):
    made = asked()
    day = (clock.now() + timedelta(days=3)).date().isoformat()

    states = [
        post(system, made, answer="accept").json()["status"],
        post(system, made, answer="hold", because="Van broken", until=day).json()["status"],
        post(system, made, answer="done", outcome="given", note="Brought it").json()["status"],
    ]

    made.refresh_from_db()
    assert states == ["accepted", "on_hold", "done"]
    assert (made.outcome, made.note) == ("GIVEN", "Brought it")
    assert Event.objects.filter(name="referral.done", subject_id=made.pk).exists()
    assert fits("Referral", system.get(f"{HERE}/{made.pk}").json())


def test_a_task_is_declined_with_a_code(system):
    made = asked()

    answer = post(system, made, answer="decline", because="full")

    assert (answer.status_code, answer.json()["declined"]) == (200, "full")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"answer": "maybe"}, "answer is one of"),
        ({}, "answer is one of"),
        ({"answer": "done", "outcome": "nice"}, "outcome is one of"),
        ({"answer": "done", "outcome": 7}, "outcome is text"),
        ({"answer": "decline", "because": "tired"}, "because is one of"),
        ({"answer": "hold", "because": "x", "until": "soon"}, "until is a day"),
        ({"answer": "hold", "because": "", "until": "2099-01-01"}, "Write why"),
        ({"answer": "done", "outcome": "not_reached"}, "what was tried"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(system, said, words):
    made = asked()

    answer = post(system, made, **said)

    assert answer.status_code == 400
    assert words in answer.json()["title"]
    assert Referral.objects.get().changes == 0


def test_the_same_key_does_it_once_and_another_body_is_refused(system):
    made = asked()
    key = {"Idempotency_Key": "first-answer"}

    first = post(system, made, headers=key, answer="done", outcome="given")
    again = post(system, made, headers=key, answer="done", outcome="given")
    other = post(system, made, headers=key, answer="done", outcome="advice")

    assert (first.status_code, again.json()) == (200, first.json())
    assert other.status_code == 409
    assert Event.objects.filter(name="referral.done").count() == 1


def test_an_answer_to_what_has_changed_is_refused(system):
    made = asked()
    seen = system.get(f"{HERE}/{made.pk}")["ETag"]
    post(system, made, answer="accept")

    stale = post(system, made, headers={"If_Match": seen}, answer="done", outcome="given")

    assert stale.status_code == 412


def test_what_is_ended_takes_no_other_answer(system):
    made = asked()
    post(system, made, answer="decline", because="full")

    assert post(system, made, answer="accept").status_code == 409
    assert system.get(HERE).json()["referrals"] == []
    assert len(system.get(f"{HERE}?status=ended").json()["referrals"]) == 1


def test_a_key_that_may_read_may_not_answer(worker):
    made = asked()
    reader = Caller(a_key(scopes=(READ_REFERRALS,)).secret)

    assert reader.get(HERE).status_code == 200
    assert post(reader, made, answer="accept").status_code == 403


def test_pages_follow_one_another_without_a_gap(system):
    made = [asked() for _ in range(3)]

    first = system.get(f"{HERE}?limit=2").json()
    second = system.get(f"{HERE}?limit=2&cursor={first['next']}").json()

    told = [each["id"] for each in (*first["referrals"], *second["referrals"])]
    assert sorted(told) == sorted(str(each.pk) for each in made)
    assert second["next"] is None
    assert system.get(f"{HERE}?cursor=made-up").status_code == 400
