"""How somebody is reached safely: what to mind, what they need, when not to ask, and paper."""

from datetime import timedelta

import pytest

from openprotect.alerts.models import Alert
from openprotect.base.clock import now
from openprotect.checkins.models import Checkin, Excuse, Response, Rhythm
from openprotect.contacts.models import Precaution, Unreached
from openprotect.enrolments.actions import hear_of, leave
from openprotect.enrolments.models import Enrolment
from openprotect.pathway.following import follow_waiting
from openprotect.people.actions import bring_in, choosing, stop_contact
from openprotect.people.models import Need, Person
from tests import given
from tests.faults.sweep import CALM, ILL
from tests.given import NOON
from tests.people.test_bringing_in import ADA

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(worker, client):
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def seen(response):
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


def page(enrolment, what=""):
    return f"/reaching/people/{enrolment.pk}/{what}"


def sent(browser, enrolment, where, **said):
    answer = seen(browser.post(page(enrolment, f"{where}/"), said, follow=True))
    follow_waiting(at=now())
    return answer


def test_what_is_minded_is_shown_with_when_to_ask_again(practice):
    enrolment = given.enrolment()

    said = sent(practice, enrolment, "mind", kind="LANGUAGE", words="Polish")

    kept = Precaution.objects.get(ended_at=None)
    assert (kept.kind, kept.words) == ("LANGUAGE", "Polish")
    assert kept.review_on > NOON.date() + timedelta(days=150)
    assert "Needs an interpreter. Polish" in said
    assert "To ask again on" in said


def test_why_somebody_may_not_speak_freely_is_never_kept(practice):
    said = sent(practice, given.enrolment(), "mind", kind="DISCREET", words="her husband")

    assert "Say no more than that" in said
    assert Precaution.objects.count() == 0


def test_what_is_not_so_any_more_is_ended_and_what_is_still_so_is_asked_later(practice):
    enrolment = given.enrolment()
    for kind in ("SHARED", "HEARING"):
        sent(practice, enrolment, "mind", kind=kind)
    Precaution.objects.update(review_on=NOON.date())

    sent(practice, enrolment, "change", what="unmind", which="SHARED")
    sent(practice, enrolment, "change", what="still", which="HEARING")

    (kept,) = Precaution.objects.filter(ended_at=None)
    assert (kept.kind, kept.review_on > NOON.date()) == ("HEARING", True)


def test_what_is_due_to_be_asked_again_is_listed(practice):
    enrolment = given.enrolment()
    sent(practice, enrolment, "mind", kind="CARER")
    sent(practice, enrolment, "need", kind="LARGE_PRINT", whose="CARER")
    Precaution.objects.update(review_on=NOON.date() - timedelta(days=1))
    Need.objects.update(review_on=NOON.date() - timedelta(days=1))

    rows = seen(practice.get("/reaching/again/"))

    assert rows.count(f"Ask Ada {enrolment.person.family_name} again") == 2


def test_where_no_way_is_safe_somebody_looks_for_one(practice):
    enrolment = given.enrolment(of=given.person(mobile="", landline=""))

    sent(practice, enrolment, "mind", kind="DISCREET")

    held = Unreached.objects.get()
    assert (held.why, held.status) == ("UNSAFE", "OPEN")
    assert "a visit, by the council" in seen(practice.get(page(enrolment)))


def test_a_need_of_the_carer_is_recorded_flagged_and_reviewed(practice):
    enrolment = given.enrolment()

    said = sent(practice, enrolment, "need", kind="INTERPRETER", language="pl", whose="CARER")

    need = Need.objects.get()
    assert "An interpreter (pl), for their carer" in said
    Need.objects.update(review_on=NOON.date())
    sent(practice, enrolment, "change", what="needed", which=str(need.pk))
    assert Need.objects.get().review_on > NOON.date()
    sent(practice, enrolment, "change", what="unneed", which=str(need.pk))
    assert Need.objects.get().ended_at is not None


def test_an_interpreter_without_a_language_is_asked_for(practice):
    assert "Choose the language" in sent(
        practice, given.enrolment(), "need", kind="INTERPRETER", whose="PERSON"
    )


def test_who_is_in_hospital_is_not_asked_until_they_are_back(practice):
    checkin = given.checkin()

    said = sent(practice, checkin.enrolment, "away", why="HOSPITAL")

    excuse = Excuse.objects.get()
    assert Checkin.objects.get(pk=checkin.pk).status == "EXCUSED"
    assert "until they are back" in said
    sent(practice, checkin.enrolment, "change", what="back", which=str(excuse.pk))
    assert Excuse.objects.get().to_on is not None


def test_one_person_is_asked_at_other_times_with_a_reason_and_as_usual_again(practice):
    enrolment = given.enrolment()

    said = sent(practice, enrolment, "rhythm", every_days="7", because="Asked for it")

    assert "Asked every 7 days: Asked for it" in said
    sent(practice, enrolment, "change", what="usual")
    assert Rhythm.objects.get().ended_at is not None


def test_somebody_whom_staff_cannot_reach_is_looked_for(practice):
    enrolment = given.enrolment()

    sent(practice, enrolment, "not-reached", why="LANGUAGE")

    assert Unreached.objects.get().why == "LANGUAGE"


def on_paper(checkin, answers):
    """The answers in the boxes of the sheet, by the place of their question."""
    sheet = given.covid_protect().questionnaire
    asked = [each for each in sheet.items if each.is_question and each.kind != "attachment"]
    places = {item.link_id: place for place, item in enumerate(asked, 1)}
    return {f"q{places[key]}-answer": str(value) for key, value in answers.items()}


@pytest.mark.parametrize(("answers", "alerted"), [(CALM, False), (ILL, True)])
def test_answers_on_paper_count_like_any_others(practice, answers, alerted):
    checkin = given.checkin(status="MISSED")

    sent(practice, checkin.enrolment, "paper", **on_paper(checkin, answers))

    response = Response.objects.get()
    assert (response.channel, response.answers["breath"]) == ("PAPER", answers["breath"])
    assert Checkin.objects.get(pk=checkin.pk).status == "ANSWERED"
    assert Alert.objects.exists() == alerted


def test_a_sheet_that_lacks_what_must_be_answered_is_not_sent(practice):
    checkin = given.checkin()

    said = sent(practice, checkin.enrolment, "paper", **on_paper(checkin, {"cough": "no"}))

    assert "This must be answered" in said
    assert Response.objects.count() == 0


def test_a_typing_error_is_said_at_its_question(practice):
    checkin = given.checkin()
    wrong = on_paper(checkin, ILL | {"temperature": "like an oven"})

    said = sent(practice, checkin.enrolment, "paper", **wrong)

    assert "Something has to be put right" in said
    assert 'value="like an oven"' in said


def test_without_a_check_in_there_is_no_sheet(practice):
    assert practice.get(page(given.enrolment(), "paper/")).status_code == 404


def dead(enrolment):
    Person.objects.filter(pk=enrolment.person_id).update(died_on=NOON.date())
    leave(enrolment, because="has died", at=NOON)
    given.follow()


def test_a_death_that_was_a_mistake_is_undone(practice):
    enrolment = given.enrolment()
    dead(enrolment)

    sent(practice, enrolment, "alive", because="I spoke with her today")

    person = Person.objects.get(pk=enrolment.person_id)
    assert (person.died_on, person.refuted_death_on) == (None, NOON.date())
    assert Enrolment.objects.get().status == "ACTIVE"


def test_a_death_told_by_phone_is_undone_and_a_stop_of_their_own_is_not(practice):
    told, stopped = given.enrolment(), given.enrolment()
    stop_contact(told.person, because="reported dead by phone", at=NOON)
    stop_contact(stopped.person, because="asked by phone", at=NOON)

    for each in (told, stopped):
        sent(practice, each, "alive", because="I spoke with them")

    assert Person.objects.get(pk=told.person_id).may_be_contacted
    assert not Person.objects.get(pk=stopped.person_id).may_be_contacted


def test_what_they_refused_is_shown(practice):
    enrolment = given.enrolment()
    choosing.choose(
        enrolment.person_id, choosing.REFUSED, way="TEXT", via=choosing.BY_LINK, at=NOON
    )

    assert "By text: does not want it" in seen(practice.get(page(enrolment)))


@pytest.mark.parametrize("what", ["", "mind/", "need/", "away/", "rhythm/", "alive/", "paper/"])
def test_another_practices_patient_is_not_there(practice, what):
    theirs = given.enrolment(of=given.person(at=given.practice("OTHER")))

    assert practice.get(page(theirs, what)).status_code == 404


def test_the_practice_before_is_told_that_a_patient_moved_and_nothing_else(practice):
    enrolment = given.enrolment(of=bring_in(ADA, practice=given.area().practice, at=NOON))
    hear_of(ADA, given.practice("ELS"), at=NOON + timedelta(days=1))

    answer = practice.get(page(enrolment))

    said = answer.content.decode()
    assert answer.status_code == 404
    assert "This patient has moved" in said
    assert not [each for each in ("Canary", "Els", ADA.nhs_number) if each in said]


@pytest.mark.parametrize("what", ["away/", "rhythm/", "paper/"])
def test_when_somebody_is_asked_is_their_practices_to_say(worker, client, what):
    enrolment = given.enrolment()
    given.sign_in(client, given.user("SURVEILLANCE"))

    assert client.get(page(enrolment, what)).status_code == 403
