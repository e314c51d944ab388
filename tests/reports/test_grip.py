"""What each figure of the grip page counts, by its published definition."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from openprotect.pathway.table import PATHWAY
from openprotect.programmes.actions import adapt
from openprotect.reports.queries.grip import grip
from openprotect.reports.queries.history import WORDS
from openprotect.reports.rules import DEFINITIONS, Counts, period
from tests import given
from tests.given import NOON

pytestmark = pytest.mark.django_db
AT = NOON + timedelta(hours=1)
DICTIONARY = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def total(since="week", at=AT):
    return counted(since, at).total


def counted(since="week", at=AT):
    with given.acting(given.user("LEAD")) as viewer:
        assert viewer.role == "LEAD"
        return grip(given.programme(), period(since), at=at)


def missed(enrolment, days_ago, status="MISSED"):
    opens = NOON - timedelta(days=days_ago, hours=3)
    return given.checkin(
        of=enrolment,
        status=status,
        due_on=opens.date(),
        opens_at=opens,
        closes_at=opens + timedelta(hours=24),
    )


def test_people_are_counted_once_their_part_has_begun(worker):
    given.enrolment()
    given.enrolment(active=False)
    given.enrolment(active=False, status="VETOED")

    assert (total().people, total().in_review) == (1, 1)


def test_invitations_become_answers_misses_or_stay_open(worker):
    for status in ("ANSWERED", "MISSED", "OPEN"):
        given.checkin(status=status)
    given.checkin(status="CANCELLED")

    found = total()

    assert found.invited == found.answered + found.missed + found.still_open == 3


def test_invitations_before_the_period_are_not_counted(worker):
    missed(given.enrolment(), days_ago=9)

    assert (total("week").invited, total("all").invited) == (0, 1)


def test_as_many_misses_as_make_us_ring_are_a_silence(worker):
    twice, once = given.enrolment(), given.enrolment()
    missed(twice, 1)
    missed(twice, 2)
    missed(once, 1)

    assert total().silent == 1


def test_an_answer_ends_a_silence(worker):
    enrolment = given.enrolment()
    missed(enrolment, 3)
    missed(enrolment, 2)
    missed(enrolment, 1, status="ANSWERED")

    assert total().silent == 0


def test_a_silence_is_told_by_the_threshold_of_the_persons_own_locality(worker):
    missed(given.enrolment(), 1)
    far = given.practice("FAR", locality=given.locality("LOC2"))
    missed(given.enrolment(of=given.person(at=far)), 1)
    locality = given.area().locality
    someone = given.user("LOCALITY", locality)
    with given.acting(someone) as viewer:
        adapt(
            given.programme(),
            "misses_before_call",
            1,
            reason="No signal",
            viewer=viewer,
            at=NOON - timedelta(days=1),
        )

    assert [each.counts.silent for each in counted().localities] == [1, 0]


def test_someone_handed_to_a_team_is_not_reached_until_they_answer(worker):
    checkin = given.checkin(status="MISSED")
    given.call(of=checkin, status="HANDED_ON", ended_at=NOON, outcome="NO_ANSWER")
    before = total().not_reached
    again = given.checkin(
        of=checkin.enrolment,
        status="ANSWERED",
        due_on=NOON.date() + timedelta(days=1),
        answered_at=AT,
    )
    given.response(of=again, at=AT)

    assert (before, total().not_reached) == (1, 0)


def test_someone_reported_dead_is_not_counted_as_not_reached(worker):
    given.call(status="HANDED_ON", ended_at=NOON, outcome="DIED")

    assert total().not_reached == 0


def test_calls_wait_or_have_ended(worker):
    given.call()
    given.call(status="DONE", ended_at=NOON, outcome="ANSWERED")
    given.call(status="CANCELLED", ended_at=NOON, outcome="answered")

    assert (total().calls_waiting, total().calls_ended) == (1, 1)


def test_overdue_is_told_by_the_moment_of_reading(worker):
    given.alert(due_at=NOON + timedelta(hours=4))

    found = [total(at=NOON + timedelta(hours=hours)).overdue for hours in (3, 5)]

    assert found == [0, 1]


def test_an_open_alert_of_a_closed_team_is_without_an_owner(worker):
    alert = given.alert()
    before = total().unowned
    alert.team.closed_on = date(2021, 1, 1)
    alert.team.save()

    assert (before, total().unowned) == (0, 1)


def test_closed_alerts_are_counted_in_the_period(worker):
    nurse = given.user("SURVEILLANCE")
    for days in (1, 20):
        at = NOON - timedelta(days=days)
        given.alert(status="CLOSED", closed_at=at, closed_by=nurse, outcome="ADVICE")

    assert (total("week").alerts_closed, total("all").alerts_closed) == (1, 2)


def test_places_add_up_to_the_total(worker):
    given.checkin(status="MISSED")
    given.alert(of=given.enrolment(of=given.person(at=given.practice("TWO"))))

    found = counted()

    assert sum((each.counts for each in found.practices), Counts()) == found.total
    assert sum((each.counts for each in found.localities), Counts()) == found.total


def test_every_definition_is_published():
    published = DICTIONARY.read_text()

    missing = [
        each.title
        for each in DEFINITIONS.values()
        if f"| {each.title} | {each.words} |" not in published
    ]
    assert missing == []


def test_every_event_of_the_pathway_has_words_for_a_persons_history():
    assert set(PATHWAY) <= set(WORDS)
