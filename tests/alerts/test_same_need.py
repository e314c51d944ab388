"""Edge-triggered: the same need is one alert; worse is offered anew, better is noted."""

from datetime import timedelta

import pytest

from openprotect.alerts.actions import accept, close, evaluate
from openprotect.alerts.actions.following import (
    DID_NOT_HELP,
    answer_follow_up,
    ask_next_time,
    open_again,
)
from openprotect.alerts.models import Alert, Finding, FollowUp
from openprotect.alerts.queries import as_seen
from openprotect.alerts.rules import ChangedMeanwhile
from openprotect.base.refusals import Refused
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.programmes.actions import launch, publish
from tests import given
from tests.checkins.saying import BREATHLESS, CALM, COUGHING
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answered(enrolment, answers, *, days=0):
    checkin = given.checkin(of=enrolment, status="ANSWERED", due_on=(NOON + days * DAY).date())
    response = given.response(of=checkin, answers=answers, at=NOON + days * DAY)
    evaluate(response, at=NOON + days * DAY)
    return response


def happened(name):
    return Event.objects.filter(name=name).count()


def standings():
    return list(Finding.objects.order_by("at", "id").values_list("standing", flat=True))


def accepted(alert, nurse=None, at=NOON):
    nurse = nurse or given.user("SURVEILLANCE")
    with given.acting(nurse) as viewer:
        return accept(alert, viewer=viewer, at=at), nurse


def test_the_same_answer_tomorrow_is_noted_and_not_doubled(worker):
    enrolment = given.enrolment()
    for days in range(3):
        answered(enrolment, COUGHING, days=days)

    alert = Alert.objects.get()
    assert standings() == ["RAISED", "SAME", "SAME"]
    assert (happened("alert.raised"), happened("alert.noted")) == (1, 2)
    assert alert.raised_at == NOON


def test_said_again_an_accepted_alert_stays_with_whoever_accepted_it(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)
    alert, nurse = accepted(Alert.objects.get())

    answered(enrolment, COUGHING, days=1)

    alert.refresh_from_db()
    assert (alert.status, alert.accepted_by) == (Alert.Status.ACCEPTED, nurse)


def test_a_worse_answer_is_more_urgent_leads_and_is_offered_anew(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)
    alert, _ = accepted(Alert.objects.get())
    before = alert.urgency

    answered(enrolment, BREATHLESS, days=1)

    alert.refresh_from_db()
    assert alert.urgency == 1 < before
    assert (alert.status, alert.accepted_by) == (Alert.Status.RAISED, None)
    assert (alert.rule, alert.team.function) == ("breath-rest", "surveillance")
    assert NOON + DAY < alert.accept_by <= alert.due_at
    assert standings() == ["RAISED", "WORSE"]
    assert happened("alert.worsened") == 1


def test_a_worse_answer_never_gives_more_time(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)
    Alert.objects.update(due_at=NOON + timedelta(hours=1))

    answered(enrolment, BREATHLESS, days=1)

    assert Alert.objects.get().due_at == NOON + timedelta(hours=1)


def test_a_better_answer_is_noted_and_closes_nothing(worker):
    enrolment = given.enrolment()
    answered(enrolment, BREATHLESS)

    answered(enrolment, COUGHING, days=1)

    alert = Alert.objects.get()
    assert (alert.status, alert.urgency) == (Alert.Status.RAISED, 1)
    assert standings() == ["RAISED", "BETTER"]


def test_answers_without_a_word_of_it_are_noted_and_close_nothing(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)

    answered(enrolment, CALM, days=1)

    assert Alert.objects.open().count() == 1
    assert happened("alert.not_said_again") == 1


def test_another_kind_of_need_is_another_alert(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)

    answered(enrolment, COUGHING | {"food": "none"}, days=1)

    assert sorted(Alert.objects.values_list("kind", flat=True)) == ["clinical", "social"]


def test_publishing_again_raises_and_sends_nothing(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)
    before = Event.objects.filter(name__startswith="alert.").count()

    launch(publish(given.covid_protect(), by=None, at=NOON + DAY), by=None, at=NOON + DAY)
    follow_waiting(at=NOON + DAY)

    assert Event.objects.filter(name__startswith="alert.").count() == before


def test_an_answer_after_closing_is_a_new_alert_that_knows_the_old_one(worker):
    enrolment = given.enrolment()
    answered(enrolment, COUGHING)
    first, nurse = accepted(Alert.objects.get())
    with given.acting(nurse) as viewer:
        close(first, "ADVICE", note="", viewer=viewer, at=NOON)

    answered(enrolment, COUGHING, days=1)

    assert Alert.objects.open().get().follows == first


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_arrives_while_closing_is_never_absorbed(worker_committing):
    """S07: whichever comes first, there is an open alert about the new answer, or a refusal."""
    absorbed = refused = opened = 0
    for _ in range(12):
        enrolment = given.enrolment()
        answered(enrolment, COUGHING)
        alert = Alert.objects.get(enrolment=enrolment)
        nurse = given.user("SURVEILLANCE")
        with given.acting(nurse):
            seen = as_seen(alert)
        checkin = given.checkin(of=enrolment, status="ANSWERED", due_on=(NOON + DAY).date())

        def says(of=checkin):
            evaluate(given.response(of=of, answers=COUGHING, at=NOON + DAY), at=NOON + DAY)

        def closes(alert=alert, nurse=nurse, seen=seen):
            with given.acting(nurse) as viewer:
                close(alert, "ADVICE", note="Rang.", viewer=viewer, at=NOON, seen=seen)

        _, closing = at_once(says, closes)

        alert.refresh_from_db()
        refused += isinstance(closing, ChangedMeanwhile)
        still = Alert.objects.open().filter(enrolment=enrolment)
        opened += still.exclude(pk=alert.pk).exists()
        absorbed += not still.exists()

    assert absorbed == 0
    assert refused + opened == 12


class TestDidThisHelp:
    def closed(self, outcome="ADVICE"):
        alert = given.alert(by=given.area().system.covered_by.get(function="surveillance"))
        with given.acting(given.user("SURVEILLANCE")) as viewer:
            close(alert, outcome, note="Rang them", viewer=viewer, at=NOON)
        alert.refresh_from_db()
        return alert

    def test_closing_puts_the_question_for_the_next_check_in(self, worker):
        alert = self.closed()

        follow_waiting(at=NOON)

        assert FollowUp.objects.get().alert == alert

    def test_where_nothing_was_done_nothing_is_asked(self, worker):
        assert ask_next_time(self.closed("NOT_NEEDED"), at=NOON) is None

    def test_what_did_not_help_is_open_again_with_its_history(self, worker):
        alert = self.closed()

        answer_follow_up(ask_next_time(alert, at=NOON), "NO", at=NOON + DAY)
        follow_waiting(at=NOON + DAY)

        again = Alert.objects.open().get()
        assert (again.follows, again.rule, again.kind) == (alert, DID_NOT_HELP, alert.kind)
        assert alert.reason in again.reason

    @pytest.mark.parametrize("helped", ["YES", "PARTLY"])
    def test_what_helped_stays_closed(self, worker, helped):
        answer_follow_up(ask_next_time(self.closed(), at=NOON), helped, at=NOON + DAY)
        follow_waiting(at=NOON + DAY)

        assert not Alert.objects.open().exists()

    def test_the_first_answer_counts(self, worker):
        asked = ask_next_time(self.closed(), at=NOON)

        for helped in ("YES", "NO"):
            answer_follow_up(asked, helped, at=NOON + DAY)
        follow_waiting(at=NOON + DAY)

        assert asked.helped == "YES"
        assert not Alert.objects.open().exists()

    def test_staff_open_a_need_again_with_a_reason(self, worker):
        alert = self.closed()

        with given.acting(given.user("SURVEILLANCE")) as viewer:
            with pytest.raises(Refused, match="Write why"):
                open_again(alert, viewer=viewer, at=NOON + DAY)
            again = open_again(alert, viewer=viewer, because="Rang back", at=NOON + DAY)
            same = open_again(alert, viewer=viewer, because="Rang back", at=NOON + DAY)

        assert again == same
        assert (again.follows, again.opened_again_because) == (alert, "Rang back")

    def test_nobody_but_the_worker_raises_what_follows_nothing(self, worker):
        enrolment = given.enrolment()
        with given.acting(given.user("SURVEILLANCE")), row_security_refuses():
            given.alert(of=enrolment)
