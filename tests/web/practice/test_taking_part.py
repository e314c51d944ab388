"""How a practice takes part: who handles what, a pause, the card, and a patient on the phone."""

from datetime import timedelta

import pytest
import weasyprint

from openprotect.checkins.chores import plan_due
from openprotect.checkins.models import Checkin, Response
from openprotect.enrolments.models import Enrolment, Standstill
from openprotect.events.models import Event
from openprotect.governance.models import Access
from openprotect.packs import load
from openprotect.people.models import Choice, Wish
from openprotect.places.models import Undertaking
from openprotect.places.rules.hours import LOCAL
from openprotect.web.practice.ringing_in import card_html
from tests import given
from tests.given import NOON
from tests.shipped import PACKS
from tests.web.checkin.people import CALM

pytestmark = pytest.mark.django_db
HERE = "/practice/taking-part/"


def text(answer):
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.fixture
def desk(worker, client):
    given.programme()
    return given.sign_in(client, given.user("PRACTICE", given.area().practice))


def test_who_handles_what_is_said_as_it_is_routed(desk):
    page = text(desk.get(HERE))

    assert "Health" in page
    assert "nothing: as the programme says" in page
    assert "every alert has a team" in page


def test_a_practice_takes_a_kind_and_the_next_alert_is_its(desk):
    same = {"clinical": "as-is", "medication": "as-is", "social": "ours", "because": ""}

    page = text(desk.post(HERE, same, follow=True))

    assert (Undertaking.objects.get().kind, Undertaking.objects.get().takes) == ("social", True)
    assert "we take it" in page


def test_giving_a_kind_away_says_why(desk):
    same = {"clinical": "others", "medication": "as-is", "social": "as-is", "because": ""}

    assert "Say why" in text(desk.post(HERE, same))
    assert not Undertaking.objects.exists()


def last_day(desk, days):
    with given.acting(given.user("LEAD")) as viewer:
        on = viewer.at.astimezone(LOCAL).date() + timedelta(days=days)
    return {
        "pause-until_day": on.day,
        "pause-until_month": on.month,
        "pause-until_year": on.year,
    }


def test_while_a_practice_pauses_none_of_its_patients_is_asked(desk):
    paused = given.enrolment(active=True)
    other = given.enrolment(of=given.person(at=given.practice("PRB")), active=True)
    Enrolment.objects.update(active_from=NOON - timedelta(days=30))

    page = desk.post(f"{HERE}pause/", {**last_day(desk, 5), "pause-because": "Moving"}, follow=True)
    plan_due(at=Standstill.objects.get().at + timedelta(minutes=1))

    assert "Paused until" in text(page)
    assert "Your practice has paused" in text(desk.get("/practice/"))
    assert {each.enrolment for each in Checkin.objects.all()} == {other}
    assert paused not in {each.enrolment for each in Checkin.objects.all()}


def test_going_on_ends_the_pause(desk):
    desk.post(f"{HERE}pause/", {**last_day(desk, 5), "pause-because": "Moving"})

    desk.post(f"{HERE}pause/", {"wish": "go on"})

    assert Standstill.objects.get().ended_at is not None
    assert "Your practice has paused" not in text(desk.get("/practice/"))


def test_a_pause_of_more_than_four_weeks_is_for_the_lead(desk):
    page = desk.post(f"{HERE}pause/", {**last_day(desk, 40), "pause-because": "Moving"})

    assert "in the next four weeks" in text(page)
    assert not Standstill.objects.exists()


def test_another_practice_is_not_paused_by_ours(desk, client):
    desk.post(f"{HERE}pause/", {**last_day(desk, 5), "pause-because": "Moving"})
    other = given.sign_in(client, given.user("PRACTICE", given.practice("PRB")))

    assert "Your practice has paused" not in text(other.get("/practice/"))
    other.post(f"{HERE}pause/", {"wish": "go on"})
    assert Standstill.objects.get().ended_at is None


def test_our_patients_are_told_by_programme_and_reason(desk):
    enrolment = given.enrolment(active=True)
    title = enrolment.reasons.first()

    page = text(desk.get("/practice/"))

    assert "Our patients in each programme, and why" in page
    assert title is None or f"{title.title}: 1" in page


def test_the_card_is_one_tagged_page_without_a_patient(desk):
    given.enrolment(active=True)

    answer = desk.get("/practice/card.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "pack", sorted(each.parent.name for each in PACKS.glob("*/practice-card.md"))
)
def test_every_packs_card_fits_one_sheet(pack):
    words = load(PACKS / pack).practice_card

    laid_out = weasyprint.HTML(string=card_html(words, "Title, version 1")).render()

    assert len(laid_out.pages) == 1


def rang(desk, enrolment, what, words=""):
    return desk.post(
        f"/practice/people/{enrolment.pk}/rang/", {"what": what, "words": words}, follow=True
    )


def test_a_patient_who_rings_asks_to_be_rung(desk):
    enrolment = given.enrolment(active=True)

    page = rang(desk, enrolment, "ring", "after 2pm")

    assert "A call handler rings them." in text(page)
    assert (Wish.objects.get().kind, Wish.objects.get().words) == ("CALL", "after 2pm")
    assert Access.objects.filter(what="practice.rang", person_id=enrolment.person_id).exists()


def test_one_press_stops_all_contact(desk):
    enrolment = given.enrolment(active=True)

    rang(desk, enrolment, "stop")

    choice = Choice.objects.get()
    assert (choice.answer, choice.programme_id, choice.via) == ("REFUSED", None, "PRACTICE")
    assert Event.objects.filter(name="choice.made", person_id=enrolment.person_id).exists()


def test_a_death_stops_contact_and_ends_the_part_in_it(desk):
    enrolment = given.enrolment(active=True)

    page = rang(desk, enrolment, "died", "the daughter")

    enrolment.refresh_from_db()
    assert "All contact has stopped." in text(page)
    assert enrolment.status == "LEFT"
    assert Choice.objects.get().answer == "REFUSED"


def test_another_practices_patient_is_not_there(desk):
    other = given.enrolment(of=given.person(at=given.practice("PRB")), active=True)

    assert desk.get(f"/practice/people/{other.pk}/rang/").status_code == 404


def test_a_patient_answers_on_the_phone_as_they_would_online(desk):
    checkin = given.checkin()
    here = f"/practice/people/{checkin.enrolment_id}/questions/"
    items = given.covid_protect().questionnaire.items

    address = desk.get(f"{here}0/").url
    while not address.endswith("/0/"):
        item = items[int(address.split("/")[-2]) - 1]
        address = desk.post(address, {"answer": CALM.get(item.link_id, "")}).url
    page = text(desk.get(address))
    landed = desk.post(address, follow=True)

    stored = Response.objects.get()
    assert "Is this what they said?" in page
    assert "their answers are in" in text(landed)
    assert (stored.channel, stored.answers["feeling"]) == ("PHONE", "same")
    assert Access.objects.filter(what="practice.answering").exists()


def test_a_red_flag_on_the_phone_is_told_at_once_and_followed_up(desk):
    checkin = given.checkin()
    here = f"/practice/people/{checkin.enrolment_id}/questions/"
    items = given.covid_protect().questionnaire.items
    number = next(place for place, each in enumerate(items, 1) if each.link_id == "chest-pain")

    answer = desk.post(f"{here}{number}/", {"answer": "yes"}, follow=True)

    assert "Ring 999 now" in text(answer)
    assert Event.objects.filter(name="checkin.red_flag", subject_id=checkin.pk).exists()


def test_without_an_open_check_in_a_call_is_offered(desk):
    enrolment = given.enrolment()

    answer = desk.get(f"/practice/people/{enrolment.pk}/questions/0/", follow=True)

    assert "Ask us to ring them instead." in text(answer)
