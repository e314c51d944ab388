"""Answers read over and sent: once, and what happens next."""

from uuid import UUID

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.checkins.models import Answer, Conflict, Response
from openprotect.governance.models import Access
from openprotect.pathway.rounds import go_round
from tests import given
from tests.web.checkin.people import CALM, asked, link, ready, words

pytestmark = pytest.mark.django_db


def test_the_answers_are_read_over_in_words_with_a_way_to_change_each(worker):
    person = ready(asked(), feeling="worse", worse_how="fall", other="My cat <b>Tom</b> ran off")

    page = person.get("/check-in/answers").content.decode()

    shown = words(person.shown)
    for part in ("You have not sent them yet", "I have had a fall", "Enough for a week or more"):
        assert part in shown
    assert "My cat &lt;b&gt;Tom&lt;/b&gt; ran off" in page
    assert 'href="/check-in/q/worse-how?from=answers"' in page


def test_what_was_left_empty_can_still_be_filled_in(worker):
    shown = words(ready(asked()).get("/check-in/answers"))

    assert "Is there anything else you want to tell us? You left this empty Change" in shown


def test_a_changed_answer_leads_back_to_the_list(worker):
    person = ready(asked())

    assert person.send("/check-in/q/cough?from=answers", answer="yes")["Location"] == (
        "/check-in/answers"
    )


def test_a_changed_answer_asks_what_it_asks_in_addition(worker):
    person = ready(asked())

    first = person.send("/check-in/q/medicines?from=answers", answer="low")["Location"]
    second = person.send(first, answer="")["Location"]
    third = person.send(second, answer="yes")["Location"]

    assert first == "/check-in/q/medicines-days?from=answers"
    assert second == "/check-in/q/medicines-collect?from=answers"
    assert third == "/check-in/answers"


def test_a_changed_answer_that_is_a_red_flag_stops_for_help_and_leads_back_to_the_list(worker):
    person = ready(asked())

    response = person.send("/check-in/q/chest-pain?from=answers", answer="yes")

    assert response["Location"] == "/check-in/help-now/chest-pain?from=answers"
    assert 'href="/check-in/answers"' in person.get(response["Location"]).content.decode()


def test_sending_stores_one_response_of_the_answers_still_asked_for(worker):
    person = ready(asked(), feeling="worse", worse_how="pain")
    person.send("/check-in/q/feeling?from=answers", answer="same")

    response = person.press_send()

    assert response["Location"] == "/check-in/"
    stored = Response.objects.get()
    assert stored.channel == "WEB"
    assert stored.answers == {key: value for key, value in CALM.items() if value}


def test_sending_is_noted_in_the_access_log_with_the_person_and_no_user(worker):
    checkin = asked()

    ready(checkin).press_send()

    noted = Access.objects.get(what="checkin.sent")
    assert (noted.person_id, noted.role, noted.user) == (checkin.person_id, "PERSON", None)


@pytest.mark.parametrize("times", [2, 5])
def test_sending_again_by_double_click_back_or_reload_is_sending_once(worker, times):
    person = ready(asked())
    page = person.get("/check-in/answers").content.decode()
    form = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("asking", "submission", "seen")
    }

    ends = [person.client.post("/check-in/answers", form) for _ in range(times)]

    assert {each["Location"] for each in ends} == {"/check-in/"}
    assert Response.objects.get().submission_id == UUID(form["submission"])
    assert not Conflict.objects.exists()


def test_the_number_on_the_last_page_stays_the_same(worker):
    person = ready(asked())
    person.press_send()

    first, again = (words(person.get("/check-in/")) for _ in range(2))

    assert first == again
    assert Response.objects.get().pk.hex[:4].upper() in first


def test_without_a_number_of_its_own_a_form_is_still_sent_once(worker):
    person = ready(asked())

    for _ in range(2):
        person.send("/check-in/answers", submission="not a number")

    assert Response.objects.count() == 1


def test_a_number_used_for_another_check_in_is_refused_and_can_be_sent_again(worker):
    number = str(given.response().submission_id)
    person = ready(asked())

    response = person.send("/check-in/answers", submission=number)

    assert response["Location"] == "/check-in/answers"
    assert "Please send them again" in words(person.get("/check-in/answers"))
    assert person.press_send()["Location"] == "/check-in/"


def test_sending_without_a_needed_answer_leads_to_it_with_the_reason(worker):
    checkin = asked()
    person = ready(checkin)
    person.send("/check-in/q/feeling?from=answers", answer="worse")

    response = person.client.post("/check-in/answers", {"asking": str(checkin.pk)})

    assert response["Location"] == "/check-in/q/worse-how?needed=yes"
    assert "There is a problem Choose one of the answers" in words(person.get(response["Location"]))
    assert not Response.objects.exists()


def test_answers_changed_in_another_window_are_read_over_again_before_sending(worker):
    person = ready(asked())

    response = person.send("/check-in/answers", seen="of another window")

    assert response["Location"] == "/check-in/answers"
    assert "changed in another window" in words(person.get("/check-in/answers"))
    assert not Response.objects.exists()


def test_a_window_that_shows_other_answers_than_were_sent_is_told_so(worker):
    checkin = asked()
    person = ready(checkin)
    person.press_send()

    response = person.client.post(
        "/check-in/answers", {"asking": str(checkin.pk), "seen": "of another window"}
    )

    assert "Your answers were sent already" in words(response)
    assert Response.objects.count() == 1


def test_after_sending_no_question_opens_any_more(worker):
    person = ready(asked())
    person.press_send()

    for address in ("/check-in/q/feeling", "/check-in/answers", "/check-in/q/other"):
        assert person.get(address).redirect_chain == [("/check-in/", 302)]


def test_the_same_answer_after_sending_changes_nothing(worker):
    checkin = asked()
    person = ready(checkin)
    person.press_send()

    form = {"asking": str(checkin.pk), "answer": "normal"}
    response = person.client.post("/check-in/q/breath", form)

    assert response["Location"] == "/check-in/"
    assert not Conflict.objects.exists()


def test_another_answer_after_sending_is_kept_for_a_person_to_look_at(worker):
    checkin = asked()
    person = ready(checkin)
    person.press_send()

    form = {"asking": str(checkin.pk), "answer": "yes"}
    response = person.client.post("/check-in/q/cough", form)

    shown = words(response)
    assert "We had your answers already" in shown
    assert "Somebody will look at both by" in shown
    assert "01632 960123" in shown
    assert Conflict.objects.get().answers["cough"] == "yes"
    assert Response.objects.get().answers["cough"] == "no"


def test_a_red_flag_after_sending_stops_for_help_and_raises_its_alert_at_once(worker):
    checkin = asked()
    person = ready(checkin)
    person.press_send()

    form = {"asking": str(checkin.pk), "answer": "speech"}
    response = person.client.post("/check-in/q/breath", form)
    go_round(at=now(), postbox=given.Outbox())

    assert "Ring 999 now. Do not wait for us" in words(response)
    assert set(Alert.objects.values_list("rule", "urgency")) == {
        ("breath-speech", 1),
        ("conflicting-answers", 2),
    }


def test_the_last_page_promises_no_call_when_no_rule_asks_for_one(worker):
    person = ready(asked())
    person.press_send()

    shown = words(person.get("/check-in/"))

    assert "You did not tell us about anything that needs a call" in shown
    assert "We will ask how you are again tomorrow" in shown
    assert "Ring 999 now if" in shown
    assert "Ring 111 if" in shown
    assert "We can ring you instead of sending texts, or stop" in shown


def test_the_last_page_says_by_when_somebody_looks_and_never_why(worker):
    person = ready(asked(), hot="yes", temperature="38.4", food="tomorrow", fetch="yes")
    person.press_send()

    shown = words(person.get("/check-in/"))

    assert "how you feel: by" in shown
    assert "food and help at home: by" in shown
    assert "They may ring you" in shown
    assert "38" not in shown.split("What happens next")[1].split("To stop this")[0]


def test_the_last_page_says_help_first_once_more_to_somebody_who_went_on(worker):
    person = ready(asked(), chest_pain="yes")
    person.press_send()

    shown = words(person.get("/check-in/"))

    assert "If you have not rung yet, please do" in shown
    assert "Tell them you have chest pain" in shown


def test_a_link_that_was_used_shows_the_neutral_page(worker):
    checkin = asked()
    token = link(checkin)
    person = ready(checkin)

    person.press_send()

    assert "We cannot open this page" in words(person.get(f"/c/{token}"))


def test_both_answers_of_somebody_who_changed_their_mind_are_kept(worker):
    person = ready(asked())
    person.send("/check-in/q/cough?from=answers", answer="yes")

    values = Answer.objects.filter(link_id="cough").order_by("id").values_list("value", flat=True)

    assert list(values) == ["no", "yes"]
