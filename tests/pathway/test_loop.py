"""The loop, turned by rounds of background work over days, with people and staff in it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from openprotect.accounts.actions import acting_as
from openprotect.accounts.queries import answering
from openprotect.alerts import actions as alerts
from openprotect.alerts.models import Alert
from openprotect.calls import actions as calls
from openprotect.calls.models import Attempt, Call
from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.messages.models import Message
from openprotect.pathway.rounds import go_round
from openprotect.people.models import Person
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db


def rounds(outbox, *, until, since=NOON):
    """A round every six hours of a moving clock."""
    at = since
    while at <= until:
        go_round(at=at, postbox=outbox)
        at += timedelta(hours=6)


def test_a_review_that_nobody_ends_becomes_an_invitation_with_a_working_link(worker):
    enrolment = given.enrolment(active=False, preview_ends_at=NOON - timedelta(hours=1))
    outbox = given.Outbox()

    go_round(at=NOON, postbox=outbox)
    go_round(at=NOON, postbox=outbox)

    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.ACTIVE
    ((to, body),) = outbox.texts.values()
    assert to == enrolment.person.mobile
    assert enrolment.person.family_name not in body
    token = re.search(r"/c/(\S+)", body).group(1).rstrip(".")
    entry, session = checkins.enter(token, born=enrolment.person.birth_date)
    assert entry == "open"
    with acting_as(session):
        assert answering().person_id == enrolment.person_id
        assert not Person.objects.exists()


def test_two_missed_check_ins_become_one_call_and_the_answer_on_the_phone_ends_it(worker):
    enrolment = given.enrolment(active_from=NOON)
    outbox = given.Outbox()
    rounds(outbox, until=NOON + timedelta(days=2))
    caller = given.user("CALLER")
    at = NOON + timedelta(days=2)

    with given.acting(caller) as viewer:
        call = calls.claim_next(viewer=viewer, at=at)
        checkin = Checkin.objects.get(pk=Call.objects.get(pk=call.pk).checkin_id)
        answer_everything(checkin, channel=Channel.PHONE, at=at)
        checkins.submit(checkin, uuid4(), channel=Channel.PHONE, at=at, by=caller)
        calls.record_outcome(call, Attempt.Outcome.ANSWERED, note="", viewer=viewer, at=at)

    go_round(at=at, postbox=outbox)
    assert Call.objects.filter(enrolment=enrolment).count() == 1
    assert Call.objects.get().status == Call.Status.DONE


def answer_everything(checkin, *, channel, at, **chosen):
    """Walk the questionnaire, giving what is chosen and else the first option."""
    questionnaire = given.covid_protect().questionnaire
    item = questionnaire.first({})
    while item:
        value = chosen.get(item.link_id.replace("-", "_"), a_calm_answer(item))
        if value is not None:
            checkins.answer(checkin, item.link_id, value, channel=channel, at=at)
        from openprotect.checkins.queries import answers_so_far

        item = questionnaire.next_after(item.link_id, answers_so_far(checkin))


def a_calm_answer(item):
    if item.options:
        return item.options[0].code
    return {"boolean": False, "integer": 10, "decimal": 37.0}.get(item.kind)


def test_an_alert_is_owned_accepted_closed_and_told_back(worker):
    response = given.response(answers={})
    at = NOON
    alert = alerts.raise_alert(
        response.checkin.enrolment,
        alerts.Concern("R1", "clinical", "today", "Breathless at rest"),
        source_id=response.checkin_id,
        pack_id=response.pack_id,
        at=at,
    )
    outbox = given.Outbox()
    nurse = given.user("SURVEILLANCE")

    with given.acting(nurse) as viewer:
        alerts.accept(alert, viewer=viewer, at=at)
        alerts.close(alert, Alert.Outcome.ADVICE, note="", viewer=viewer, at=at)
    go_round(at=at, postbox=outbox)

    assert Message.objects.get(kind="CLOSED").status == Message.Status.SENT
