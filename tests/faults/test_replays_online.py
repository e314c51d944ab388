"""One form, sent from several places at once: one response, and everybody is told it is in."""

import re
from datetime import UTC, datetime, timedelta

from django.test import Client

from openprotect.checkins import actions as checkins
from openprotect.checkins.models import Channel, Conflict, Response
from tests import given
from tests.faults.sweep import CALM
from tests.faults.test_replays import THREADS, at_once

PEOPLE = 10
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


def ready_to_send(now):
    """A browser whose holder has answered everything, and the form in it."""
    checkin = given.checkin(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
    for link_id, value in CALM.items():
        checkins.answer(checkin, link_id, value, channel=Channel.WEB, at=now)
    token = checkins.issue_link(checkin, valid_for=timedelta(days=1), at=now)
    _, session = checkins.enter(token, born=checkin.person.birth_date)
    page = browser(session).get("/check-in/answers")
    return session, dict(HIDDEN.findall(page.content.decode()))


def browser(session):
    client = Client()
    client.cookies["openprotect_person"] = session
    return client


def send(session, form):
    return lambda: browser(session).post("/check-in/answers", form).status_code


def test_a_form_sent_from_many_places_at_once_is_one_response(worker_committing, say):
    forms = [ready_to_send(datetime.now(UTC)) for _ in range(PEOPLE)]

    answers = at_once([[send(*form)] * THREADS * 2 for form in forms])

    told = [status for each in answers for status in each]
    say(f"forms sent online {len(told)}, duplicates {Response.objects.count() - PEOPLE}")
    assert set(told) == {302}
    assert Response.objects.count() == PEOPLE
    assert not Conflict.objects.exists()
