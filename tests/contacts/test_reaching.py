"""Somebody who cannot be reached: each rung has a step, an owner, a time; silence ends none."""

import pytest

from openprotect.base.refusals import Refused
from openprotect.contacts.actions import reaching
from openprotect.contacts.chores import climb_ladders
from openprotect.contacts.models import Precaution, Tried, Unreached
from openprotect.contacts.queries import before_dialling, unreached_by, way_to
from openprotect.contacts.rules.reaching import (
    CLIMBS,
    ENDS,
    FOR_THIS,
    FOUND,
    OWNERS,
    PRECAUTIONS,
    RUNGS,
    WHY_UNREACHED,
    Reach,
    closed_ways,
    ladder,
    next_rung,
    safe_way,
    step_in_words,
)
from openprotect.enrolments.actions import hear_of, leave
from openprotect.events.actions import record
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.messages.models import Message
from openprotect.packs.settings import LADDERS
from openprotect.pathway.following import follow_waiting
from openprotect.people.actions import stop_contact
from openprotect.people.actions.choosing import record_need
from openprotect.people.models import Need
from openprotect.referrals.queries import preview
from tests import given
from tests.contacts.asking import DAY, body_asks
from tests.given import NOON
from tests.messages.sending import send, state
from tests.people.test_bringing_in import ADA, brought_in
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db


def opened(why="NO_ANSWER", **more):
    return reaching.open_ladder(given.enrolment(**more), why, at=NOON)


def told(unreached, found, *, note="Her sister said so", at=NOON):
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        reaching.tell_what_was_found(unreached, found, note=note, viewer=viewer, at=at)
    return again(unreached)


def again(unreached):
    return Unreached.objects.get(pk=unreached.pk)


def test_every_rung_has_words_an_owner_and_a_time_in_every_ladder():
    assert all(ladder(order, why) for order in LADDERS for why in WHY_UNREACHED)
    assert {rung for order in LADDERS for rung in ladder(order, "NO_PHONE")} <= RUNGS.keys()
    assert OWNERS.keys() == RUNGS.keys()


@pytest.mark.parametrize("order", LADDERS)
@pytest.mark.parametrize("why", WHY_UNREACHED)
def test_a_ladder_is_climbed_to_its_last_rung_which_has_no_end(order, why):
    rungs = ladder(order, why)

    climbed = [rungs[0]]
    for _ in rungs:
        climbed.append(next_rung(order, why, climbed[-1]))

    assert climbed == [*rungs, rungs[-1]]


def test_a_letter_that_came_back_is_not_written_again():
    assert "LETTER" not in ladder(LADDERS[0], "RETURNED")


def test_the_first_rung_is_the_practices_for_a_day(worker):
    unreached = opened()

    assert (unreached.rung, unreached.team.function) == ("RECORD", "practice")
    assert unreached.due_at == NOON + DAY


def test_opened_again_it_is_the_same(worker):
    enrolment = given.enrolment()

    first, again_ = (reaching.open_ladder(enrolment, "NO_ANSWER", at=NOON) for _ in range(2))

    assert first == again_


def test_nothing_found_climbs_to_the_next_owner(worker):
    after = told(opened(), "NOTHING")

    assert (after.rung, after.team.function, after.due_at) == (
        "LETTER", "locality", NOON + 5 * DAY,
    )  # fmt: skip
    assert Tried.objects.get().found == "NOTHING"


def test_silence_climbs_and_never_ends_it(worker):
    unreached = opened()

    for days in range(1, 60):
        climb_ladders(at=NOON + days * DAY)

    after = again(unreached)
    assert (after.status, after.rung, after.team.function) == ("OPEN", "WELFARE", "surveillance")
    assert set(Tried.objects.values_list("found", flat=True)) == {"NOBODY_TOLD"}


@pytest.mark.parametrize("found", sorted({"REACHED", "DETAILS", "SEEN", "DIED", "MOVED"}))
def test_what_was_found_ends_it_and_is_kept(worker, found):
    after = told(opened(), found)

    assert (after.status, after.ended_as) == ("ENDED", found)
    assert Access.objects.filter(what="contacts.unreached").exists()


@pytest.mark.parametrize(
    ("found", "note"), [("SEEN", " "), ("DIED", ""), ("STOPPED", "x"), ("X", "x")]
)
def test_nobody_is_found_without_saying_how(worker, found, note):
    unreached = opened()

    with pytest.raises(Refused):
        told(unreached, found, note=note)

    assert again(unreached).status == "OPEN"


def test_the_database_refuses_an_end_without_what_was_found(worker):
    unreached = opened()

    with the_database_refuses("unreached_ends_with_what_was_found"):
        Unreached.objects.filter(pk=unreached.pk).update(status="ENDED", ended_at=NOON)


def test_no_end_is_silence():
    assert not CLIMBS & ENDS.keys()
    assert FOUND.keys() == CLIMBS | ENDS.keys()


def test_whoever_may_not_be_contacted_any_more_is_not_looked_for(worker):
    unreached = opened()
    stop_contact(unreached.person, because="asked by phone", at=NOON)

    given.follow()

    assert again(unreached).ended_as == "STOPPED"


def test_whoever_left_the_programme_is_not_looked_for_in_it(worker):
    unreached = opened()
    leave(unreached.enrolment, because="moved away", at=NOON)

    given.follow()

    assert again(unreached).ended_as == "LEFT"


def test_without_any_number_the_ladder_is_begun(worker):
    given.message(of=given.checkin(of=given.enrolment(of=given.person(mobile="", landline=""))))
    send(given.Outbox())

    given.follow()

    assert Unreached.objects.get().why == "NO_PHONE"


def test_a_worklist_shows_a_team_its_own_the_longest_due_first(worker):
    late, later = opened(), opened()
    Unreached.objects.filter(pk=late.pk).update(due_at=NOON - DAY)
    climbed = told(opened(), "NOTHING")

    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        assert [each.pk for each in unreached_by(viewer)] == [late.pk, later.pk]
    with given.acting(given.user("LOCALITY", given.area().locality)) as viewer:
        assert [each.pk for each in unreached_by(viewer)] == [climbed.pk]


def precaution(kind, person=None, **more):
    return reaching.set_precaution(person or given.enrolment().person, kind, at=NOON, **more)


@pytest.mark.parametrize("kind", PRECAUTIONS)
def test_what_to_mind_stands_before_the_number(worker, kind):
    person = precaution(kind).person

    assert before_dialling(person.pk) == [PRECAUTIONS[kind]]


def test_set_again_it_is_one_precaution(worker):
    person = precaution("LANGUAGE", words="Polish").person
    precaution("LANGUAGE", person, words="Ukrainian")

    assert Precaution.objects.filter(ended_at=None).count() == 1
    assert before_dialling(person.pk) == ["Needs an interpreter. Ukrainian"]


def test_that_somebody_may_not_speak_freely_says_no_more(worker):
    with pytest.raises(Refused, match="no more"):
        precaution("DISCREET", words="because of her husband")


@pytest.mark.parametrize("kind", ["DISCREET", "SHARED"])
def test_no_text_goes_where_others_may_read_it_and_somebody_rings_instead(worker, kind):
    message = given.message()
    precaution(kind, message.person)
    outbox = given.Outbox()

    send(outbox)
    given.follow()

    assert (outbox.texts, state(message)) == ({}, Message.Status.CANCELLED)
    assert message.person.calls.get().why == "NOT_REACHED"


def test_a_partner_is_told_to_stop_where_a_way_is_closed_and_not_why(worker):
    person = precaution("ADDRESS").person

    assert body_asks(person.nhs_number, channel="VISIT").answer == "STOP"
    assert body_asks(person.nhs_number, channel="CALL").is_yes


def test_what_need_not_be_minded_any_more_closes_nothing(worker):
    message = given.message()
    precaution("SHARED", message.person)
    reaching.end_precaution(message.person, "SHARED", at=NOON)
    outbox = given.Outbox()

    send(outbox)

    assert len(outbox.texts) == 1


@pytest.mark.parametrize(
    ("reach", "channel"),
    [
        (Reach(True, True, True), "TEXT"),
        (Reach(True, True, True, {"SHARED"}), "CALL"),
        (Reach(False, True, True), "CALL"),
        (Reach(False, False, True), "LETTER"),
        (Reach(False, False, True, {"DISCREET"}), "VISIT"),
        (Reach(False, False, True, {"DISCREET", "ADDRESS"}), "PRACTICE"),
        (Reach(False, False, False), "PRACTICE"),
    ],
)
def test_a_safe_way_is_found_instead_of_dropping_somebody(reach, channel):
    assert safe_way(reach).channel == channel


def test_no_precaution_closes_a_call():
    assert "CALL" not in closed_ways(PRECAUTIONS)


def test_the_way_to_somebody_says_what_to_mind(worker):
    person = precaution("HEARING").person

    assert way_to(person).mind == (PRECAUTIONS["HEARING"],)


def test_an_address_that_is_not_safe_is_no_step_of_the_ladder():
    closed = closed_ways({"ADDRESS"})

    assert ladder(LADDERS[0], "UNSAFE", closed) == ["RECORD", "PRACTICE", "WELFARE"]
    assert all(ladder(order, why, closed) for order in LADDERS for why in WHY_UNREACHED)


def test_a_step_that_became_unsafe_meanwhile_is_left_for_the_one_after_it():
    assert next_rung(LADDERS[0], "NO_ANSWER", "LETTER", closed_ways({"ADDRESS"})) == "PRACTICE"


@pytest.mark.parametrize(("why", "rung"), FOR_THIS)
def test_a_step_says_what_it_means_for_this_reason(why, rung):
    assert step_in_words(why, rung) == FOR_THIS[why, rung]
    assert step_in_words("NO_PHONE", rung) == RUNGS[rung]


def test_who_moved_is_looked_for_where_they_live_now(worker):
    person = brought_in()
    unreached = reaching.open_ladder(person.enrolments.get(), "NO_ANSWER", at=NOON)
    elsewhere = given.practice("ELS", locality=given.locality("LO2"))
    hear_of(ADA, elsewhere, at=NOON + DAY)

    follow_waiting(at=NOON + DAY)

    assert again(unreached).team.covers.code == "ELS"


def test_nobody_rings_whom_no_number_reaches_and_somebody_looks_for_them(worker):
    enrolment = given.enrolment(of=given.person(mobile="", landline=""))
    for days in range(3):
        given.checkin(of=enrolment, status="MISSED", due_on=NOON - days * DAY)
    record_missed(enrolment.checkins.order_by("-due_on").first())

    given.follow()

    assert enrolment.person.calls.count() == 0
    assert Unreached.objects.get().why == "NO_PHONE"


def record_missed(checkin):
    record(
        "checkin.missed", checkin.pk, at=NOON, person_id=checkin.person_id,
        programme_id=checkin.programme_id,
    )  # fmt: skip


def test_where_the_only_safe_way_is_closed_one_is_looked_for(worker):
    precaution("DISCREET", given.enrolment(of=given.person(mobile="", landline="")).person)

    given.follow()

    assert Unreached.objects.get().why == "UNSAFE"


def test_a_call_is_safe_whatever_is_to_be_minded(worker):
    precaution("DISCREET")

    given.follow()

    assert Unreached.objects.count() == 0


def test_what_is_minded_stays_out_of_events(worker):
    precaution("DISCREET")

    assert "DISCREET" not in str(Event.objects.get(name="precaution.set").detail)


def test_whoever_is_asked_to_help_is_told_what_to_mind_and_what_is_needed(worker):
    alert = given.alert(of=given.enrolment())
    precaution("SHARED", alert.person)
    precaution("LANGUAGE", alert.person, words="Polish", seen_by="CLINICAL")
    for whose in Need.Whose.values:
        record_need(alert.person_id, Need.Kind.LARGE_PRINT, via="PRACTICE", whose=whose, at=NOON)

    told = preview(alert, given.area().council.covered_by.get(function="council"))

    assert told["mind"] == PRECAUTIONS["SHARED"]
    assert told["needs"] == "large print (their carer), large print"
