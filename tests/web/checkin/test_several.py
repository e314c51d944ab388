"""A table of questions and a group that repeats, on the pages of a check-in."""

import json

import pytest

from openprotect.checkins.queries import answers_so_far
from openprotect.packs import from_files
from tests import given, shipped
from tests.packs.given import in_english_only
from tests.web.checkin.people import asked, come_in, words

pytestmark = pytest.mark.django_db
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
TABLE = {"url": CONTROL, "valueCodeableConcept": {"coding": [{"code": "gtable"}]}}


def how_often(link_id, text):
    options = [
        {"valueCoding": {"code": code, "display": display}}
        for code, display in (("never", "Never"), ("often", "Often"))
    ]
    return {"linkId": link_id, "type": "choice", "text": text, "answerOption": options}


WEEK = {
    "linkId": "week",
    "type": "group",
    "text": "How was your week?",
    "extension": [TABLE],
    "item": [how_often("slept", "I slept badly"), how_often("alone", "I felt alone")],
}
HELPERS = {
    "linkId": "helpers",
    "type": "group",
    "text": "Who helps you",
    "repeats": True,
    "item": [{"linkId": "helper", "type": "string", "text": "Who is it?"}],
}


@pytest.fixture
def person(worker, monkeypatch):
    files = in_english_only(dict(given.covid_protect().files))
    form = json.loads(files["questionnaire.json"])
    form["item"] += [WEEK, HELPERS]
    other = files["pack.toml"].replace(b'version = "1', b'version = "91', 1)
    named = {"questionnaire.json": json.dumps(form).encode(), "pack.toml": other}
    pack = from_files(files | named)
    for each in (given, shipped):
        monkeypatch.setattr(each, "covid_protect", lambda: pack)
    checkin = asked()
    found = come_in(checkin)
    found.checkin = checkin
    return found


def test_a_table_is_one_page_and_each_answer_is_kept_at_its_place(person):
    assert "How was your week?" in words(person.get("/check-in/q/week"))

    response = person.send("/check-in/q/week", a0="never", a1="often")

    assert response["Location"] == "/check-in/q/helper@1"
    kept = answers_so_far(person.checkin)
    assert (kept["slept"], kept["alone"]) == ("never", "often")


def test_a_group_is_asked_again_for_as_long_as_there_is_another(person):
    assert person.send("/check-in/q/helper@1", a0="Ann")["Location"] == "/check-in/q/helpers@1+"

    again = person.send("/check-in/q/helpers@1+", another="yes")
    assert again["Location"] == "/check-in/q/helper@2"
    person.send("/check-in/q/helper@2", a0="Bert")

    assert "Ann" in words(person.get("/check-in/q/helpers@2+"))
    kept = answers_so_far(person.checkin)
    assert (kept["helper@1"], kept["helper@2"], kept["helpers"]) == ("Ann", "Bert", 2)


def test_a_turn_can_be_taken_away_again(person):
    person.send("/check-in/q/helper@1", a0="Ann")
    person.send("/check-in/q/helpers@1+", another="yes")
    person.send("/check-in/q/helper@2", a0="Bert")

    person.send("/check-in/q/helpers@2+", remove="1")

    kept = {key: value for key, value in answers_so_far(person.checkin).items() if value}
    assert (kept["helper@1"], kept["helpers"]) == ("Bert", 1)
    assert "helper@2" not in kept


def test_the_address_of_a_question_that_repeats_leads_to_its_first_turn(person):
    assert person.get("/check-in/q/helper").redirect_chain[-1][0] == "/check-in/q/helper@1"
