"""Two call handlers never get one call, and a double click never gets two."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from openprotect.calls.models import Call
from tests import given

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def pressing(tokens):
    """Everybody presses the big button at the same moment; gives where each was led."""
    together = Barrier(len(tokens))

    def press(token):
        client = Client()
        client.cookies["openprotect_staff"] = token
        together.wait(timeout=20)
        try:
            return client.post("/calls/next/").url
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tokens)) as threads:
        return list(threads.map(press, tokens))


def test_eight_call_handlers_at_once_get_eight_people(worker_committing):
    for _ in range(8):
        given.call()
    tokens = [given.token_of(given.user("CALLER")) for _ in range(8)]

    led_to = pressing(tokens)

    assert len(set(led_to)) == 8
    assert Call.objects.filter(status="CLAIMED").count() == 8


def test_with_one_person_waiting_only_one_gets_the_call(worker_committing):
    call = given.call()
    tokens = [given.token_of(given.user("CALLER")) for _ in range(4)]

    led_to = pressing(tokens)

    assert sorted(led_to) == sorted(["/calls/", "/calls/", "/calls/", f"/calls/{call.pk}/"])


def test_a_double_click_claims_one_call(worker_committing):
    for _ in range(4):
        given.call()
    token = given.token_of(given.user("CALLER"))

    led_to = pressing([token] * 4)

    assert len(set(led_to)) == 1
    assert Call.objects.filter(status="CLAIMED").count() == 1
