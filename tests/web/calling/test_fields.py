"""What a call handler sees is name, contact, needs and script: every page, every role, every field.

A canary is planted in each field; `ALLOWED` is the whole of what may sing on a page of the calls.
"""

import pytest

from openprotect.accounts.rules import STAFF, Role
from openprotect.calls.chores import rank_waiting
from openprotect.calls.models import Call
from openprotect.contacts.actions.reaching import set_precaution
from openprotect.pathway.ranking import unmet_needs
from openprotect.people.actions.choosing import record_need
from openprotect.people.models import Need, Via
from openprotect.web.calling.asked_more import MORE
from openprotect.web.calling.urls import urlpatterns
from tests import given
from tests.given import NOON
from tests.web.test_fields_by_role import CANARIES, planted, singing

pytestmark = pytest.mark.django_db

NAMED = {"name", "mobile", "landline"}
# By the name of a page, and the verb: what may be there. An empty set: nobody's name, nothing.
ALLOWED = {
    ("home", "get"): set(),
    ("ring", "get"): NAMED | {"born", "note of a call"},
    ("questions", "get"): NAMED,
    ("question", "get"): NAMED,
    ("again", "get"): NAMED,
    ("emergency", "get"): NAMED,
    ("address", "post"): NAMED | {"address", "postcode"},
    ("outcome", "get"): NAMED,
    ("outcome", "post"): NAMED,
    ("helped", "post"): NAMED,
    ("note", "post"): set(),
    ("back", "post"): set(),
    ("next", "post"): NAMED | {"born", "note of a call"},
}


@pytest.fixture
def call(worker):
    """Somebody with a canary in every field, with an open alert, ranked for it, and to be rung."""
    enrolment = planted()
    given.alert(of=enrolment, urgency=1, rule=CANARIES["rule"], reason=CANARIES["need"])
    set_precaution(enrolment.person, "SHARED", at=NOON)
    record_need(enrolment.person_id, Need.Kind.LARGE_PRINT, via=Via.LINK, at=NOON)
    rank_waiting(at=NOON, beside=unmet_needs)
    Call.objects.update(rings_from=None, rings_until=None)
    return Call.objects.get()


def address_of(name, call):
    ends = {
        "home": "", "next": "next/", "ring": f"{call.pk}/",
        "question": f"{call.pk}/questions/2/", "address": f"{call.pk}/emergency/address/",
        "helped": f"{call.pk}/did-it-help/",
    }  # fmt: skip
    return f"/calls/{ends.get(name, f'{call.pk}/{name}/')}"


def test_every_page_of_the_calls_is_in_the_table():
    assert {name for name, _ in ALLOWED} == {each.name for each in urlpatterns}


@pytest.mark.parametrize(("name", "verb"), ALLOWED)
def test_a_call_handler_sees_no_more_than_the_call_needs(client, call, name, verb):
    given.sign_in(client, given.user("CALLER"))
    if name not in ("home", "next"):
        client.post("/calls/next/")

    answer = getattr(client, verb)(address_of(name, call), follow=True)

    assert answer.status_code < 400 or (name, verb) == ("back", "get")
    assert singing(answer, call) <= ALLOWED[name, verb]


@pytest.mark.parametrize("outcome", [*MORE, "DIED", "SAFEGUARDING"])
def test_the_page_after_an_outcome_sees_no_more_either(client, call, outcome):
    given.sign_in(client, given.user("CALLER"))
    client.post("/calls/next/")

    answer = client.post(address_of("outcome", call), {"outcome": outcome, "note": "Words"})

    assert answer.status_code == 200
    assert singing(answer, call) <= NAMED
    assert "Quillfeather" in answer.content.decode()


def test_why_a_call_is_next_is_on_no_page_of_who_rings(client, call):
    given.sign_in(client, given.user("CALLER"))

    text = client.post("/calls/next/", follow=True).content.decode()

    assert "is open" not in text
    assert "open need" not in text
    assert call.rank > 0


@pytest.mark.parametrize("role", sorted(STAFF - {Role.CALLER}))
def test_for_every_other_role_there_is_nothing_at_all(client, call, role):
    given.sign_in(client, given.user(role, given.area().system))

    for name, verb in ALLOWED:
        answer = getattr(client, verb)(address_of(name, call))
        assert answer.status_code in (403, 404), (name, verb)
        assert singing(answer, call) == set(), (name, verb)
