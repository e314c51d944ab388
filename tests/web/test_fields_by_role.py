"""Which field of a person each role meets on which page: exactly these, and no others.

A canary is planted in every field; the table below is the whole of what may sing where.
"""

from datetime import date, timedelta
from html import unescape

import pytest

from openprotect.alerts import actions as alerts
from openprotect.calls import actions as calls
from openprotect.calls.models import Call
from openprotect.places.models import Team
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db

CANARIES = {
    "name": "Quillfeather",
    "mobile": "07700 900777",
    "landline": "01632 960777",
    "born": "17 August 1938",
    "NHS number": None,  # of the person at hand
    "address": "Marmalade Row",
    "postcode": "NR27 9ZX",
    "practice": "Zebrasurgery",
    "diagnosis": "Chronic obstructive lung disease",
    "reason": "Chronic lung disease",
    "answer": "I am out of breath when I sit still",
    "own words": "Giraffes on the stairs",
    "rule": "breath-rest",
    "need": "Walrus of a need",
    "note of a call": "Curtains drawn tight",
}

CALLER = {"name", "mobile", "landline"}
LISTED = {"name", "practice", "need"}
CLINICAL = {*CANARIES} - {"address", "postcode"}
WITH_A_DOOR = {*CANARIES}
FOR_A_PARTNER = {"name", "mobile", "landline", "need"}
A_PARTNERS_DOOR = FOR_A_PARTNER | {"address", "postcode"}

# Role, kind of need, page: what is there.
TABLE = [
    ("CALLER", "", "floor", set()),
    ("CALLER", "", "ring", CALLER | {"born", "note of a call"}),
    ("CALLER", "", "question", CALLER),
    ("CALLER", "", "emergency", CALLER),
    ("CALLER", "", "address for 999", CALLER | {"address", "postcode"}),
    ("CALLER", "", "outcome", CALLER),
    ("SURVEILLANCE", "clinical", "list", LISTED),
    ("LOCALITY", "clinical", "list", LISTED),
    ("PRACTICE", "clinical", "list", LISTED),
    ("PARTNER", "social", "list", {"name", "need"}),
    ("SURVEILLANCE", "clinical", "case", CLINICAL),
    ("SURVEILLANCE", "social", "case", CLINICAL),
    ("LOCALITY", "clinical", "case", CLINICAL),
    ("LOCALITY", "social", "case", WITH_A_DOOR),
    ("PRACTICE", "clinical", "case", CLINICAL),
    ("PRACTICE", "social", "case", WITH_A_DOOR),
    ("PARTNER", "social", "case", A_PARTNERS_DOOR),
    ("PARTNER", "medication", "case", FOR_A_PARTNER),
    ("PARTNER", "social", "handover", {"name", "need"}),
    ("SURVEILLANCE", "clinical", "handover", {"name", "need", "practice"}),
]


@pytest.mark.parametrize(("role", "kind", "page", "allowed"), TABLE)
def test_only_what_the_task_needs_is_shown(client, worker, role, kind, page, allowed):
    enrolment = planted()
    address = (
        at_the_phone(enrolment, page)
        if role == "CALLER"
        else at_the_desk(enrolment, role, kind, page)
    )
    given.sign_in(client, given.user(role, ORGANISATION[role](enrolment)))
    if role == "CALLER" and page != "floor":
        client.post("/calls/next/")

    answer = client.post(address) if page == "address for 999" else client.get(address)

    assert answer.status_code == 200
    assert singing(answer, enrolment) == allowed


ORGANISATION = {
    "CALLER": lambda enrolment: given.area().system,
    "SURVEILLANCE": lambda enrolment: given.area().system,
    "LOCALITY": lambda enrolment: given.area().locality,
    "PRACTICE": lambda enrolment: enrolment.practice,
    "PARTNER": lambda enrolment: given.area().council,
}


def planted():
    """Someone with a canary in every field, who has answered, been silent, and been rung."""
    someone = given.person(
        at=given.practice("ZEBRASURGERY"),
        given_name="Ada",
        family_name=CANARIES["name"],
        birth_date=date(1938, 8, 17),
        mobile="+447700900777",
        landline="+441632960777",
        address="9 Marmalade Row",
        postcode=CANARIES["postcode"],
    )
    enrolment = given.enrolment(of=someone)
    yesterday = NOON.date() - timedelta(days=1)
    given.call(of=given.checkin(of=enrolment, status="MISSED", due_on=yesterday))
    with given.acting(given.user("CALLER")) as viewer:
        held = calls.claim_next(viewer=viewer, at=viewer.at)
        note = CANARIES["note of a call"]
        calls.record_outcome(held, "NO_ANSWER", note=note, viewer=viewer, at=viewer.at)
    Call.objects.update(due_at=NOON - timedelta(days=1))
    return enrolment


def at_the_phone(enrolment, page):
    given.response(of=given.checkin(of=enrolment, status="ANSWERED"), answers=ANSWERS)
    call = Call.objects.get().pk
    ends = {"ring": "", "question": "questions/2/", "address for 999": "emergency/address/"}
    return "/calls/" if page == "floor" else f"/calls/{call}/{ends.get(page, f'{page}/')}"


ANSWERS = {"feeling": "worse", "breath": "rest", "other": CANARIES["own words"]}
FUNCTION = {"PARTNER": "council", "PRACTICE": "practice"}


def at_the_desk(enrolment, role, kind, page):
    given.area()
    response = given.response(of=given.checkin(of=enrolment, status="ANSWERED"), answers=ANSWERS)
    function = FUNCTION.get(role, role.lower())
    team = Team.objects.filter(function=function)
    owner = team.get(covers=enrolment.practice) if function == "practice" else team.get()
    made = given.alert(
        of=enrolment,
        by=owner,
        kind=kind,
        response=response,
        rule=CANARIES["rule"],
        reason=CANARIES["need"],
    )
    ends = {"list": "", "case": f"{made.pk}/", "handover": f"{made.pk}/handover/"}
    return f"/alerts/{ends[page]}"


def singing(answer, enrolment):
    text = unescape(answer.content.decode())
    number = enrolment.person.nhs_number
    sought = CANARIES | {"NHS number": f"{number[:3]} {number[3:6]} {number[6:]}"}
    found = {field for field, canary in sought.items() if canary in text}
    return found | ({"NHS number"} if number in text else set())


def test_a_partner_reads_no_reason_that_a_colleague_wrote_elsewhere(client, worker):
    """What clinicians write to one another stays behind when an alert goes to a partner."""
    enrolment = planted()
    made = given.alert(of=enrolment, by=Team.objects.get(function="council"), kind="social")
    given.sign_in(client, given.user("PARTNER", given.area().council))
    with given.acting(given.user("PRACTICE", enrolment.practice)) as viewer:
        alerts.accept(made, viewer=viewer, at=NOON)

    text = client.get(f"/alerts/{made.pk}/").content.decode()

    assert CANARIES["note of a call"] not in text
    assert "Why this person is in the programme" not in text
