"""Each way in which a call can end, and what follows from it: a table, each row tried."""

from datetime import date, datetime, timedelta

import pytest

from openprotect.accounts.actions.staffing import note_abilities
from openprotect.alerts.models import Alert
from openprotect.alerts.queries.tried import what_was_tried
from openprotect.base.refusals import Refused
from openprotect.calls.actions import claim_next
from openprotect.calls.actions.talking import finish, hear, keep_note
from openprotect.calls.models import Attempt, Call
from openprotect.calls.queries.day import my_day
from openprotect.calls.rules import LEASE, Told, as_now
from openprotect.calls.rules.outcomes import FURTHEST_AHEAD, HOSPITAL_UNLESS_TOLD
from openprotect.checkins.models import Checkin, Excuse, Response, StandIn
from openprotect.checkins.rules import LOCAL, NotFinished
from openprotect.contacts.models import Unreached
from openprotect.events.models import Event
from openprotect.pathway.following import follow_waiting
from openprotect.people.models import Need, Person
from tests import given
from tests.checkins.saying import CALM
from tests.given import NOON
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

WORDS = "Her daughter said so"
# Outcome, what it asks for, what the call becomes, the rule of the alert, its kind and urgency
# (1 is now), and why a ladder for the unreachable is begun. Empty: none.
TABLE = [
    ("ANSWERED", {}, "DONE", "", "", 0, ""),
    ("ON_BEHALF", {"by_whom": "FAMILY", "consent": "GIVEN"}, "DONE", "", "", 0, ""),
    ("PARTLY", {}, "DONE", "", "", 0, ""),
    ("REFUSED", {}, "DONE", "", "", 0, ""),
    ("RESCHEDULED", {"when": NOON + 2 * DAY}, "WAITING", "", "", 0, ""),
    ("LANGUAGE", {"language": "pl"}, "WAITING", "", "", 0, ""),
    ("NO_ANSWER", {}, "WAITING", "", "", 0, ""),
    ("VOICEMAIL", {}, "WAITING", "", "", 0, ""),
    ("WRONG_NUMBER", {}, "HANDED_ON", "not-reached", "welfare", 2, "WRONG_NUMBER"),
    ("LINE_DEAD", {}, "HANDED_ON", "not-reached", "welfare", 2, "WRONG_NUMBER"),
    ("MOVED", {}, "HANDED_ON", "not-reached", "welfare", 2, "WRONG_NUMBER"),
    ("DIED", {}, "HANDED_ON", "not-reached", "data", 2, ""),
    ("HOSPITAL", {}, "DONE", "", "", 0, ""),
    ("SAFEGUARDING", {}, "DONE", "safeguarding-call", "safeguarding", 1, ""),
    ("OPTED_OUT", {}, "DONE", "", "", 0, ""),
    ("HANDED_OVER", {"handed_to": "999"}, "DONE", "emergency-call", "clinical", 1, ""),
]


@pytest.fixture
def caller(worker):
    return given.user("CALLER")


def held_by(caller, *, answers=None, **given_):
    call = given.call(of=given.checkin(status="MISSED"), due_at=NOON - DAY, **given_)
    with given.acting(caller) as viewer:
        claim_next(viewer=viewer, at=viewer.at)
        for name, value in (answers or {}).items():
            hear(call, name, value, viewer=viewer, at=viewer.at)
    return Call.objects.get(pk=call.pk)


def ended(call, caller, outcome, *, note=WORDS, **told):
    with given.acting(caller) as viewer:
        after = finish(call, outcome, note=note, viewer=viewer, at=viewer.at, told=Told(**told))
    follow_waiting(at=NOON + DAY)
    call.refresh_from_db()
    return after


@pytest.mark.parametrize(("outcome", "told", "becomes", "rule", "kind", "urgency", "ladder"), TABLE)
def test_what_follows_from_each_outcome(
    caller, outcome, told, becomes, rule, kind, urgency, ladder
):
    answers = CALM if outcome in {"ANSWERED", "ON_BEHALF"} else {}
    answers = {"feeling": "same"} if outcome == "PARTLY" else answers
    call = held_by(caller, answers=answers)

    ended(call, caller, outcome, **told)

    assert call.status == becomes
    found = list(Alert.objects.values_list("rule", "kind", "urgency"))
    assert found == ([(rule, kind, urgency)] if rule else [])
    assert list(Unreached.objects.values_list("why", flat=True)) == ([ladder] if ladder else [])


def test_the_table_has_every_outcome_and_no_other():
    assert {each[0] for each in TABLE} == {*Attempt.Outcome.values}


def test_safeguarding_goes_to_who_is_there_every_day_with_half_an_hour_to_accept(caller):
    call = held_by(caller)

    ended(call, caller, "SAFEGUARDING")

    alert = Alert.objects.get()
    assert (alert.team.function, alert.get_instead_display()) == ("surveillance", "")
    assert alert.accept_by - alert.raised_at == timedelta(minutes=30)


def test_what_was_heard_of_harm_reaches_whoever_opens_the_alert(caller):
    call = held_by(caller)
    ended(call, caller, "SAFEGUARDING", note="He takes her bank card")

    with given.acting(given.user("SURVEILLANCE")) as viewer:
        tried = what_was_tried(Alert.objects.get())

    assert viewer
    assert "He takes her bank card" in [each.text for each in tried]


def test_somebody_in_hospital_is_not_asked_until_they_are_home(caller):
    call = held_by(caller)
    home = NOON.date() + timedelta(days=9)

    ended(call, caller, "HOSPITAL", home_on=home)

    excuse = Excuse.objects.get()
    assert (excuse.why, excuse.to_on) == ("HOSPITAL", home - timedelta(days=1))
    assert not Unreached.objects.exists()


def test_of_an_unknown_stay_in_hospital_we_ask_again_after_two_weeks(caller):
    call = held_by(caller)

    ended(call, caller, "HOSPITAL")

    excuse = Excuse.objects.get()
    assert excuse.to_on - excuse.from_on == HOSPITAL_UNLESS_TOLD


def test_a_check_in_that_is_open_is_excused_for_hospital(caller):
    open_one = given.checkin(due_on=datetime.now(LOCAL).date(), status="OPEN")
    given.call(of=open_one, due_at=NOON - DAY)
    with given.acting(caller) as viewer:
        call = claim_next(viewer=viewer, at=viewer.at)

    ended(call, caller, "HOSPITAL")

    open_one.refresh_from_db()
    assert (open_one.status, open_one.ended_because) == (Checkin.Status.EXCUSED, "in hospital")


def test_a_language_is_kept_with_the_person_and_the_call_waits_for_who_speaks_it(caller):
    call = held_by(caller)

    ended(call, caller, "LANGUAGE", language="pl")

    need = Need.objects.get()
    assert (need.kind, need.language, need.via, need.by) == ("LANGUAGE", "pl", "PHONE", caller)
    assert Person.objects.get().language == "pl"
    with given.acting(given.user("CALLER")) as viewer:
        assert claim_next(viewer=viewer, at=viewer.at) is None
    polish = given.user("CALLER")
    with given.acting(given.user("SUPERVISOR")) as viewer:
        note_abilities(polish.pk, ["LANGUAGE:pl"], viewer=viewer, at=viewer.at)
    with given.acting(polish) as viewer:
        assert claim_next(viewer=viewer, at=viewer.at) == call


def test_the_call_comes_back_when_it_was_agreed(caller):
    call = held_by(caller, attempts=2)
    when = NOON + 3 * DAY

    ended(call, caller, "RESCHEDULED", when=when)

    assert (call.due_at, call.agreed_at) == (when, when)


def test_being_put_off_for_ever_is_a_matter_for_a_team(caller):
    call = held_by(caller, attempts=5)

    ended(call, caller, "RESCHEDULED", when=NOON + 3 * DAY)

    assert call.status == "HANDED_ON"
    assert "Put off several times" in Alert.objects.get().reason


def test_answers_for_somebody_are_sent_in_as_such(caller):
    call = held_by(caller, answers=CALM)

    ended(
        call, caller, "ON_BEHALF", by_whom="CARER", consent="CANNOT_SAY", relationship="night nurse"
    )

    response, attempt = Response.objects.get(), Attempt.objects.get()
    assert (response.channel, response.on_behalf) == ("PHONE", "paid carer")
    assert (attempt.by_whom, attempt.consent) == ("CARER", "CANNOT_SAY")
    assert attempt.relationship == "night nurse"
    assert StandIn.objects.get().who == "CARER"


def test_answers_for_somebody_must_be_complete_like_their_own(caller):
    call = held_by(caller, answers={"feeling": "same"})

    with pytest.raises(NotFinished):
        ended(call, caller, "ON_BEHALF", by_whom="FAMILY", consent="GIVEN")

    assert not StandIn.objects.exists()


def test_partly_needs_an_answer_to_be_partly(caller):
    call = held_by(caller)

    with pytest.raises(Refused, match="No question has an answer"):
        ended(call, caller, "PARTLY")


def test_what_was_told_in_part_counts(caller):
    call = held_by(caller, answers={"food": "none"})

    ended(call, caller, "PARTLY")

    assert Alert.objects.get().rule == "food-none"


def test_complete_answers_are_not_held_back_by_a_worry(caller):
    call = held_by(caller, answers=CALM)

    ended(call, caller, "SAFEGUARDING")

    assert Response.objects.get().checkin == call.checkin


def test_a_handover_that_failed_calls_a_clinician_whatever_is_open_already(caller):
    call = held_by(caller, answers={"chest-pain": "yes"})
    follow_waiting(at=NOON + DAY)
    first = Alert.objects.get(urgency=1)

    ended(call, caller, "HANDED_OVER", handed_to="999", did_speak=False, why_not="Line went dead")

    alert = Alert.objects.get(urgency=1)
    assert (alert.pk, alert.rule) == (first.pk, "handover-failed")
    assert "Line went dead" in alert.reason
    assert Event.objects.filter(name="alert.worsened").count() == 1


def test_a_handover_that_was_confirmed_says_to_whom(caller):
    call = held_by(caller)

    ended(call, caller, "HANDED_OVER", handed_to="Sys surveillance", did_speak=True, note="")

    attempt = Attempt.objects.get()
    assert (attempt.handed_to, attempt.did_speak) == ("Sys surveillance", True)


@pytest.mark.parametrize(
    ("outcome", "told", "said"),
    [
        ("LANGUAGE", {}, "Choose the language"),
        ("ON_BEHALF", {"by_whom": "FAMILY"}, "whether the person is happy"),
        ("RESCHEDULED", {"when": NOON - 2 * DAY}, "has passed"),
        ("RESCHEDULED", {"when": NOON + FURTHEST_AHEAD + 3 * DAY}, "in the next 28 days"),
        ("HOSPITAL", {"home_on": date(2020, 1, 1)}, "cannot be in the past"),
        ("HANDED_OVER", {"did_speak": False, "handed_to": "999"}, "why you could not speak"),
    ],
)
def test_what_an_outcome_asks_for_is_asked_for(caller, outcome, told, said):
    call = held_by(caller)

    with pytest.raises(Refused, match=said):
        ended(call, caller, outcome, **told)

    assert not Attempt.objects.exists()


@pytest.mark.parametrize("outcome", ["DIED", "MOVED", "SAFEGUARDING"])
def test_what_nobody_should_have_to_guess_is_written_down(caller, outcome):
    call = held_by(caller)

    with pytest.raises(Refused, match="Write"):
        ended(call, caller, outcome, note=" ")


def test_somebody_in_grief_is_rung_next_by_who_is_trained_for_it(caller):
    call = held_by(caller)
    ended(call, caller, "RESCHEDULED", when=NOON + DAY + HOUR, is_bereaved=True)
    Call.objects.update(due_at=NOON - DAY)

    with given.acting(given.user("CALLER")) as viewer:
        assert claim_next(viewer=viewer, at=viewer.at) is None
    assert Call.objects.get().skills == ["BEREAVEMENT"]


@pytest.mark.parametrize(
    ("outcome", "row", "name"),
    [
        ("LANGUAGE", {}, "language_needed_says_which"),
        ("ON_BEHALF", {"by_whom": "CARER"}, "answered_for_somebody_says_by_whom_and_consent"),
        ("HANDED_OVER", {"did_speak": False}, "failed_handover_says_why"),
    ],
)
def test_the_database_refuses_an_outcome_without_what_it_asks_for(caller, outcome, row, name):
    call = held_by(caller)

    with given.acting(caller) as viewer, the_database_refuses(name):
        Attempt.objects.create(
            call=call, person_id=call.person_id, outcome=outcome, by=caller, at=viewer.at, **row
        )


@pytest.mark.parametrize(
    ("outcome", "now"),
    [("CALL_BACK", "RESCHEDULED"), ("STOP", "OPTED_OUT"), ("REFUSED", "REFUSED")],
)
def test_outcomes_of_earlier_versions_have_their_present_names(outcome, now):
    assert as_now(outcome) == now


def test_an_event_from_before_an_upgrade_still_stops_contact(caller):
    call = held_by(caller)
    ended(call, caller, "REFUSED")
    before = Event.objects.get(name="call.done")
    before.pk, before.detail, before.followed_up_at = None, {"outcome": "STOP"}, None
    before.save(force_insert=True)
    assert not Person.objects.get().has_stopped_contact

    follow_waiting(at=NOON + DAY)

    assert Person.objects.get().has_stopped_contact


def test_a_call_handlers_day_counts_what_they_made_and_reached(caller):
    for outcome in ("NO_ANSWER", "REFUSED"):
        ended(held_by(caller), caller, outcome)
    given.call(due_at=NOON - DAY)

    with given.acting(caller) as viewer:
        day = my_day(viewer)
    with given.acting(given.user("CALLER")) as viewer:
        other = my_day(viewer)

    assert (day.made, day.reached, day.left) == (2, 1, 1)
    assert (other.made, other.left) == (0, 1)


def test_while_somebody_writes_the_call_stays_theirs(caller):
    call = held_by(caller)

    with given.acting(caller) as viewer:
        late = viewer.at + LEASE - timedelta(minutes=1)
        keep_note(call, "She tells me of her husband", viewer=viewer, at=late)

    call.refresh_from_db()
    assert call.leased_until == late + LEASE
