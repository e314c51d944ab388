"""By which way somebody is reached: the plan's order, their own choices, and what comes next."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from openprotect.alerts.models import Alert
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.events.actions import record
from openprotect.events.models import Event
from openprotect.messages.chores import sending
from openprotect.messages.models import Message, Pause
from openprotect.messages.rules import TooFast, TryLater, Undeliverable
from openprotect.packs.channels import ChannelPlan
from openprotect.packs.messages import Message as Wording
from openprotect.pathway.following import follow_waiting
from openprotect.people.actions.choosing import choose, take_back
from openprotect.people.models import Choice, Person
from openprotect.programmes import queries as programmes
from tests import given
from tests.given import NOON
from tests.messages.sending import HOUR, MINUTE, EveryWay, send, state, why

pytestmark = pytest.mark.django_db
Answer, Way = Choice.Answer, Choice.Way
EVERY_WAY = ChannelPlan(order=("text", "email", "letter", "call"))


@pytest.fixture
def plan(monkeypatch, settings):
    """Every way is carried here, and the pack goes by a plan of ours, with words for each way."""
    settings.OPENPROTECT = replace(settings.OPENPROTECT, emails_by="console", letters_by="console")
    pack = given.covid_protect()
    written = [
        Wording(name, "en", channel, f"Subject: Hello\n\nFrom {{sender}}: {{{key}}}", pack.always)
        for name in ("invite", "reminder", "closed")
        for channel, key in (("email", "phone"), ("letter", "phone"))
    ]

    def go_by(plan):
        changed = replace(pack, channels=plan, messages=(*written, *pack.messages))
        monkeypatch.setattr(programmes, "_unpacked", lambda version_id: changed)

    return go_by


def opened(**person):
    """A check-in that has just opened, of somebody who can be reached by every way."""
    of = given.person(**({"email": "ada@example.com"} | person))
    checkin = given.checkin(of=given.enrolment(of=of), closes_at=NOON + timedelta(days=5))
    Event.objects.create(
        name="checkin.opened",
        subject_id=checkin.pk,
        person_id=of.pk,
        programme_id=checkin.programme_id,
        at=NOON,
        try_at=NOON,
    )
    return checkin


def ways():
    return list(Message.objects.order_by("made_at", "id").values_list("channel", flat=True))


def go_on(outbox, at=NOON):
    follow_waiting(at=at)
    send(outbox, at=at)
    follow_waiting(at=at)


@pytest.mark.parametrize(
    ("lacking", "first"),
    [
        ({}, "TEXT"),
        ({"mobile": ""}, "EMAIL"),
        ({"mobile": "", "email": ""}, "LETTER"),
        ({"mobile": "", "email": "", "address": "", "postcode": "", "landline": "0"}, "CALL"),
    ],
)
def test_the_first_way_that_reaches_somebody_is_taken(worker, plan, lacking, first):
    plan(EVERY_WAY)
    opened(**lacking)

    follow_waiting(at=NOON)

    assert ways() == [first]


def test_for_somebody_who_is_asked_by_phone_what_is_due_becomes_a_call(worker, plan):
    plan(ChannelPlan(order=("call",)))
    opened()

    go_on(EveryWay())

    assert ways() == ["CALL"]
    assert Call.objects.get().why == Call.Why.BY_PHONE


def test_what_a_provider_refuses_goes_the_next_way_and_at_last_somebody_rings(worker, plan):
    plan(EVERY_WAY)
    opened()
    outbox = EveryWay(*[Undeliverable("no")] * 3)

    for minutes in range(4):
        go_on(outbox, at=NOON + minutes * MINUTE)

    assert sorted(ways()) == ["EMAIL", "LETTER", "TEXT"]
    assert Call.objects.get().why == Call.Why.NOT_REACHED


def test_a_pack_may_ring_at_once_when_a_message_cannot_be_delivered(worker, plan):
    plan(replace(EVERY_WAY, when_undelivered="call"))
    opened()

    go_on(EveryWay(Undeliverable("no")))

    assert ways() == ["TEXT"]
    assert Call.objects.count() == 1


def test_a_way_that_needs_agreement_waits_for_it(worker, plan):
    plan(replace(EVERY_WAY, needs_agreement=("email",)))
    refused, agreed = opened(mobile=""), opened(mobile="")
    choose(agreed.person_id, Answer.AGREED, way=Way.EMAIL, via="LINK", at=NOON)

    follow_waiting(at=NOON)

    by = dict(Message.objects.values_list("person_id", "channel"))
    assert (by[refused.person_id], by[agreed.person_id]) == ("LETTER", "EMAIL")


def test_the_way_somebody_likes_best_comes_first(worker, plan):
    plan(EVERY_WAY)
    checkin = opened()
    choose(checkin.person_id, Answer.PREFERRED, way=Way.LETTER, via="PRACTICE", at=NOON)

    follow_waiting(at=NOON)

    assert ways() == ["LETTER"]


SCOPES = {
    "this way in every programme": {"way": Way.TEXT},
    "every way in this programme": {"way": Way.ALL, "here": True},
    "this way in this programme": {"way": Way.TEXT, "here": True},
}


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_refused_at_any_scope_that_holds_is_not_sent(worker, scope):
    message, outbox = given.message(), EveryWay()
    _refuse(message, **SCOPES[scope])

    send(outbox)

    assert (state(message), outbox.posts) == ("CANCELLED", 0)
    assert why(message) == "the person does not want it this way"


def _refuse(message, way, here=False):
    programme = message.programme_id if here else None
    choose(message.person_id, Answer.REFUSED, way=way, programme_id=programme, via="LINK", at=NOON)


def test_a_refusal_of_another_way_or_programme_does_not_hinder(worker):
    message, outbox = given.message(), EveryWay()
    choose(message.person_id, Answer.REFUSED, way=Way.EMAIL, via="LINK", at=NOON)
    elsewhere = given.NOON and given.user("LEAD").pk
    choose(
        message.person_id, Answer.REFUSED, way=Way.TEXT, programme_id=elsewhere, via="LINK", at=NOON
    )

    send(outbox)

    assert state(message) == "SENT"


def test_a_refusal_taken_back_lets_messages_go_again(worker):
    message, outbox = given.message(), EveryWay()
    _refuse(message, way=Way.TEXT)
    take_back(message.person_id, way=Way.TEXT, at=NOON + MINUTE)

    send(outbox, at=NOON + MINUTE)

    assert state(message) == "SENT"


def test_refusing_texts_leads_to_the_next_way_and_refusing_all_ways_to_a_team(worker, plan):
    plan(ChannelPlan(order=("text", "call")))
    checkin = opened()
    for way in (Way.TEXT, Way.CALL):
        choose(checkin.person_id, Answer.REFUSED, way=way, via="LINK", at=NOON)

    go_on(EveryWay())

    assert not Call.objects.exists()
    assert Alert.objects.get().rule == "no-way-left"


def test_refusing_everything_stops_all_contact_and_leaves_open_alerts_alone(worker):
    alert, checkin = given.alert(), given.checkin()
    of = checkin.person_id
    Alert.objects.filter(pk=alert.pk)
    choose(of, Answer.REFUSED, via="LINK", at=NOON)

    for _ in range(2):
        follow_waiting(at=NOON)

    checkin.refresh_from_db()
    assert Person.objects.get(pk=of).has_stopped_contact
    assert checkin.status == "CANCELLED"
    assert Alert.objects.get(pk=alert.pk).status == "RAISED"


def test_refusing_calls_takes_back_a_waiting_call(worker):
    call = given.call()
    choose(call.person_id, Answer.REFUSED, way=Way.CALL, via="LINK", at=NOON)

    follow_waiting(at=NOON)

    call.refresh_from_db()
    assert (call.status, call.outcome) == ("CANCELLED", "refused calls")


def test_nobody_is_written_to_at_night(worker, plan):
    plan(replace(EVERY_WAY, send_from=time(8), send_until=time(20)))
    message, outbox = given.message(of=_open_for_days()), EveryWay()
    night = NOON.replace(hour=23)

    send(outbox, at=night)
    assert (state(message), outbox.posts) == ("DUE", 0)

    send(outbox, at=night + 10 * HOUR)
    assert state(message) == "SENT"


def _open_for_days():
    return given.checkin(closes_at=NOON + timedelta(days=3))


def test_a_provider_that_takes_no_more_is_left_alone_and_nothing_fails(worker):
    messages = [given.message(of=_open_for_days()) for _ in range(3)]
    outbox = EveryWay(*[TooFast(MINUTE)] * 60)

    for minutes in range(60):
        send(outbox, at=NOON + minutes * MINUTE)
    assert {state(each) for each in messages} <= {"DUE", "SENDING"}
    assert outbox.posts == 60

    send(outbox, at=NOON + HOUR + MINUTE)
    send(outbox, at=NOON + HOUR + 2 * MINUTE)
    assert {state(each) for each in messages} == {"SENT"}


def test_while_one_way_waits_another_goes_on(worker, plan):
    plan(EVERY_WAY)
    Pause.objects.create(channel="TEXT", until=NOON + HOUR)
    text = given.message(of=_open_for_days())
    letter = given.message(of=_open_for_days(), channel="LETTER")

    send(EveryWay())

    assert (state(text), state(letter)) == ("DUE", "SENT")


def test_no_more_are_handed_over_in_a_minute_than_the_provider_takes(worker):
    for _ in range(5):
        given.message(of=_open_for_days())
    outbox = EveryWay()

    send(outbox, a_minute=2)
    send(outbox, at=NOON + MINUTE / 2, a_minute=2)
    assert outbox.posts == 2

    send(outbox, at=NOON + MINUTE + MINUTE / 60, a_minute=2)
    assert outbox.posts == 4


def test_no_more_are_invited_in_an_hour_than_staffed_calls_can_follow_up(worker, plan):
    plan(replace(EVERY_WAY, calls_an_hour=1, calls_from_100=50))
    for _ in range(5):
        given.message(of=_open_for_days())
    outbox = EveryWay()

    send(outbox, limit=1)
    send(outbox, at=NOON + MINUTE, limit=1)
    send(outbox, at=NOON + 2 * MINUTE)
    assert outbox.posts == 2

    send(outbox, at=NOON + HOUR + 3 * MINUTE, limit=2)
    assert outbox.posts == 4


def test_what_nobody_can_tell_for_three_days_has_failed(worker):
    from openprotect.messages.chores import give_up_on_unknown

    message = given.message(status="UNKNOWN")

    give_up_on_unknown(at=NOON + 71 * HOUR)
    assert state(message) == "UNKNOWN"
    give_up_on_unknown(at=NOON + 72 * HOUR)
    assert (state(message), why(message)) == ("FAILED", "nobody knows after three days")


class Stopping(given.Outbox):
    """While it is asked whether it knows the first try, somebody says stop."""

    def __init__(self, person_id):
        super().__init__(TryLater())
        self.person_id = person_id

    def find(self, reference, channel):
        choose(self.person_id, Answer.REFUSED, via="PHONE", at=NOON)
        return


class Telling(given.Outbox):
    """While the first of several leaves, another one of them says stop."""

    def post_text(self, reference, to, body):
        for each in Message.objects.exclude(pk=reference):
            choose(each.person_id, Answer.REFUSED, via="PHONE", at=NOON)
        return super().post_text(reference, to, body)


def test_a_stop_said_while_others_leave_under_the_same_lease_is_heard(worker, monkeypatch):
    monkeypatch.setattr(sending, "FRESH_FOR", 0)
    messages = [given.message(of=_open_for_days()) for _ in range(3)]
    outbox = Telling()

    send(outbox)

    assert sorted(state(each) for each in messages) == ["SENDING", "SENDING", "SENT"]
    assert outbox.posts == 1


def test_looked_at_once_a_lease_a_stop_would_not_be_heard_and_this_would_show(worker, monkeypatch):
    monkeypatch.setattr(sending, "FRESH_FOR", 3600)
    for _ in range(3):
        given.message(of=_open_for_days())
    outbox = Telling()

    send(outbox)

    assert outbox.posts == 3


def test_a_stop_said_after_the_claim_and_before_the_post_is_heard(worker):
    message = given.message(of=_open_for_days())
    outbox = Stopping(message.person_id)
    send(outbox)

    send(outbox, at=NOON + MINUTE)
    assert (state(message), outbox.posts) == ("SENDING", 1)

    send(outbox, at=NOON + 3 * MINUTE)
    assert (state(message), outbox.posts) == ("CANCELLED", 1)


def test_a_letter_is_passed_over_where_it_would_come_too_late(worker, plan):
    plan(EVERY_WAY)
    checkin = opened(mobile="", email="", landline="+441632960001")
    Checkin.objects.filter(pk=checkin.pk).update(closes_at=NOON + timedelta(hours=24))

    follow_waiting(at=NOON)

    assert ways() == ["CALL"]


@pytest.mark.parametrize(
    ("lacking", "way"),
    [({}, "TEXT"), ({"mobile": ""}, "EMAIL"), ({"mobile": "", "email": ""}, "LETTER")],
)
def test_what_was_done_is_told_by_the_way_that_reaches_them(worker, plan, lacking, way):
    plan(EVERY_WAY)
    of = given.enrolment(of=given.person(**({"email": "ada@example.com"} | lacking)))
    ended = {"closed_by": given.user("SURVEILLANCE"), "closed_at": NOON, "outcome": "SEEN"}
    alert = given.alert(of=of, status="CLOSED", **ended)
    record("alert.closed", alert.pk, at=NOON, person_id=of.person_id, programme_id=of.programme_id)

    follow_waiting(at=NOON)

    assert list(Message.objects.filter(kind="CLOSED").values_list("channel", flat=True)) == [way]
