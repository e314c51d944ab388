"""The practice's review: keep, veto, change one's mind, or let the time run out."""

from datetime import timedelta

import pytest

from openprotect.base.refusals import Refused
from openprotect.base.states import IllegalMove
from openprotect.checkins.models import Checkin
from openprotect.enrolments.actions import activate, keep, keep_all, leave, take_out, veto
from openprotect.enrolments.chores import activate_due
from openprotect.enrolments.models import Decision, Enrolment
from openprotect.enrolments.queries import decisions_of, to_review, visible_to
from openprotect.enrolments.rules import GROUNDS, NoGround, ground_in_words
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.pathway.following import follow_waiting
from openprotect.programmes.models import Programme
from tests import given
from tests.given import NOON
from tests.racing import at_once

SECOND = timedelta(seconds=1)


@pytest.fixture
def doctor(worker):
    """Someone of the practice, at work."""
    with given.acting(given.user("PRACTICE", given.area().practice)) as viewer:
        yield viewer


@pytest.fixture
def waiting(worker):
    """Somebody whom the practice has yet to decide on."""
    return given.enrolment(active=False, preview_ends_at=NOON)


def state(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


def said(name):
    return Event.objects.filter(name=name).count()


def test_kept_they_are_in_the_programme_from_now(waiting, doctor):
    keep(waiting, viewer=doctor, at=NOON)

    kept = Enrolment.objects.get()
    assert (kept.status, kept.active_from) == ("ACTIVE", NOON)
    assert Decision.objects.get().kind == "KEEP"


def test_vetoed_they_are_not_contacted_and_the_reason_is_kept(waiting, doctor):
    veto(waiting, "end-of-life", note="", viewer=doctor, at=NOON)

    assert state(waiting) == Enrolment.Status.VETOED
    assert Decision.objects.get().reason == GROUNDS["end-of-life"]
    assert Event.objects.get(name="enrolment.vetoed").detail == {"ground": "end-of-life"}


def test_keeping_undoes_a_veto_and_both_decisions_stay(waiting, doctor):
    veto(waiting, "in-hand", note="", viewer=doctor, at=NOON)

    keep(waiting, viewer=doctor, at=NOON + SECOND)

    assert state(waiting) == Enrolment.Status.ACTIVE
    assert [each.kind for each in decisions_of(waiting)] == ["KEEP", "VETO"]


@pytest.mark.parametrize("decide", ["keep", "veto"])
def test_the_same_decision_again_changes_nothing(waiting, doctor, decide):
    for _ in range(2):
        if decide == "keep":
            keep(waiting, viewer=doctor, at=NOON)
        else:
            veto(waiting, "in-hand", note="", viewer=doctor, at=NOON)

    assert Decision.objects.count() == 1
    assert said("enrolment.activated") + said("enrolment.vetoed") == 1


def test_a_veto_after_contact_began_is_refused(worker, doctor):
    active = given_active()

    with pytest.raises(Refused, match="Contact has begun"):
        veto(active, "in-hand", note="", viewer=doctor, at=NOON)


def given_active():
    with given.as_worker():
        return given.enrolment()


def test_who_has_left_is_not_kept(waiting, doctor):
    take_out(waiting, "moved-or-died", note="", viewer=doctor, at=NOON)

    with pytest.raises(IllegalMove):
        keep(waiting, viewer=doctor, at=NOON)


@pytest.mark.parametrize(
    ("ground", "note", "words"),
    [
        ("in-hand", "", GROUNDS["in-hand"]),
        ("in-hand", "  seen \n today ", f"{GROUNDS['in-hand']}. seen today"),
        ("other", "Lives abroad", f"{GROUNDS['other']}. Lives abroad"),
    ],
)
def test_a_ground_is_said_as_one_sentence(ground, note, words):
    assert ground_in_words(ground, note) == words


@pytest.mark.parametrize(
    ("ground", "note", "said"),
    [
        ("", "", "Choose one"),
        ("because", "", "Choose one"),
        ("other", "   ", "Say what"),
        ("in-hand", "x" * 201, "200 characters"),
    ],
)
def test_a_ground_that_says_nothing_is_refused(ground, note, said):
    with pytest.raises(NoGround, match=said):
        ground_in_words(ground, note)


def test_taking_someone_out_ends_their_part_and_cancels_what_is_planned(worker, doctor):
    active = given_active()
    with given.as_worker():
        checkin = given.checkin(of=active)

    for _ in range(2):
        take_out(active, "asked-not-to", note="", viewer=doctor, at=NOON)

    with given.as_worker():
        follow_waiting(at=NOON)
        left = Enrolment.objects.get()
        assert (left.status, left.left_because) == ("LEFT", "practice: asked-not-to")
        assert Checkin.objects.get(pk=checkin.pk).status == "CANCELLED"
        assert (Decision.objects.count(), said("enrolment.left")) == (1, 1)


def test_agreeing_to_a_whole_list_decides_only_on_those_who_wait(waiting, doctor):
    vetoed = waiting
    veto(vetoed, "in-hand", note="", viewer=doctor, at=NOON)
    with given.as_worker():
        given.enrolment(active=False)
        given.enrolment(active=False)

    assert keep_all(list(Enrolment.objects.all()), viewer=doctor, at=NOON) == 2
    assert state(vetoed) == Enrolment.Status.VETOED


def test_each_decision_is_noted_as_access(waiting, doctor):
    keep(waiting, viewer=doctor, at=NOON)

    with given.as_worker():
        assert Access.objects.filter(what="enrolments.decide", person_id=waiting.person_id).exists()


@pytest.mark.parametrize(
    ("role", "where"), [("PRACTICE", "ELS"), ("LOCALITY", "LOC"), ("SURVEILLANCE", "SYS")]
)
def test_nobody_but_their_practice_decides(worker, role, where):
    waiting = given.enrolment(active=False)
    given.practice("ELS")
    place = given.Organisation.objects.get(code=where)

    with given.acting(given.user(role, place)) as viewer:
        assert not visible_to(viewer).exists()
        with pytest.raises(Enrolment.DoesNotExist):
            keep(waiting, viewer=viewer, at=NOON)


def test_the_review_lists_the_soonest_deadline_first(worker, doctor):
    with given.as_worker():
        late = given.enrolment(active=False, preview_ends_at=NOON + timedelta(days=2))
        soon = given.enrolment(active=False, preview_ends_at=NOON + timedelta(days=1))
        given.enrolment()

    assert list(to_review(doctor)) == [soon, late]


@pytest.mark.parametrize(
    ("later", "state_then"),
    [(-SECOND, "PREVIEW"), (0 * SECOND, "ACTIVE"), (SECOND, "ACTIVE")],
    ids=["a second before", "at the deadline", "a second after"],
)
def test_at_its_deadline_a_review_nobody_ended_goes_ahead(waiting, later, state_then):
    activate_due(at=NOON + later)

    assert state(waiting) == state_then


def test_a_review_of_a_programme_that_does_not_run_waits(waiting):
    Programme.objects.update(status="PAUSED")

    assert activate_due(at=NOON) == 0
    assert state(waiting) == Enrolment.Status.PREVIEW


def test_taken_in_twice_it_is_said_once(waiting):
    for _ in range(2):
        activate(waiting, at=NOON)

    assert said("enrolment.activated") == 1


def test_the_deadline_takes_in_nobody_who_was_vetoed(waiting, doctor):
    veto(waiting, "in-hand", note="", viewer=doctor, at=NOON)

    with given.as_worker():
        activate(waiting, at=NOON)

    assert state(waiting) == Enrolment.Status.VETOED


def test_leaving_twice_is_once(waiting):
    for _ in range(2):
        leave(waiting, because="moved away", at=NOON)

    assert said("enrolment.left") == 1


@pytest.mark.django_db(transaction=True)
def test_keeping_and_vetoing_at_once_leaves_one_true_story(worker_committing):
    waiting = given.enrolment(active=False)
    doctors = [given.user("PRACTICE", given.area().practice) for _ in range(2)]

    def keeps():
        with given.acting(doctors[0]) as viewer:
            return keep(waiting, viewer=viewer, at=NOON).status

    def vetoes():
        with given.acting(doctors[1]) as viewer:
            return veto(waiting, "in-hand", note="", viewer=viewer, at=NOON).status

    at_once(keeps, vetoes)

    decided = list(Decision.objects.order_by("at", "id").values_list("kind", flat=True))
    # Either the veto came second and was refused, or it came first and keeping undid it.
    assert state(waiting) == Enrolment.Status.ACTIVE
    assert sorted(decided) in (["KEEP"], ["KEEP", "VETO"])


@pytest.mark.django_db(transaction=True)
def test_activated_by_four_workers_at_once_it_is_said_once(worker_committing):
    waiting = given.enrolment(active=False)

    at_once(*[lambda: activate(waiting, at=NOON)] * 4)

    assert (state(waiting), said("enrolment.activated")) == ("ACTIVE", 1)
