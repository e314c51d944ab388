"""The personal link: who may come in, and what it tells everybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from openprotect.base.clock import now
from openprotect.checkins import actions
from openprotect.checkins.models import Answer, Link
from tests import given
from tests.sizes import size
from tests.web.checkin.links import STATES
from tests.web.checkin.people import BORN, CANARIES, Person, asked, link, words

pytestmark = pytest.mark.django_db
WRONG = BORN | {"born_year": "1942"}


def test_the_start_page_says_who_asks_why_how_long_and_how_to_check(worker):
    shown = words(Client().get(f"/c/{link(asked())}"))

    for part in (
        "the Protect check-in team, working with your GP practice",
        "so that somebody can help",
        "about 2 minutes",
        "How can I check that this is real?",
        "COVID-19 Protect",
        "Chief nurse, Norfolk and Waveney",
        "01632 960123",
        "answer for someone else",
        "For larger letters",
        "For another language",
        "Ring 999",
        "What is your date of birth?",
    ):
        assert part in shown


def test_the_start_page_says_nothing_of_the_person(worker):
    page = Client().get(f"/c/{link(asked())}").content.decode()

    assert not [canary for canary in CANARIES if canary in page]


def test_the_right_birth_date_opens_the_questions(worker):
    person = Person()

    response = person.open(link(asked()))

    assert response["Location"] == "/check-in/"
    cookie = response.cookies["openprotect_person"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/check-in/", True, "Lax")
    assert "How do you feel today" in words(person.get("/check-in/"))


def test_the_token_is_in_no_address_but_the_first(worker):
    person, token = Person(), link(asked())
    person.open(token)

    shown = person.get("/check-in/")

    assert token not in shown.content.decode()
    assert shown["Referrer-Policy"] == "strict-origin"


def test_the_token_is_in_no_line_of_the_logs(worker, capfd, caplog):
    person, token = Person(), link(asked())
    person.open(token, WRONG)
    person.open(token)
    person.open(f"{token}%00")

    logged = "".join(capfd.readouterr()) + caplog.text

    assert "c/<path:token>" in logged
    assert token not in logged


@pytest.mark.parametrize(
    "typed",
    [
        ("4", "3", "1941"),
        ("04", "03", "1941"),
        ("4", "March", "1941"),
        ("4", "mar", "41"),
        ("4/3/41", "", ""),
        ("04-03-1941", "", ""),
        ("4 Mar 1941", "", ""),
        (" 4 ", "3", "1941 "),
    ],
)
def test_a_birth_date_may_be_written_in_any_way_that_has_one_meaning(worker, typed):
    born = dict(zip(("born_day", "born_month", "born_year"), typed, strict=True))

    assert Person().open(link(asked()), born).status_code == 302


@pytest.mark.parametrize("typed", [("31", "2", "1941"), ("4", "3", "15"), ("", "3", "1941")])
def test_what_is_no_date_is_asked_again_and_does_not_count_as_a_try(worker, typed):
    born = dict(zip(("born_day", "born_month", "born_year"), typed, strict=True))

    response = Person().open(link(asked()), born)

    assert "There is a problem" in words(response)
    assert Link.objects.get().wrong_tries == 0


def test_another_birth_date_is_asked_again_kindly_with_a_number_to_ring(worker):
    response = Person().open(link(asked()), WRONG)

    shown = words(response)
    assert "not the date of birth we expected" in shown
    assert "please try again" in shown
    assert "ring us on 01632 960123" in shown
    assert 'value="1942"' in response.content.decode()


def test_the_fifth_try_may_still_be_the_right_one(worker):
    token, person = link(asked()), Person()
    for _ in range(4):
        person.open(token, WRONG)

    assert person.open(token).status_code == 302


def test_five_wrong_dates_end_the_link_and_somebody_rings(worker):
    token, person = link(asked()), Person()
    for _ in range(5):
        last = person.open(token, WRONG)

    assert "We cannot open this page" in words(last)
    assert "We cannot open this page" in words(person.open(token))
    assert Link.objects.get().locked_at


@pytest.mark.parametrize("behind", [".", ")", ").", ",", "%29", "%3E", "/", "…", "%20", "'"])
def test_signs_that_a_text_app_adds_behind_the_link_are_passed_over(worker, behind):
    token = link(asked())

    assert "date of birth" in words(Client().get(f"/c/{token}{behind}"))


def seen(response):
    """All that a browser gets, but for the random number by which we find a request in our logs."""
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, headers, response.cookies.output(), response.content


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("how", ["get", "post"])
def test_every_link_that_cannot_be_used_shows_the_same_to_the_byte(worker, state, how):
    checkin = asked()
    plain = seen(Client().get(f"/c/{given.random_token()}"))

    shown = getattr(Client(), how)(f"/c/{state(link(checkin), checkin)}", BORN)

    assert seen(shown) == plain
    assert b"01632 960123" in shown.content


def test_a_basis_that_has_ended_shows_the_same_too(worker):
    given.basis("covid-protect", starts_at=now() - timedelta(9), ends_at=now() - timedelta(1))
    checkin = asked()
    token = link(checkin)

    assert seen(Client().get(f"/c/{token}")) == seen(Client().get("/c/x"))


def test_the_questions_without_a_link_show_the_same_too(worker):
    asked()

    assert seen(Client().get("/check-in/")) == seen(Client().get("/c/x"))


def tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def contents(administrator):
    counted = {}
    for table in tables():
        found = administrator.execute(
            f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        )
        counted[table] = found.fetchone()
    return counted


def test_looks_by_machines_change_no_row(worker_committing, administrator):
    tokens = [link(asked()), given.random_token()]
    before = contents(administrator)
    robot = Client(headers={"user-agent": "preview", "purpose": "prefetch"})

    for turn in range(size(50, 500)):
        robot.get(f"/c/{tokens[turn % 2]}")
        robot.head(f"/c/{tokens[turn % 2]}.")

    assert contents(administrator) == before
    assert actions.link_is_usable(tokens[0])


def test_a_head_request_is_answered_like_a_get_without_its_body(worker):
    token = link(asked())

    head, get = Client().head(f"/c/{token}"), Client().get(f"/c/{token}")

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method_is_understood(worker, method):
    assert getattr(Client(), method)(f"/c/{link(asked())}").status_code == 405


def test_two_people_on_one_phone_each_come_in_by_their_own_link(worker):
    first, second = asked(), asked(of=given.enrolment(of=given.person(given_name="Twin")))
    person = Person()
    person.open(link(first))
    person.answer("feeling", "worse")

    person.open(link(second))

    assert "How do you feel today" in words(person.get("/check-in/"))
    assert not Answer.objects.filter(checkin=second).exists()


def test_coming_in_twice_goes_on_where_one_left_off(worker):
    token, person, later = link(asked()), Person(), Person()
    person.open(token)
    person.answer("feeling", "same")

    later.open(token)

    assert "How is your breathing today?" in words(later.get("/check-in/"))


def test_a_session_that_is_over_shows_the_neutral_page_and_the_link_opens_again(worker):
    token, person = link(asked()), Person()
    person.open(token)

    person.client.cookies["openprotect_person"] = "over by now"

    assert "We cannot open this page" in words(person.get("/check-in/"))
    assert person.open(token).status_code == 302
