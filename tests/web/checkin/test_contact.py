"""From the front door, without an account: stop, ring me, new details, for someone, by code."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.calls.models import Call
from openprotect.checkins.actions import issue_code
from openprotect.checkins.models import Response, StandIn
from openprotect.checkins.rules import CODE_SIGNS, typed_code
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Choice, Need, Wish
from openprotect.people.models import Person as OnRecord
from tests import given
from tests.web.checkin.people import BORN, CANARIES, Person, asked, link, words

pytestmark = pytest.mark.django_db
PAGES = ["", "/stop", "/ring", "/details", "/needs", "/way", "/away"]


def inside(checkin=None):
    """Somebody who came in by their link."""
    person, checkin = Person(), checkin or asked()
    person.open(link(checkin))
    return person, checkin


def say(person, checkin, page, **fields):
    asking = {"asking": str(checkin.pk)}
    return person.client.post(f"/check-in/contact{page}", fields | asking, follow=True)


def followed():
    for _ in range(3):
        follow_waiting(at=now())


@pytest.mark.parametrize("page", PAGES)
def test_each_page_has_a_number_to_ring_and_says_nothing_of_the_person(worker, page):
    person, _ = inside()

    shown = person.get(f"/check-in/contact{page}")

    assert "01632 960123" in words(shown)
    assert not [canary for canary in CANARIES if canary in shown.content.decode()]


@pytest.mark.parametrize("page", PAGES)
def test_without_having_come_in_there_is_only_the_neutral_page(worker, page):
    assert "We cannot open this page" in words(Client().get(f"/check-in/contact{page}"))


@pytest.mark.parametrize(
    ("scope", "way", "here"),
    [
        ("texts", "TEXT", False),
        ("emails", "EMAIL", False),
        ("letters", "LETTER", False),
        ("calls", "CALL", False),
        ("programme", "", True),
        ("everything", "", False),
    ],
)
def test_what_is_stopped_is_refused_at_that_scope(worker, scope, way, here):
    person, checkin = inside()

    shown = say(person, checkin, "/stop", scope=scope)

    choice = Choice.objects.get()
    assert (choice.way, choice.answer, choice.via) == (way, "REFUSED", "LINK")
    assert choice.programme_id == (checkin.programme_id if here else None)
    assert "We will not" in words(shown)


def test_stopping_everything_never_touches_open_safety_work(worker):
    person, checkin = inside()
    alert = given.alert(of=checkin.enrolment)

    shown = say(person, checkin, "/stop", scope="everything")
    followed()

    assert OnRecord.objects.get(pk=checkin.person_id).has_stopped_contact
    assert Alert.objects.get(pk=alert.pk).status == "RAISED"
    assert "already helping you" in words(shown)


def test_asked_to_be_rung_somebody_rings(worker):
    person, checkin = inside()

    say(person, checkin, "/ring", when="after 2pm")
    followed()

    assert Call.objects.get().why == Call.Why.ASKED
    assert Wish.objects.get().words == "after 2pm"


def test_a_new_number_counts_before_what_lists_say(worker):
    person, checkin = inside()

    say(person, checkin, "/details", mobile="07700 900 777", email="ada@example.com")
    followed()

    now_known = OnRecord.objects.get(pk=checkin.person_id)
    assert (now_known.mobile, now_known.email) == ("+447700900777", "ada@example.com")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mobile": "01632 960123", "email": ""}, "Enter a UK mobile number"),
        ({"mobile": "", "email": "ada at example"}, "Enter an e-mail address"),
        ({"mobile": "", "email": ""}, "Enter a mobile number or an e-mail address"),
    ],
)
def test_details_that_cannot_be_right_are_asked_for_again(worker, fields, told):
    person, checkin = inside()

    assert told.lower() in words(say(person, checkin, "/details", **fields)).lower()
    assert not Wish.objects.exists()


def test_large_print_and_another_language_are_recorded_for_person_or_carer(worker):
    person, checkin = inside()

    say(person, checkin, "/needs", needs=["LARGE_PRINT", "LANGUAGE"], language="pl", whose="PERSON")
    say(person, checkin, "/needs", needs=["BRAILLE"], language="", whose="CARER")
    followed()

    found = set(Need.objects.values_list("kind", "language", "whose"))
    assert found == {
        ("LARGE_PRINT", "", "PERSON"), ("LANGUAGE", "pl", "PERSON"), ("BRAILLE", "", "CARER"),
    }  # fmt: skip
    assert OnRecord.objects.get(pk=checkin.person_id).language == "pl"


def test_a_language_must_be_named(worker):
    person, checkin = inside()

    shown = say(person, checkin, "/needs", needs=["INTERPRETER"], language="", whose="PERSON")

    assert "choose the language" in words(shown).lower()


def test_the_way_somebody_likes_best_is_kept(worker):
    person, checkin = inside()

    say(person, checkin, "/way", way="LETTER")

    assert Choice.objects.get().answer == "PREFERRED"


def test_a_form_filled_in_for_another_is_not_taken_as_theirs(worker):
    person, _ = inside()
    other = asked()

    shown = say(person, other, "/stop", scope="everything")

    assert not Choice.objects.exists()
    assert "open your link again" in words(shown)


def test_answering_for_someone_is_asked_stored_and_told(worker):
    person, checkin = Person(), asked()

    response = person.open(link(checkin), BORN | {"for_someone": "yes"})
    assert response["Location"] == "/check-in/for-someone"
    asking = {"asking": str(checkin.pk)}
    person.client.post("/check-in/for-someone", {"who": "FAMILY", "consent": "GIVEN"} | asking)
    person.answer_all()
    person.press_send()

    sent = Response.objects.get()
    assert (sent.channel, sent.on_behalf) == ("CARER", "family or friend")
    assert StandIn.objects.get().consent == "GIVEN"


def test_who_answers_for_someone_says_who_and_that_it_is_agreed(worker):
    person, checkin = inside()

    shown = person.client.post("/check-in/for-someone", {"asking": str(checkin.pk)})

    said = words(shown)
    assert "choose who you are to them" in said.lower()
    assert not StandIn.objects.exists()


def code_of(checkin):
    return issue_code(checkin, valid_for=timedelta(days=4), at=now())


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace(" ", "-"),
                                   lambda code: code.replace(" ", "")])  # fmt: skip
def test_a_code_opens_what_a_link_would(worker, typed):
    code = code_of(asked())

    response = Client().post("/code", BORN | {"code": typed(code)})

    assert response["Location"] == "/check-in/"


def test_a_code_is_easy_to_read_out_and_hard_to_guess(worker):
    codes = {code_of(asked()) for _ in range(3)}

    for code in codes:
        assert re.fullmatch(r"\S{4} \S{3} \S{3}", code)
        assert set(typed_code(code)) <= set(CODE_SIGNS)
    assert len(CODE_SIGNS) ** 10 > 2**48
    assert not set("01OILU") & set(CODE_SIGNS)


def on(day, name):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_who_says_that_they_will_be_in_hospital_is_not_asked_then(worker):
    person, checkin = inside()
    today = now().date()
    back = on(today + timedelta(days=5), "to_on")

    shown = say(person, checkin, "/away", why="HOSPITAL", **back)
    followed()

    excuse = checkin.person.excuses.get()
    assert "We will not ask you while you are there" in words(shown)
    assert (excuse.why, excuse.by_id, excuse.to_on) == (
        "HOSPITAL", None, today + timedelta(days=5),
    )  # fmt: skip
    checkin.refresh_from_db()
    assert checkin.status == "EXCUSED"


def test_who_cannot_be_back_before_they_go_is_asked_again(worker):
    person, checkin = inside()
    today = now().date()
    days = on(today + timedelta(days=5), "from_on") | on(today + timedelta(days=1), "to_on")

    shown = say(person, checkin, "/away", why="AWAY", **days)

    assert "cannot be before the first" in words(shown)
    assert Wish.objects.count() == 0


def test_a_code_of_nobodys_gets_the_page_of_every_dead_link(worker):
    known = Client().get("/c/unknown").content
    tried = Client().post("/code", BORN | {"code": "KKKK KKK KKK"})

    assert (tried.status_code, tried.content) == (200, known)


def test_a_slip_in_a_code_is_put_right_and_looking_changes_nothing(worker):
    assert "10 letters and figures" in words(Client().get("/code"))
    shown = Client().post("/code", BORN | {"code": "KKKK"})

    assert "Check it against the letter" in words(shown)


def test_five_wrong_birth_dates_at_a_code_end_it_too(worker):
    code = code_of(asked())
    wrong = BORN | {"born_year": "1950", "code": code}

    last = [Client().post("/code", wrong) for _ in range(5)][-1]

    assert "We cannot open this page" in words(last)


def test_the_page_that_shows_how_to_check_us_has_the_number_and_the_words(worker):
    said = words(Client().get("/real"))

    assert "01632 960123" in said
    assert "Yes, this is real" in said
    assert "never ask for money" in said
