"""One question a page: kept at once, gone back to, stopped at a red flag, taken up again."""

from datetime import timedelta

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.checkins.models import Answer
from openprotect.events.models import Event
from openprotect.pathway.rounds import go_round
from tests import given
from tests.web.checkin.people import CANARIES, asked, come_in, words

pytestmark = pytest.mark.django_db


def answers():
    return dict(Answer.objects.order_by("id").values_list("link_id", "value"))


def test_an_answer_is_kept_at_once_and_leads_to_the_next_question(worker):
    person = come_in(asked())

    response = person.answer("feeling", "same")

    assert response["Location"] == "/check-in/q/breath"
    assert answers() == {"feeling": "same"}
    kept = Answer.objects.get()
    assert (kept.channel, kept.by) == ("WEB", None)


def test_a_page_shows_its_part_its_question_its_hint_and_how_to_stop_for_now(worker):
    person = come_in(asked())
    person.answer("feeling", "same")

    shown = words(person.get("/check-in/q/breath"))

    for part in ("How you are", "How is your breathing today?", "Think about what is normal"):
        assert part in shown
    assert "I am not sure" in shown
    assert "open your link again before" in shown


def test_the_first_question_has_no_way_back_and_the_others_have(worker):
    person = come_in(asked())
    person.answer("feeling", "same")

    assert "nhsuk-back-link" not in person.get("/check-in/q/feeling").content.decode()
    assert 'href="/check-in/q/feeling"' in person.get("/check-in/q/breath").content.decode()


def test_going_back_shows_the_answer_of_this_check_in(worker):
    person = come_in(asked())
    person.answer("feeling", "same")

    page = person.get("/check-in/q/feeling").content.decode()

    assert page.count("checked") == 1
    assert page.index('value="same"') < page.index("checked") < page.index('value="worse"')


def test_no_answer_of_another_day_is_shown(worker):
    enrolment = given.enrolment()
    yesterday = asked(of=enrolment, due_on=now().date() - timedelta(1), status="ANSWERED",
                      answered_at=now())  # fmt: skip
    Answer.objects.create(
        checkin=yesterday, person=enrolment.person, link_id="feeling", value="worse",
        channel="WEB", at=now(),
    )  # fmt: skip
    person = come_in(asked(of=enrolment))

    assert "checked" not in person.get("/check-in/").content.decode()


def test_no_page_says_who_somebody_is_or_why_they_are_asked(worker):
    person = come_in(asked())
    addresses = ["/check-in/q/feeling"]
    person.answer_all(chest_pain="yes", feeling="worse", worse_how="pain")
    addresses += ["/check-in/help-now/chest-pain", "/check-in/answers"]
    pages = [person.get(address).content.decode() for address in addresses]
    person.press_send()
    pages.append(person.get("/check-in/").content.decode())

    assert not [canary for canary in CANARIES if any(canary in page for page in pages)]


def test_no_answer_is_asked_for_again_in_words(worker):
    response = come_in(asked()).answer("feeling", "")

    assert "There is a problem Choose one of the answers" in words(response)
    assert answers() == {}


def test_an_optional_question_may_be_left_empty(worker):
    person = come_in(asked())
    for link_id, value in [("feeling", "same"), ("breath", "normal"), ("chest-pain", "no")]:
        person.answer(link_id, value)
    person.answer("hot", "yes")

    assert person.answer("temperature", "")["Location"] == "/check-in/q/cough"
    assert "temperature" not in answers()


def test_somebody_who_comes_back_goes_on_at_the_first_question_without_an_answer(worker):
    person = come_in(asked())
    for link_id, value in [("feeling", "same"), ("breath", "normal"), ("chest-pain", "no")]:
        person.answer(link_id, value)
    person.answer("hot", "yes")

    assert person.get("/check-in/").redirect_chain == [("/check-in/q/temperature", 302)]


def test_a_question_that_is_not_asked_now_is_not_kept(worker):
    checkin = asked()
    person = come_in(checkin)

    form = {"asking": str(checkin.pk), "answer": "drowsy"}
    response = person.client.post("/check-in/q/worse-how", form)

    assert response["Location"] == "/check-in/"
    assert answers() == {}


def test_a_question_that_is_nowhere_in_the_form_is_not_found(worker):
    assert come_in(asked()).get("/check-in/q/never-heard-of").status_code == 404


def test_a_red_flag_stops_for_help_before_anything_else(worker):
    person = come_in(asked())
    person.answer("feeling", "same")

    response = person.answer("breath", "speech")

    assert response["Location"] == "/check-in/help-now/breath"
    shown = words(person.get("/check-in/help-now/breath"))
    assert "Ring 999 now. Do not wait for us to ring you." in shown
    assert "Go on with the questions" in shown
    page = person.shown.content.decode()
    assert 'href="tel:999"' in page
    assert 'href="/check-in/q/chest-pain"' in page


def test_a_red_flag_raises_its_alert_even_if_nothing_more_comes(worker):
    person = come_in(asked())
    person.answer("feeling", "same")
    person.answer("breath", "rest")

    go_round(at=now(), postbox=given.Outbox())

    assert Event.objects.filter(name="checkin.red_flag").count() == 1
    assert Alert.objects.get().rule == "breath-rest"


def test_an_answer_that_is_no_red_flag_has_no_page_for_help(worker):
    person = come_in(asked())
    person.answer("feeling", "same")

    assert person.get("/check-in/help-now/feeling").redirect_chain[0] == ("/check-in/", 302)


def test_a_form_of_one_person_is_not_kept_for_another_who_came_in_since(worker):
    first, second = asked(), asked()
    person = come_in(first)
    page = person.get("/check-in/q/feeling").content.decode()
    person.client.cookies = come_in(second).client.cookies

    response = person.client.post(
        "/check-in/q/feeling", {"asking": str(first.pk), "answer": "worse"}
    )

    assert str(first.pk) in page
    assert "Please open your link again" in words(response)
    assert answers() == {}


@pytest.mark.parametrize(("answer", "says"), [("speech", True), ("normal", False), ("?", False)])
def test_whoever_gave_a_red_flag_in_it_is_sent_for_help_all_the_same(worker, answer, says):
    first, second = asked(), asked()
    form = {"asking": str(first.pk), "answer": answer}

    response = come_in(second).client.post("/check-in/q/breath", form)

    assert ("Ring 999 now" in words(response)) is says


def test_once_it_has_closed_the_neutral_page_stands_there(worker):
    checkin = asked()
    person = come_in(checkin)
    type(checkin).objects.update(closes_at=now() - timedelta(seconds=1))

    response = person.client.post(
        "/check-in/q/feeling", {"asking": str(checkin.pk), "answer": "worse"}
    )

    assert "We cannot open this page" in words(response)
    assert answers() == {}
