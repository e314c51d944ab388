"""Promise P17: a new version goes live while people are half-way through the one they began.

So many people as OPENPROTECT_HALF_WAY says are half-way; nothing lands under a wrong question.
"""

import json
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import ProtectedError

from openprotect.alerts.models import Finding
from openprotect.checkins import actions as checkins
from openprotect.checkins.chores import open_due, plan_due
from openprotect.checkins.models import Channel, Checkin, Response
from openprotect.checkins.queries import in_words
from openprotect.packs import from_files
from openprotect.pathway.following import follow_waiting
from openprotect.programmes.actions import launch, publish
from tests import given
from tests.given import NOON
from tests.packs.given import pack_files
from tests.refusing import row_security_refuses

pytestmark = pytest.mark.django_db
PEOPLE = int(os.environ.get("OPENPROTECT_HALF_WAY", "12"))
FIRST = {"feeling": "worse", "worse-how": "drowsy", "breath": "moving"}
REST = {
    "chest-pain": "no", "hot": "no", "cough": "yes", "medicines": "enough", "food": "week",
    "care": "no-need", "mood": "no",
}  # fmt: skip


def second_version():
    """Cough is no longer asked, drowsy is recoded, and mood is asked first."""
    files = dict(pack_files())
    form = json.loads(files["questionnaire.json"].replace(b'"drowsy"', b'"sleepy"'))
    for group in form["item"]:
        group["item"] = [each for each in group["item"] if each["linkId"] != "cough"]
    form["item"].reverse()
    table = (
        files["triage.csv"].decode().replace(",drowsy,", ",sleepy,").replace(",cough,", ",age,", 1)
    )
    kept = [e for e in table.splitlines() if not e.startswith(("cough,", "hot-cough,"))]
    manifest = files["pack.toml"].decode().replace(given.covid_protect().version, "2.0.0", 1)
    return from_files(
        files
        | {
            "questionnaire.json": json.dumps(form).encode(),
            "triage.csv": "\n".join(kept).encode(),
            "pack.toml": manifest.encode(),
        }
    )


def say(checkin, answers):
    for name, value in answers.items():
        checkins.answer(checkin, name, value, channel=Channel.WEB, at=NOON)


def test_people_half_way_finish_the_version_they_began(worker):
    began = [given.checkin(of=given.enrolment()) for _ in range(PEOPLE)]
    for each in began:
        say(each, FIRST)

    newer = publish(second_version(), by=None, at=NOON)
    launch(newer, by=None, at=NOON)
    for each in began:
        say(each, REST)
        checkins.submit(each, uuid4(), channel=Channel.WEB, at=NOON)
    follow_waiting(at=NOON)

    sent = Response.objects.all()
    assert sent.count() == PEOPLE
    for each in sent:
        assert each.pack_id != newer.pk
        assert each.answers == {**FIRST, **REST}
        assert ("What has got worse the most?", "I am very sleepy or muddled") in in_words(each)
        assert set(each.alerts.values_list("rule", flat=True)) >= {"drowsy"}


def test_the_next_asking_goes_by_the_new_version(worker):
    given.checkin(of=given.enrolment(), status="ANSWERED", due_on=NOON.date())
    newer = publish(second_version(), by=None, at=NOON)
    launch(newer, by=None, at=NOON)

    tomorrow = NOON + timedelta(days=1)
    plan_due(at=tomorrow)
    open_due(at=tomorrow)

    assert Checkin.objects.get(status="OPEN").pack_id == newer.pk


def test_answers_that_wait_are_judged_by_the_version_they_were_given_to(worker):
    """Bad input R22: a new version goes live between the sending and the judging."""
    began = given.checkin(of=given.enrolment())
    say(began, FIRST | REST)
    checkins.submit(began, uuid4(), channel=Channel.WEB, at=NOON)
    newer = publish(second_version(), by=None, at=NOON)
    launch(newer, by=None, at=NOON)

    follow_waiting(at=NOON)

    sent = Response.objects.get()
    assert {each.pack_id for each in sent.alerts.all()} == {sent.pack_id} != {newer.pk}
    assert "cough" in set(Finding.objects.values_list("rule", flat=True))


def test_a_new_version_asks_and_alerts_nobody_twice(worker):
    began = given.checkin(of=given.enrolment())
    say(began, FIRST | REST)
    checkins.submit(began, uuid4(), channel=Channel.WEB, at=NOON)
    follow_waiting(at=NOON)
    before = Checkin.objects.count(), Finding.objects.count()

    newer = publish(second_version(), by=None, at=NOON)
    launch(newer, by=None, at=NOON)
    plan_due(at=NOON)
    open_due(at=NOON)
    follow_waiting(at=NOON)

    assert (Checkin.objects.count(), Finding.objects.count()) == before


def test_a_version_that_has_answers_is_never_deleted(worker):
    """Bad input N17."""
    began = given.response(of=given.checkin(status="ANSWERED"))

    with pytest.raises(ProtectedError):
        began.pack.delete()
    with row_security_refuses(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM programmes_packversion WHERE id = %s", [began.pack_id])
