"""The queue as it is worked: ranked, offered to who can make a call, spilled aloud."""

from datetime import UTC, datetime, time, timedelta

import pytest

from openprotect.accounts.actions.staffing import note_abilities
from openprotect.accounts.models import Shift
from openprotect.alerts.actions import Concern, raise_alert
from openprotect.base.refusals import Refused
from openprotect.calls.actions import likes_any_time, likes_to_be_rung
from openprotect.calls.chores import plan_the_day, rank_waiting
from openprotect.calls.models import BestTime, Call, Standing
from openprotect.calls.queries.needs import plan_for
from openprotect.calls.queries.queue import (
    count_spilled,
    nobody_can_take,
    offered,
    spilled,
    waiting,
)
from openprotect.calls.rules.ranking import Abilities, Hours, hours_for
from openprotect.checkins.rules import LOCAL
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.pathway.ranking import rank_calls, unmet_needs
from openprotect.people.actions.choosing import record_need
from openprotect.people.models import Need, Via
from openprotect.reports.queries.grip import grip
from openprotect.reports.queries.history import WORDS as TOLD
from openprotect.reports.rules import period
from tests import given
from tests.calls.pressing import a_supervisor, claimed
from tests.given import NOON
from tests.places.given import team
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ranked(at=NOON):
    """Ranked, and open at whatever hour this runs: calls are claimed by the real clock."""
    done = rank_waiting(at=at, beside=unmet_needs)
    Call.objects.update(rings_from=None, rings_until=None)
    return done


def call_to(*, language="en", **given_):
    someone = given.person(language=language)
    asked = given.checkin(of=given.enrolment(of=someone), status="MISSED")
    return given.call(of=asked, due_at=NOON - DAY, **given_)


def test_what_is_most_urgent_is_offered_first_however_long_others_wait(worker):
    longest = given.call(due_at=NOON - 5 * DAY)
    urgent = given.call(due_at=NOON - DAY)
    given.alert(of=urgent.enrolment, urgency=1)
    ranked()

    assert claimed(given.user("CALLER")) == urgent
    assert claimed(given.user("CALLER")) == longest


def test_of_equals_the_one_that_is_due_longest_comes_first(worker):
    given.call(due_at=NOON - DAY)
    longest = given.call(due_at=NOON - 2 * DAY)
    ranked()

    assert claimed(given.user("CALLER")) == longest


def test_a_new_alert_moves_a_call_up_at_once(worker):
    call = given.call(due_at=NOON - DAY)
    ranked(NOON)
    before = Call.objects.get().rank
    assert ranked(NOON) == 0

    concern = Concern("food-none", "social", "today", "No food at home")
    raise_alert(call.enrolment, concern, source_id=call.pk, pack_id=call.programme.pack_id, at=NOON)
    follow_waiting(at=NOON + DAY)

    assert ranked(NOON) == 1
    assert Call.objects.get().rank > before


@pytest.mark.parametrize(("waits", "again"), [(0, 1), (9, 1), (30, 0)])
def test_a_rank_grows_day_by_day_and_not_for_ever(worker, waits, again):
    given.call(due_at=NOON - DAY, made_at=NOON - waits * DAY)
    ranked(NOON)

    assert ranked(NOON + timedelta(minutes=5)) == 0
    assert ranked(NOON + DAY) == again


def test_when_an_agreed_time_has_come_it_counts(worker):
    given.call(due_at=NOON, agreed_at=NOON)
    ranked(NOON - timedelta(minutes=5))
    before = Call.objects.get().rank

    assert ranked(NOON) == 1
    assert Call.objects.get().rank > before


def test_the_supervisor_reads_why_and_of_nobody(worker):
    call = given.call(due_at=NOON - DAY, attempts=1)
    given.alert(of=call.enrolment, urgency=2)
    ranked()

    with given.acting(a_supervisor()) as viewer:
        (row,) = waiting(viewer)

    assert "an alert for today is open" in row.why_next
    assert "rung 1 time already" in row.why_next
    assert call.person.family_name not in str(row)


@pytest.mark.parametrize("role", ["CALLER", "PRACTICE", "LOCALITY", "PARTNER"])
def test_why_a_call_is_next_is_not_for_who_rings(worker, role):
    call = given.call(due_at=NOON - DAY)
    ranked()
    someone = given.user(role)
    if role == "CALLER":
        claimed(someone)

    with given.acting(someone):
        assert not Standing.objects.exists()
    with given.as_worker():
        assert Standing.objects.get().call == call


def test_nobody_but_the_worker_writes_why(worker):
    call = given.call()

    with given.acting(a_supervisor()), row_security_refuses():
        Standing.objects.create(
            call=call, person_id=call.person_id, programme_id=call.programme_id, at=NOON
        )


def test_a_call_in_polish_goes_to_who_speaks_it(worker):
    call = call_to(language="pl")
    ranked()
    english, polish = given.user("CALLER"), able("LANGUAGE:pl")

    assert claimed(english) is None
    assert claimed(polish) == call


def able(*codes):
    someone = given.user("CALLER")
    with given.acting(a_supervisor()) as viewer:
        note_abilities(someone.pk, codes, viewer=viewer, at=viewer.at)
    return someone


def test_a_language_told_a_minute_ago_is_known_before_anybody_dials(worker):
    call = call_to()
    ranked()
    record_need(call.person_id, Need.Kind.INTERPRETER, via=Via.LINK, at=NOON, language="lt")

    assert claimed(given.user("CALLER")) is None
    assert Call.objects.get().language == "lt"
    assert claimed(able("INTERPRETER")) == call


def test_a_call_that_nobody_can_make_is_shown_and_after_a_day_open_to_all(worker):
    call = call_to(language="pl")
    now = datetime.now(UTC)
    ranked(now)

    with given.acting(a_supervisor()) as viewer:
        (row,) = nobody_can_take(viewer, [Abilities(), Abilities(("lt",))], at=viewer.at)
        assert row.needs == ("Polish",)
        assert not nobody_can_take(viewer, [Abilities(("pl",))], at=viewer.at)
        assert not nobody_can_take(viewer, [Abilities((), ("INTERPRETER",))], at=viewer.at)
    assert claimed(given.user("CALLER"), later=timedelta(hours=23)) is None
    assert claimed(given.user("CALLER"), later=timedelta(hours=25)) == call


def test_outside_the_hours_they_like_nobody_is_rung(worker):
    call = call_to()
    now = datetime.now(UTC)
    past = (now - timedelta(minutes=2)).astimezone(LOCAL).time()
    if past > now.astimezone(LOCAL).time():
        pytest.skip("midnight lies between")
    likes_to_be_rung(call.person_id, time(0), past, by=None, at=NOON)

    assert claimed(given.user("CALLER")) is None
    call.refresh_from_db()
    hours = hours_for(plan_for(call), Hours(time(0), past))
    assert (call.status, call.rings_until) == ("WAITING", hours.rings_until)

    likes_any_time(call.person_id, at=NOON)
    ranked()
    assert claimed(given.user("CALLER")) == call


@pytest.mark.parametrize(("hour", "is_offered"), [(7, False), (8, True), (20, True), (21, False)])
def test_outside_the_programmes_hours_nobody_is_offered(worker, hour, is_offered):
    given.call(due_at=NOON - 2 * DAY)
    rank_waiting(at=NOON, beside=unmet_needs)
    today = NOON.astimezone(LOCAL).date()

    found = offered(datetime.combine(today, time(hour), LOCAL))

    assert found.exists() is is_offered


def test_what_they_like_is_kept_once_and_the_last_word_counts(worker):
    person = given.call().person

    for until in (time(12), time(12), time(17)):
        likes_to_be_rung(person.pk, time(9), until, by=None, at=NOON)

    assert list(
        BestTime.objects.order_by("rings_until").values_list("rings_until", "ended_at")
    ) == [(time(12), NOON), (time(17), None)]
    with pytest.raises(Refused, match="must come after"):
        likes_to_be_rung(person.pk, time(9), time(9), by=None, at=NOON)


def test_the_database_refuses_two_best_times_at_once(worker):
    person = given.call().person
    said = {"person": person, "rings_from": time(9), "rings_until": time(12), "said_at": NOON}
    BestTime.objects.create(**said)

    with the_database_refuses("one_best_time_at_a_time"):
        BestTime.objects.create(**said)


def test_the_database_refuses_a_spill_without_owner(worker):
    call = given.call()

    with the_database_refuses("spilled_call_has_an_owner"):
        Standing.objects.create(
            call=call, person_id=call.person_id, programme_id=call.programme_id, at=NOON,
            spilled_on=NOON.date(),
        )  # fmt: skip


def test_what_is_beyond_todays_staff_is_listed_with_its_owner_and_said_once(worker):
    calling = team("calling", given.area().system)
    first = given.call(due_at=NOON - 2 * DAY)
    last = given.call(due_at=NOON - DAY)
    now = datetime.now(UTC)

    for _ in range(2):
        plan_the_day(at=now, capacity=lambda programme, at: 1)

    assert Standing.objects.get(spilled_on__isnull=False).call == last
    assert Event.objects.get(name="call.spilled").detail == {"team": str(calling.pk)}
    with given.acting(a_supervisor()) as viewer:
        (row,) = spilled(viewer)
        assert (row.id, row.owner) == (last.pk, calling.name)
    assert count_spilled(first.programme, at=now) == 1
    with given.acting(given.user("LEAD")) as viewer:
        total = grip(first.programme, period("week"), at=viewer.at).total
    assert (total.calls_waiting, total.calls_beyond) == (2, 1)


def test_where_there_is_no_calling_team_surveillance_owns_the_spill(worker):
    given.area()
    given.call(due_at=NOON - DAY)

    plan_the_day(at=NOON, capacity=lambda programme, at: 0)

    assert Standing.objects.get().owner.function == "surveillance"


def test_who_is_on_shift_makes_the_day(worker):
    for _ in range(3):
        given.call(due_at=NOON - DAY)
    caller = given.user("CALLER")
    with given.acting(a_supervisor()) as viewer:
        Shift.objects.create(
            user=caller,
            purpose=viewer.purpose,
            starts_at=NOON - timedelta(hours=1),
            ends_at=NOON + timedelta(minutes=16),
            calls_an_hour=4,
            told_at=NOON,
            told_by_id=viewer.user_id,
        )

    rank_calls(at=NOON)

    assert Standing.objects.filter(spilled_on__isnull=False).count() == 2


@pytest.mark.parametrize("left", [None, 5])
def test_with_enough_staff_or_no_rota_nothing_is_spilled_any_more(worker, left):
    given.call(due_at=NOON - DAY)
    plan_the_day(at=NOON, capacity=lambda programme, at: 0)

    plan_the_day(at=NOON, capacity=lambda programme, at: left)

    assert not Standing.objects.filter(spilled_on__isnull=False).exists()


def test_a_spilled_call_is_still_made_when_somebody_has_time(worker):
    call = given.call(due_at=NOON - DAY)
    plan_the_day(at=NOON, capacity=lambda programme, at: 0)

    assert claimed(given.user("CALLER")) == call


def test_what_happens_to_a_call_has_its_words():
    assert {"call.assigned", "call.spilled", "call.agreed"} <= TOLD.keys()
