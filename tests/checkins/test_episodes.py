"""One asking of one person, whatever the way: in part, excused, at its own rhythm, once a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from openprotect.base.refusals import Refused
from openprotect.calls.models import Call
from openprotect.checkins import actions
from openprotect.checkins.actions.excusing import back_again, choose_rhythm, excuse
from openprotect.checkins.actions.standing_in import answer_for
from openprotect.checkins.chores import close_missed, open_due, plan_due
from openprotect.checkins.models import Channel, Checkin, Excuse, Response
from openprotect.checkins.queries import answers_so_far, misses_in_a_row
from openprotect.checkins.rules import slot_for
from openprotect.events.models import Event
from openprotect.messages.actions import note_outage, provider_answers
from openprotect.messages.models import Outage
from openprotect.packs.bands import Band
from openprotect.pathway.following import follow_waiting
from openprotect.programmes import queries as programmes
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
Found, Of = Outage.Found, Outage.Of


def status(checkin):
    return Checkin.objects.get(pk=checkin.pk).status


def past(*, of=None, days=0, **more):
    """A check-in that was open for a day, and has closed by noon."""
    closes = NOON - days * DAY
    return given.checkin(
        of=of or given.enrolment(),
        due_on=closes.date() - DAY,
        opens_at=closes - DAY,
        closes_at=closes,
        **more,
    )


def say(checkin, link_id="feeling", value="same", channel=Channel.WEB):
    actions.answer(checkin, link_id, value, channel=channel, at=checkin.opens_at + HOUR)


def follow():
    for _ in range(3):
        follow_waiting(at=NOON)


def test_what_was_begun_and_not_finished_is_answered_in_part(worker):
    begun, silent = past(), past()
    say(begun)

    close_missed(at=NOON)

    assert (status(begun), status(silent)) == ("PARTLY", "MISSED")
    assert Event.objects.get(name="checkin.partly").subject_id == begun.pk


def test_an_answer_taken_back_is_none(worker):
    checkin = past()
    say(checkin)
    say(checkin, value=None)

    close_missed(at=NOON)

    assert status(checkin) == "MISSED"


def test_what_was_said_in_part_counts_and_is_no_silence(worker):
    checkin = past()
    say(checkin, "medicines", "none")

    close_missed(at=NOON)
    follow()

    assert misses_in_a_row(checkin.enrolment_id) == 0
    assert checkin.enrolment.alerts.exists()


def test_what_was_said_in_part_can_be_finished_by_phone(worker):
    checkin = past()
    say(checkin)
    close_missed(at=NOON)

    say_on = {"channel": Channel.PHONE, "at": NOON}
    actions.answer(checkin, "breath", "normal", **say_on)

    assert answers_so_far(checkin) == {"feeling": "same", "breath": "normal"}


def test_switching_from_web_to_phone_keeps_what_was_answered(worker):
    checkin = given.checkin(closes_at=NOON + DAY)
    say(checkin)

    actions.answer(checkin, "breath", "normal", channel=Channel.PHONE, at=NOON)

    assert set(answers_so_far(checkin)) == {"feeling", "breath"}


CALM = {
    "feeling": "same", "breath": "normal", "chest-pain": "no", "hot": "no", "cough": "no",
    "medicines": "enough", "food": "week", "care": "no-need", "mood": "no",
}  # fmt: skip


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.PAPER])
@pytest.mark.parametrize("before", ["OPEN", "MISSED"])
def test_answers_by_phone_or_on_paper_are_taken_after_it_closed(worker, channel, before):
    checkin = past(status=before)
    by = given.user("PRACTICE", checkin.enrolment.practice)

    stored = actions.submit(
        checkin, given.uuid.uuid4(), channel=channel, at=NOON, by=by, answers=CALM
    )

    assert (stored.outcome, status(checkin)) == ("stored", "ANSWERED")
    assert Response.objects.get().channel == channel


def test_answered_by_a_carer_it_says_so(worker):
    checkin = given.checkin(closes_at=NOON + DAY)
    answer_for(checkin, "CARER", "GIVEN", at=NOON)

    say(checkin)

    assert checkin.answers.get().channel == "CARER"


def test_in_hospital_nobody_is_asked_and_nothing_counts_as_silence(worker):
    enrolment = given.enrolment()
    missed = past(of=enrolment, status="MISSED")
    waiting = given.checkin(of=enrolment, closes_at=NOON + DAY)

    excuse(
        enrolment.person_id, Excuse.Why.HOSPITAL, from_on=NOON.date() - DAY, to_on=None,
        by=None, at=NOON,
    )  # fmt: skip

    assert (status(missed), status(waiting)) == ("EXCUSED", "EXCUSED")
    assert misses_in_a_row(enrolment.pk) == 0


def test_who_is_away_is_excused_when_the_asking_would_open_and_asked_when_back(worker):
    enrolment = given.enrolment()
    today = NOON.date()
    away = excuse(
        enrolment.person_id, Excuse.Why.AWAY, from_on=today, to_on=today, by=None, at=NOON
    )
    first = given.checkin(of=enrolment, status="DUE", due_on=today, closes_at=NOON + 4 * DAY)
    next_day = given.checkin(
        of=enrolment, status="DUE", due_on=today + DAY, closes_at=NOON + 4 * DAY
    )

    open_due(at=NOON)

    assert (status(first), status(next_day)) == ("EXCUSED", "OPEN")
    assert away.to_on == today


def test_back_again_ends_an_excuse_without_an_end(worker):
    enrolment = given.enrolment()
    away = excuse(
        enrolment.person_id, Excuse.Why.HOSPITAL, from_on=NOON.date() - 3 * DAY, to_on=None,
        by=None, at=NOON,
    )  # fmt: skip

    back_again(away, on=NOON.date(), by=None, at=NOON)

    away.refresh_from_db()
    assert away.to_on == NOON.date() - DAY


def test_an_excuse_cannot_end_before_it_begins(worker):
    with pytest.raises(Refused):
        excuse(
            given.enrolment().person_id, Excuse.Why.AWAY, from_on=NOON.date(),
            to_on=NOON.date() - DAY, by=None, at=NOON,
        )  # fmt: skip


def down(*, hours, of=Of.SERVICE, ago=DAY):
    began = NOON - ago
    return note_outage(
        of, found=Found.BY_HAND, began_at=began, ended_at=began + hours * HOUR, at=NOON
    )


@pytest.mark.parametrize("of", Of.values)
def test_what_was_missed_while_we_were_down_does_not_count(worker, of):
    checkin = past()
    down(hours=2, of=of)

    close_missed(at=NOON)

    assert status(checkin) == "EXCUSED"
    assert misses_in_a_row(checkin.enrolment_id) == 0


def test_an_outage_shorter_than_the_grace_excuses_nobody(worker):
    checkin = past()
    down(hours=0.9)

    close_missed(at=NOON)

    assert status(checkin) == "MISSED"


def test_after_two_in_a_row_silence_counts_again_whatever_was_down(worker):
    enrolment = given.enrolment()
    for days in (3, 2):
        because = {"status": "EXCUSED", "ended_because": "the service or its messages were down"}
        past(of=enrolment, days=days, **because)
    third = past(of=enrolment)
    down(hours=96, ago=4 * DAY)

    close_missed(at=NOON)

    assert status(third) == "MISSED"


def test_an_outage_that_becomes_known_later_takes_back_misses_and_the_call(worker):
    enrolment = given.enrolment()
    for days in (1, 0):
        past(of=enrolment, days=days)
    close_missed(at=NOON)
    follow()
    assert Call.objects.get().status == "WAITING"

    down(hours=48, ago=2 * DAY)
    follow()

    assert misses_in_a_row(enrolment.pk) == 0
    assert Call.objects.get().status == "CANCELLED"


def test_messages_that_cannot_be_sent_are_one_outage_from_first_to_last(worker):
    for minutes in range(5):
        provider_answers(does_it=False, at=NOON + timedelta(minutes=minutes))
    provider_answers(does_it=True, at=NOON + HOUR)
    provider_answers(does_it=True, at=NOON + 2 * HOUR)

    outage = Outage.objects.get()
    assert (outage.began_at, outage.ended_at) == (NOON, NOON + HOUR)


@pytest.fixture
def pack(monkeypatch):
    """The pack with something changed."""

    def change(**changed):
        it = replace(given.covid_protect(), **changed)
        monkeypatch.setattr(programmes, "_unpacked", lambda version_id: it)
        return it

    return change


def test_a_band_is_asked_at_its_own_rhythm(worker, pack):
    weekly = replace(given.covid_protect().cadence, every_days=7)
    daily = Band("closest", "Closest", ("chronic-respiratory",), every_days=1)
    since = NOON - 3 * DAY
    given.enrolment(active_from=since)

    pack(cadence=weekly)
    plan_due(at=NOON)
    assert Checkin.objects.count() == 0

    pack(cadence=weekly, bands=(daily,))
    plan_due(at=NOON)
    assert Checkin.objects.get().due_on == NOON.astimezone(LONDON).date()


def test_one_person_may_be_asked_at_other_times(worker):
    enrolment = given.enrolment(active_from=NOON - 3 * DAY)
    nurse = given.user("PRACTICE", enrolment.practice)
    choose_rhythm(
        enrolment, every_days=7, starts_on=NOON.date() - 2 * DAY, because="Asked for it",
        by=nurse, at=NOON,
    )  # fmt: skip

    plan_due(at=NOON)
    assert not Checkin.objects.exists()

    plan_due(at=NOON + 5 * DAY)
    assert Checkin.objects.count() == 1


def test_a_rhythm_needs_a_reason_and_a_sensible_length(worker):
    enrolment, nurse = given.enrolment(), given.user("PRACTICE")
    for days, because in ((7, " "), (0, "x"), (366, "x")):
        with pytest.raises(Refused):
            choose_rhythm(
                enrolment, every_days=days, starts_on=NOON.date(), because=because, by=nurse,
                at=NOON,
            )  # fmt: skip


def test_a_band_is_rung_after_fewer_misses(worker, pack):
    pack(bands=(Band("c", "C", ("chronic-respiratory",), settings={"misses_before_call": 1}),))
    past()

    close_missed(at=NOON)
    follow()

    assert Call.objects.count() == 1


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)])
def test_over_a_change_of_clocks_and_a_leap_day_each_day_is_asked_once(change):
    start = datetime(change.year, change.month, change.day, 12, tzinfo=UTC) - 3 * DAY
    slots = {
        slot_for(
            start + hours * HOUR,
            active_from=start,
            every_days=1,
            opens=time(9),
            open_for=DAY,
        )
        for hours in range(24 * 6)
    }

    days = sorted(slot.due_on for slot in slots)
    assert days == sorted(set(days))
    assert change in days
    opening = [slot.opens_at.astimezone(LONDON).hour for slot in slots if slot.due_on > days[0]]
    assert set(opening) == {9}


def test_the_database_refuses_a_second_asking_of_a_day(worker):
    checkin = given.checkin()

    with pytest.raises(IntegrityError, match="asked_once_a_day"), transaction.atomic():
        given.checkin(of=checkin.enrolment, due_on=checkin.due_on)
