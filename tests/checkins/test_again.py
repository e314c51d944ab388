"""The same answers as last time, sent with one word: kept and judged as given today."""

import re
from datetime import timedelta

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.alerts.models import Finding
from openprotect.checkins.models import Answer, Conflict, Response
from openprotect.checkins.queries import last_time
from openprotect.pathway.following import follow_waiting
from openprotect.programmes.actions import launch, publish
from tests import given
from tests.programmes.test_half_way import second_version
from tests.web.checkin.people import CALM, asked, come_in, words

pytestmark = pytest.mark.django_db
SENT = {name: value for name, value in CALM.items() if value}
DAY = timedelta(days=1)


def both_days(answers=None, **last):
    """Answered yesterday, and asked again now."""
    today = asked()
    yesterday = given.checkin(
        of=today.enrolment,
        status="ANSWERED",
        due_on=today.due_on - DAY,
        opens_at=today.opens_at - DAY,
        closes_at=today.closes_at - DAY,
    )
    then = today.opens_at - DAY
    given.response(of=yesterday, answers=answers or SENT, **{"at": then, **last})
    return yesterday, today


def say(checkin, name, value, at):
    Answer.objects.create(
        checkin=checkin, person=checkin.person, link_id=name, value=value, channel="WEB", at=at
    )


def hidden(page):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def first_page(checkin):
    return come_in(checkin).get("/check-in/").redirect_chain[-1][0]


def test_last_times_answers_are_read_over_in_words_before_the_first_question(worker):
    person = come_in(both_days()[1])

    page = words(person.get("/check-in/"))

    assert person.shown.redirect_chain[-1][0] == "/check-in/again"
    assert "Is all of this still so?" in page
    assert "How is your breathing today? Normal for me" in page
    assert "anything else you want to tell us" not in page


def test_one_word_sends_them_as_todays_answers(worker):
    _, today = both_days()

    response = come_in(today).send("/check-in/again")

    assert response["Location"] == "/check-in/"
    stored = Response.objects.get(checkin=today)
    assert stored.answers == SENT
    assert (stored.channel, stored.pack_id) == ("WEB", today.pack_id)
    assert dict(Answer.objects.filter(checkin=today).values_list("link_id", "value")) == SENT


def test_they_are_judged_by_the_same_rules_as_if_each_had_been_answered(worker):
    low = {**SENT, "medicines": "low", "medicines-days": 2, "medicines-collect": "no"}
    _, today = both_days(low)

    come_in(today).send("/check-in/again")
    follow_waiting(at=given.NOON + 2 * DAY)

    again = {each.rule for each in Finding.objects.filter(person=today.person)}
    table = given.covid_protect()
    assert again == {each.outcome.rule for each in table.decide(low)} != set()


def test_pressed_twice_it_is_sent_once(worker):
    _, today = both_days()
    person = come_in(today)
    form = hidden(person.get("/check-in/again"))

    for _ in range(2):
        person.client.post("/check-in/again", form)

    assert Response.objects.filter(checkin=today).count() == 1
    assert Conflict.objects.count() == 0


def test_whoever_says_that_something_has_changed_is_asked_each_question(worker):
    person = come_in(both_days()[1])
    page = person.get("/check-in/again").content.decode()

    assert 'href="/check-in/q/feeling"' in page
    person.answer("feeling", "better")
    assert person.get("/check-in/").redirect_chain[-1][0] == "/check-in/q/breath"


@pytest.mark.parametrize(
    "answers",
    [{**SENT, "chest-pain": "yes"}, {**SENT, "breath": "rest"}, {**SENT, "mood": "cannot-go-on"}],
)
def test_it_is_never_offered_after_an_emergency_answer(worker, answers):
    assert "/q/" in first_page(both_days(answers)[1])


def test_an_emergency_taken_back_before_sending_is_one(worker):
    yesterday, today = both_days()
    say(yesterday, "chest-pain", "yes", today.opens_at - DAY)

    assert "/q/" in first_page(today)


def test_words_said_since_and_never_sent_end_it(worker):
    yesterday, today = both_days(at=given.NOON - DAY)
    between = given.checkin(of=today.enrolment, status="PARTLY", due_on=yesterday.due_on - 5 * DAY)
    say(between, "breath", "moving", today.opens_at)

    assert "/q/" in first_page(today)


def test_answers_of_somebody_for_them_are_not_shown_as_theirs(worker):
    assert "/q/" in first_page(both_days(on_behalf="paid carer")[1])


def test_a_person_who_has_not_answered_yet_has_nothing_to_say_again(worker):
    person = come_in(asked())

    assert "/q/" in person.get("/check-in/again").redirect_chain[-1][0]


def test_what_was_shown_must_be_what_is_sent(worker):
    _, today = both_days()

    response = come_in(today).send("/check-in/again", seen="0" * 64)

    assert response["Location"] == "/check-in/q/feeling"
    assert not Response.objects.filter(checkin=today).exists()


def test_answers_to_an_older_version_are_offered_only_where_todays_form_takes_them(worker):
    """The person confirms the words of the version that is asked today, and of no other."""
    _, today = both_days()
    newer = publish(second_version(), by=None, at=given.NOON)
    launch(newer, by=None, at=given.NOON)
    today.pack = newer
    today.save()

    come_in(today).send("/check-in/again")

    stored = Response.objects.get(checkin=today)
    assert stored.pack_id == newer.pk
    assert stored.answers == {name: each for name, each in SENT.items() if name != "cough"}


def held(client, checkin):
    call = given.call(of=checkin)
    desk = given.sign_in(client, given.user("CALLER"))
    return desk, desk.post("/calls/next/").url, call


def test_on_the_phone_they_are_read_out_and_sent_with_one_word(worker, client):
    _, today = both_days()
    desk, address, _ = held(client, today)

    page = desk.get(f"{address}questions/", follow=True)
    assert "I will read what you told us last time." in page.text
    assert "Normal for me" in page.text
    sent = desk.post(f"{address}again/", hidden(page), follow=True)

    assert "Their answers are in already" in sent.text
    stored = Response.objects.get(checkin=today)
    assert (stored.channel, stored.answers) == ("PHONE", SENT)


def test_on_the_phone_everything_is_asked_after_an_emergency(worker, client):
    _, today = both_days({**SENT, "breath": "rest"})
    desk, address, _ = held(client, today)

    page = desk.get(f"{address}questions/", follow=True)

    assert "/questions/" in page.redirect_chain[-1][0]
    assert desk.get(f"{address}again/", follow=True).redirect_chain[-1][0] != f"{address}again/"


def test_on_the_phone_the_questions_can_be_asked_all_the_same(worker, client):
    _, today = both_days()
    desk, address, _ = held(client, today)

    page = desk.get(f"{address}questions/?all=yes", follow=True)

    assert "/questions/" in page.redirect_chain[-1][0]


@pytest.mark.parametrize("role", ["SURVEILLANCE", "PRACTICE", "LOCALITY", "CALLER", "LEAD"])
def test_the_database_tells_last_times_answers_to_nobody_else(worker, role):
    """Not even to a call handler who does not hold the call."""
    _, today = both_days()
    given.call(of=today)

    with given.acting(given.user(role)):
        assert last_time(today) is None


def test_a_link_to_another_check_in_tells_nothing_of_this_one(worker):
    _, theirs = both_days()
    person = come_in(both_days()[1])
    token = person.client.cookies["openprotect_person"].value

    with acting_as(token):
        assert last_time(theirs) is None
