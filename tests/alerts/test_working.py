"""An alert is accepted, worked and closed by who may; late or orphaned, it finds another owner."""

from datetime import timedelta

import pytest

from openprotect.alerts.actions import accept, close, hand_on
from openprotect.alerts.actions.passing import pass_on
from openprotect.alerts.chores import hand_to_practices_after_basis, take_back_unaccepted
from openprotect.alerts.models import Alert, Handover
from openprotect.alerts.queries import told_back, visible_to, worklist
from openprotect.alerts.rules import ChangedMeanwhile, NotYourAlert
from openprotect.base.refusals import Refused
from openprotect.enrolments.actions import hear_of
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.messages.models import Message
from openprotect.pathway.following import follow_waiting
from openprotect.people.actions import bring_in
from openprotect.people.models import Person
from openprotect.places.models import Team
from tests import given
from tests.enrolments.finding import details
from tests.given import NOON
from tests.racing import at_once
from tests.refusing import the_database_refuses

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LATE = NOON + 2 * HOUR


def of(function):
    given.area()
    return Team.objects.filter(function=function).order_by("covers__code").first()


def nurse():
    return given.user("SURVEILLANCE")


def accepted(alert, someone, *, at=NOON):
    with given.acting(someone) as viewer:
        return accept(alert, viewer=viewer, at=at)


def closed(alert, someone, *, outcome="ADVICE", note="", at=NOON):
    with given.acting(someone) as viewer:
        return close(alert, outcome, note=note, viewer=viewer, at=at)


def said(name):
    return Event.objects.filter(name=name).count()


def test_accepted_it_says_who_and_when(worker):
    alert, someone = given.alert(by=of("surveillance")), nurse()

    accepted(alert, someone)

    alert.refresh_from_db()
    assert (alert.status, alert.accepted_by, alert.accepted_at) == ("ACCEPTED", someone, NOON)


def test_accepted_twice_by_the_same_it_is_said_once(worker):
    alert, someone = given.alert(by=of("surveillance")), nurse()

    for hours in (0, 1):
        accepted(alert, someone, at=NOON + hours * HOUR)

    alert.refresh_from_db()
    assert alert.accepted_at == NOON
    assert said("alert.accepted") == 1


def test_what_somebody_else_accepted_is_theirs(worker):
    alert, first = given.alert(by=of("surveillance")), nurse()
    accepted(alert, first)

    with pytest.raises(ChangedMeanwhile, match=first.name):
        accepted(alert, nurse())


@pytest.mark.django_db(transaction=True)
def test_accepted_by_two_at_once_one_is_told_of_the_other(worker_committing):
    alert, people = given.alert(by=of("surveillance")), [nurse(), nurse()]

    outcomes = at_once(*[lambda who=who: accepted(alert, who) for who in people])

    refused = [each for each in outcomes if isinstance(each, ChangedMeanwhile)]
    assert len(refused) == 1
    assert said("alert.accepted") == 1


def test_closed_it_says_who_when_and_how(worker):
    alert, someone = given.alert(by=of("surveillance")), nurse()

    closed(alert, someone, note=" Rang her. ")

    alert.refresh_from_db()
    assert (alert.status, alert.closed_by, alert.closed_at) == ("CLOSED", someone, NOON)
    assert (alert.outcome, alert.note) == ("ADVICE", "Rang her.")


def test_closed_twice_alike_by_the_same_it_is_said_once(worker):
    alert, someone = given.alert(by=of("surveillance")), nurse()

    for _ in range(2):
        closed(alert, someone)

    assert said("alert.closed") == 1


@pytest.mark.parametrize("outcome", ["ADVICE", "SEEN"])
def test_what_somebody_else_closed_is_not_written_over(worker, outcome):
    alert = given.alert(by=of("surveillance"))
    closed(alert, nurse())

    with pytest.raises(ChangedMeanwhile):
        closed(alert, nurse(), outcome=outcome)


@pytest.mark.parametrize("outcome", ["", "DONE", "RAISED"])
def test_without_a_coded_outcome_it_is_not_closed(worker, outcome):
    alert = given.alert(by=of("surveillance"))

    with pytest.raises(ValueError, match="Outcome"):
        closed(alert, nurse(), outcome=outcome)

    assert said("alert.closed") == 0


def test_nobody_is_given_up_on_in_silence(worker):
    alert = given.alert(by=of("surveillance"))

    with pytest.raises(Refused, match="what was tried"):
        closed(alert, nurse(), outcome="NOT_REACHED", note=" ")


@pytest.mark.django_db(transaction=True)
def test_closed_by_two_at_once_one_story_is_kept(worker_committing):
    alert, people = given.alert(by=of("surveillance")), [nurse(), nurse()]

    outcomes = at_once(*[lambda who=who: closed(alert, who, note=who.name) for who in people])

    assert sum(isinstance(each, ChangedMeanwhile) for each in outcomes) == 1
    assert said("alert.closed") == 1


@pytest.mark.parametrize(
    ("owner", "role", "where", "may"),
    [
        ("locality", "LOCALITY", "locality", True),
        ("locality", "SURVEILLANCE", "system", True),
        ("locality", "PRACTICE", "practice", True),
        ("surveillance", "LOCALITY", "locality", False),
        ("practice", "LOCALITY", "locality", False),
        ("council", "PARTNER", "council", True),
    ],
)
def test_who_may_act(worker, owner, role, where, may):
    alert = given.alert(by=of(owner))
    someone = given.user(role, getattr(given.area(), where))

    if may:
        assert accepted(alert, someone).status == "ACCEPTED"
    else:
        with pytest.raises(NotYourAlert):
            accepted(alert, someone)


@pytest.mark.parametrize(
    ("role", "where"), [("PARTNER", "council"), ("CALLER", "system"), ("GOVERNANCE", "system")]
)
def test_to_whom_it_is_not_shown_it_does_not_exist(worker, role, where):
    alert = given.alert(by=of("surveillance"))

    with pytest.raises(Alert.DoesNotExist):
        accepted(alert, given.user(role, getattr(given.area(), where)))


def test_working_an_alert_is_noted_as_access(worker):
    alert = given.alert(by=of("surveillance"))

    accepted(alert, nurse())

    assert Access.objects.filter(what="alerts.act", person_id=alert.person_id).count() == 1


def test_the_worklist_is_most_urgent_first_then_longest_due(worker):
    later, now, soon = (
        given.alert(by=of("surveillance"), urgency=urgency, due_at=NOON + hours * HOUR)
        for urgency, hours in ((2, 9), (1, 9), (2, 3))
    )

    with given.acting(nurse()) as viewer:
        assert list(worklist(viewer)) == [now, soon, later]


@pytest.mark.parametrize(("hours", "is_late"), [(3, False), (4, False), (5, True)])
def test_overdue_is_worked_out_as_it_is_read(worker, hours, is_late):
    given.alert()

    assert Alert.objects.overdue(NOON + hours * HOUR).exists() == is_late


def test_a_closed_alert_is_overdue_no_more(worker):
    closed(given.alert(by=of("surveillance")), nurse())

    assert not Alert.objects.overdue(NOON + 99 * HOUR).exists()


def test_the_practice_is_told_the_outcome_and_so_is_the_person(worker):
    alert = given.alert(by=of("surveillance"))
    closed(alert, nurse())

    follow_waiting(at=NOON)

    assert Message.objects.get().kind == "CLOSED"
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        assert list(told_back(viewer)) == [alert]


@pytest.mark.parametrize(("at", "moved"), [(NOON + HOUR - SECOND, 0), (NOON + HOUR, 1)])
def test_what_nobody_accepts_in_time_goes_to_surveillance(worker, at, moved):
    alert = given.alert(by=of("locality"))

    assert take_back_unaccepted(at=at) == moved

    alert.refresh_from_db()
    assert alert.team == (of("surveillance") if moved else of("locality"))


def test_taken_back_once_it_is_left_there(worker):
    given.alert(by=of("locality"))

    assert [take_back_unaccepted(at=LATE) for _ in range(2)] == [1, 0]
    assert said("alert.handed_on") == 1


def test_what_was_accepted_in_time_is_not_taken_back(worker):
    alert = given.alert(by=of("locality"))
    accepted(alert, given.user("LOCALITY", given.area().locality))

    assert take_back_unaccepted(at=LATE) == 0


def after_the_basis():
    given.basis("covid-protect", ends_at=NOON - DAY)


@pytest.mark.parametrize("state", [{}, {"status": "ACCEPTED"}])
def test_when_the_basis_has_ended_open_alerts_go_to_the_practice(worker, state):
    after_the_basis()
    who = {"accepted_by": nurse(), "accepted_at": NOON} if state else {}
    alert = given.alert(by=of("surveillance"), **state, **who)

    assert [hand_to_practices_after_basis(at=NOON) for _ in range(2)] == [1, 0]

    alert.refresh_from_db()
    assert (alert.team, alert.status, alert.accepted_by) == (of("practice"), "RAISED", None)


def test_the_practice_can_work_and_close_what_outlived_the_basis(worker):
    after_the_basis()
    alert = given.alert(by=of("surveillance"))
    hand_to_practices_after_basis(at=NOON)
    doctor = given.user("PRACTICE", given.area().practice)

    with given.acting(doctor) as viewer:
        assert list(worklist(viewer)) == [alert]
    accepted(alert, doctor)
    closed(alert, doctor)

    assert Alert.objects.get().closed_by == doctor


def test_nobody_else_sees_what_outlived_the_basis(worker):
    after_the_basis()
    given.alert(by=of("practice"))

    for role, where in (("SURVEILLANCE", "system"), ("LOCALITY", "locality")):
        with given.acting(given.user(role, getattr(given.area(), where))) as viewer:
            assert not visible_to(viewer).exists()


def test_the_practice_keeps_it_though_it_is_late_to_accept(worker):
    after_the_basis()
    given.alert(by=of("practice"))

    assert take_back_unaccepted(at=NOON + 9 * DAY) == 0


def test_alerts_whose_basis_holds_do_not_hide_those_whose_has_ended(worker):
    for _ in range(3):
        given.alert(by=of("surveillance"))
    ended = given.alert(of=_of_another_programme(), by=of("surveillance"))

    assert hand_to_practices_after_basis(at=NOON, limit=1) == 1

    ended.refresh_from_db()
    assert ended.team.function == "practice"


def test_alerts_whose_basis_has_ended_do_not_keep_others_from_being_taken_back(worker):
    for _ in range(3):
        given.alert(of=_of_another_programme(), by=of("practice"), accept_by=NOON)
    late = given.alert(by=of("practice"))

    assert take_back_unaccepted(at=LATE, limit=1) == 1

    late.refresh_from_db()
    assert late.team.function == "locality"


def _of_another_programme():
    """Someone in a programme whose legal basis ended long ago."""
    known = given.programme()
    ended, is_new = type(known).objects.get_or_create(
        key="ended",
        defaults={"purpose": "ended", "title": "Ended", "pack": known.pack, "status": "LIVE"},
    )
    if is_new:
        given.basis("ended", ends_at=NOON - DAY)
    return given.enrolment(programme=ended)


def test_handed_on_to_the_same_team_nothing_changes(worker):
    alert = given.alert(by=of("surveillance"))

    hand_on(alert, of("surveillance"), because="why", at=NOON)

    assert said("alert.handed_on") == 0


def test_a_closed_alert_is_handed_on_to_nobody(worker):
    alert = given.alert(by=of("surveillance"))
    closed(alert, nurse())

    hand_on(alert, of("practice"), because="why", at=NOON)

    alert.refresh_from_db()
    assert (alert.status, alert.team) == ("CLOSED", of("surveillance"))


@pytest.mark.parametrize("owner", ["practice", "locality"])
def test_when_a_person_moves_their_open_alerts_move_with_them(worker, owner):
    person = bring_in(details(), practice=given.area().practice, at=NOON)
    enrolment = given.enrolment(of=person)
    alert = given.alert(of=enrolment, by=of(owner))
    elsewhere = given.practice("ELS", locality=given.locality("LO2"))

    moved(person, elsewhere)

    alert.refresh_from_db()
    assert alert.team.covers.code == {"practice": "ELS", "locality": "LO2"}[owner]


def test_what_surveillance_works_stays_there_though_the_person_moves(worker):
    person = bring_in(details(), practice=given.area().practice, at=NOON)
    alert = given.alert(of=given.enrolment(of=person), by=of("surveillance"))
    someone = nurse()
    accepted(alert, someone)

    moved(person, given.practice("ELS"))

    alert.refresh_from_db()
    assert (alert.team, alert.accepted_by) == (of("surveillance"), someone)


def moved(person, practice):
    """The records name another practice."""
    hear_of(details(nhs_number=person.nhs_number), practice, at=NOON)
    follow_waiting(at=NOON)
    assert Person.objects.get(pk=person.pk).practice == practice


def test_the_database_refuses_a_handover_without_a_word(worker):
    alert = given.alert(by=of("surveillance"))
    someone = nurse()

    with given.acting(someone), the_database_refuses("handover_says_why"):
        Handover.objects.create(
            alert=alert, person=alert.person, from_team=alert.team, to_team=alert.team,
            because="", by=someone, at=NOON,
        )  # fmt: skip


def test_a_reason_that_is_too_long_or_a_team_that_has_it_already_is_refused(worker):
    alert = given.alert(by=of("surveillance"))

    with given.acting(nurse()) as viewer:
        for team, because in ((of("locality"), "x" * 501), (alert.team, "why")):
            with pytest.raises(Refused):
                pass_on(alert, team, because=because, viewer=viewer, at=NOON)
