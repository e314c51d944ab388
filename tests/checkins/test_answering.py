"""Answers: kept as they are given, sent in once, and never absorbed when others come later."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from openprotect.alerts.models import Alert, Finding
from openprotect.base.refusals import Refused
from openprotect.checkins.actions import answer, cancel, miss, submit
from openprotect.checkins.models import Answer, Channel, Checkin, Conflict, Response
from openprotect.checkins.queries import answers_so_far, in_words
from openprotect.checkins.rules import NoLongerOpen, NotFinished, NumberTaken
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from tests import given
from tests.checkins.saying import BREATHLESS, CALM, COUGHING
from tests.given import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def said(checkin, link_id, value, *, channel=Channel.WEB, at=NOON, by=None):
    answer(checkin, link_id, value, channel=channel, at=at, by=by)


def sent(checkin, answers=CALM, *, number=None, channel=Channel.WEB, at=NOON):
    return submit(checkin, number or uuid4(), channel=channel, at=at, answers=answers)


def events(name):
    return Event.objects.filter(name=name).count()


def test_each_answer_is_kept_as_it_is_given(worker):
    checkin = given.checkin()

    said(checkin, "cough", "yes")
    said(checkin, "food", "few")

    assert answers_so_far(checkin) == {"cough": "yes", "food": "few"}


def test_the_last_answer_counts_and_the_earlier_ones_stay(worker):
    checkin = given.checkin()

    for value in ("yes", "no", "no"):
        said(checkin, "cough", value)

    assert answers_so_far(checkin) == {"cough": "no"}
    assert list(Answer.objects.order_by("id").values_list("value", flat=True)) == ["yes", "no"]


def test_an_answer_taken_back_is_absent(worker):
    checkin = given.checkin()

    said(checkin, "other", "My leg hurts")
    said(checkin, "other", None)

    assert answers_so_far(checkin) == {}


def test_an_answer_says_by_which_channel_and_who_wrote_it_down(worker):
    checkin, caller = given.checkin(), given.user("CALLER")

    said(checkin, "cough", "yes", channel=Channel.PHONE, by=caller.pk)

    kept = Answer.objects.get()
    assert (kept.channel, kept.by, kept.at) == ("PHONE", caller, NOON)


@pytest.mark.parametrize("after", [0 * SECOND, SECOND])
def test_online_no_answer_is_taken_from_the_closing_second_on(worker, after):
    checkin = given.checkin()

    with pytest.raises(NoLongerOpen, match="closed"):
        said(checkin, "cough", "yes", at=checkin.closes_at + after)


def test_online_an_answer_is_taken_until_the_closing_second(worker):
    checkin = given.checkin()

    said(checkin, "cough", "yes", at=checkin.closes_at - SECOND)

    assert Answer.objects.count() == 1


def test_on_the_phone_what_was_missed_is_still_answered(worker):
    checkin = given.checkin(status="MISSED")

    sent(checkin, channel=Channel.PHONE, at=checkin.closes_at + timedelta(hours=5))

    assert Checkin.objects.get().status == "ANSWERED"


def test_after_it_was_sent_in_no_answer_is_changed(worker):
    checkin = given.checkin()
    sent(checkin)

    with pytest.raises(NoLongerOpen, match="sent in already"):
        said(checkin, "cough", "yes")


@pytest.mark.parametrize("act", [lambda each: said(each, "cough", "yes"), sent])
def test_nobody_is_told_that_a_cancelled_check_in_was_sent_in(worker, act):
    checkin = given.checkin()
    cancel(checkin, because="contact stopped", at=NOON)

    with pytest.raises(NoLongerOpen, match="closed"):
        act(checkin)


def test_sent_in_it_is_stored_and_said(worker):
    checkin = given.checkin()

    stored = sent(checkin)

    checkin.refresh_from_db()
    assert (stored.outcome, checkin.status, checkin.answered_at) == ("stored", "ANSWERED", NOON)
    assert Response.objects.get().answers == CALM
    assert events("response.given") == 1


def test_without_other_word_what_was_kept_is_sent_in(worker):
    checkin = given.checkin()
    for link_id, value in COUGHING.items():
        said(checkin, link_id, value)

    submit(checkin, uuid4(), channel=Channel.WEB, at=NOON)

    assert Response.objects.get().answers == COUGHING


def test_answers_to_questions_not_shown_any_more_are_left_out(worker):
    checkin = given.checkin()

    sent(checkin, CALM | {"worse-how": "drowsy"})

    assert "worse-how" not in Response.objects.get().answers


@pytest.mark.parametrize("left_out", ["feeling", "breath", "chest-pain", "mood"])
def test_what_is_required_must_be_answered_and_is_named(worker, left_out):
    checkin = given.checkin()

    with pytest.raises(NotFinished) as refusal:
        sent(checkin, {link: value for link, value in CALM.items() if link != left_out})

    assert refusal.value.link_ids == (left_out,)
    assert not Response.objects.exists()


@pytest.mark.parametrize("same_number", [True, False])
def test_sent_again_it_is_the_same(worker, same_number):
    checkin, number = given.checkin(), uuid4()
    first = sent(checkin, number=number)

    again = sent(checkin, number=number if same_number else uuid4(), at=NOON + SECOND)

    assert (again.outcome, again.response) == ("same", first.response)
    assert events("response.given") == 1


def test_sent_again_after_it_closed_it_is_still_the_same(worker):
    checkin = given.checkin()
    sent(checkin)

    assert sent(checkin, at=checkin.closes_at + timedelta(days=400)).outcome == "same"


def test_other_answers_after_the_first_are_kept_for_somebody_to_look_at(worker):
    checkin, number = given.checkin(), uuid4()
    sent(checkin, number=number)

    outcomes = [sent(checkin, COUGHING, number=number).outcome for _ in range(2)]

    assert outcomes == ["conflict", "conflict"]
    assert Response.objects.get().answers == CALM
    assert Conflict.objects.get().answers == COUGHING
    assert events("response.conflict") == 1


def test_somebody_is_asked_to_look_at_conflicting_answers(worker):
    checkin = given.checkin()
    sent(checkin)
    sent(checkin, COUGHING)

    follow_waiting(at=NOON)

    alert = Alert.objects.get(rule="conflicting-answers")
    assert (alert.kind, alert.team.function) == ("data", "surveillance")


def test_what_is_urgent_in_conflicting_answers_does_not_wait_for_that(worker):
    checkin = given.checkin()
    sent(checkin)
    sent(checkin, BREATHLESS)

    follow_waiting(at=NOON)

    assert Alert.objects.filter(rule="breath-rest").count() == 1


def test_a_number_used_for_another_check_in_is_refused(worker):
    number = uuid4()
    sent(given.checkin(), number=number)

    with pytest.raises(NumberTaken):
        sent(given.checkin(), number=number)


def test_a_response_reads_in_the_words_that_were_asked(worker):
    sent(given.checkin(), COUGHING)

    words = dict(in_words(Response.objects.get()))
    assert "Yes" in [answer for question, answer in words.items() if "cough" in question]


def test_undone_with_its_transaction_nothing_is_left(worker):
    checkin = given.checkin()

    with transaction.atomic():
        sent(checkin)
        transaction.set_rollback(True)

    assert (Response.objects.count(), Event.objects.count()) == (0, 0)
    assert Checkin.objects.get().status == "OPEN"


def test_a_red_flag_raises_the_alert_though_the_rest_never_comes(worker):
    checkin = given.checkin()

    said(checkin, "breath", "rest")
    follow_waiting(at=NOON)

    assert [(alert.rule, alert.urgency) for alert in Alert.objects.all()] == [("breath-rest", 1)]


def test_sent_in_after_a_red_flag_its_alert_is_not_doubled(worker):
    checkin = given.checkin()
    said(checkin, "breath", "rest")
    follow_waiting(at=NOON)

    sent(checkin, BREATHLESS | {"cough": "yes"})
    follow_waiting(at=NOON)

    rules = sorted(Finding.objects.values_list("rule", flat=True))
    assert rules == ["breath-rest", "cough"]
    assert Alert.objects.get(rule="breath-rest").response == Response.objects.get()


def test_a_red_flag_taken_back_stays_raised_for_somebody_to_look_at(worker):
    checkin = given.checkin()
    for value in ("rest", "normal", "rest"):
        said(checkin, "breath", value)

    follow_waiting(at=NOON)

    assert Alert.objects.filter(rule="breath-rest").count() == 1


def test_an_ordinary_answer_raises_nothing_before_it_is_sent_in(worker):
    checkin = given.checkin()

    said(checkin, "cough", "yes")
    follow_waiting(at=NOON)

    assert not Alert.objects.exists()


def test_refusals_are_fit_for_the_reader():
    assert issubclass(NotFinished, Refused)
    assert issubclass(NoLongerOpen, Refused)
    assert issubclass(NumberTaken, Refused)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_response(worker_committing):
    checkin, number = given.checkin(), uuid4()

    outcomes = at_once(*[lambda: sent(checkin, number=number).outcome] * 20)

    assert sorted(outcomes) == ["same"] * 19 + ["stored"]
    assert (Response.objects.count(), events("response.given")) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_sent_in_as_it_is_counted_missed_it_is_answered_or_refused_and_never_both(
    worker_committing,
):
    checkin = given.checkin()

    outcome, _ = at_once(
        lambda: sent(checkin, channel=Channel.PHONE).outcome, lambda: miss(checkin, at=NOON)
    )

    assert outcome == "stored"
    assert Checkin.objects.get().status == "ANSWERED"
    assert Response.objects.count() == 1
