"""The door for providers: only with the secret, kept as it comes, answered at once."""

import json
from dataclasses import replace

import pytest
from django.test import Client

from openprotect.messages.models import Notice, TurnedAway

pytestmark = pytest.mark.django_db
SECRET = "a-long-secret-of-this-installation"
POST = {"reference": "x", "status": "delivered", "id": "1", "to": "07700900123"}
DOORS = ["/inbound/receipts", "/inbound/texts"]


@pytest.fixture(autouse=True)
def secret(settings):
    settings.OPENPROTECT = replace(settings.OPENPROTECT, callback_token=SECRET)


def post(door, body=None, *, secret=SECRET, **more):
    headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    raw = json.dumps(POST if body is None else body) if not isinstance(body, str | bytes) else body
    given = {"data": raw, "content_type": "application/json", "headers": headers} | more
    return Client(enforce_csrf_checks=True).post(door, **given)


def turned_away(why):
    return sum(TurnedAway.objects.filter(why=why).values_list("times", flat=True))


@pytest.mark.parametrize("door", DOORS)
def test_with_the_secret_it_is_kept_and_answered(worker, door):
    assert post(door).status_code == 202
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("wrong", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper()])
def test_w01_without_it_nothing_is_kept_and_the_try_is_counted(worker, door, wrong):
    assert post(door, secret=wrong).status_code == 401
    assert Notice.objects.count() == 0
    assert turned_away("no secret") == 1


def test_w01_a_secret_in_the_address_or_by_another_scheme_is_none(worker):
    assert post(f"/inbound/receipts?token={SECRET}", secret=None).status_code == 401
    by_basic = {"Authorization": f"Basic {SECRET}"}
    assert post("/inbound/receipts", headers=by_basic).status_code == 401
    assert turned_away("no secret") == 2


def test_w01_where_no_secret_is_set_up_nobody_knows_it(worker, settings):
    settings.OPENPROTECT = replace(settings.OPENPROTECT, callback_token="")

    assert post("/inbound/receipts", secret="").status_code == 401


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"x"', "a=b&c=d", b"\xff\xfe", "[" * 50_000, "{}" + " " * 30_000],
)
def test_w08_what_is_no_json_object_is_refused_counted_and_its_hash_kept(worker, body):
    assert post("/inbound/receipts", body).status_code == 400
    assert (Notice.objects.count(), turned_away("unreadable")) == (0, 1)
    assert len(bytes(TurnedAway.objects.get().digest)) == 32


def test_looking_is_not_posting(worker):
    client = Client(headers={"Authorization": f"Bearer {SECRET}"})

    assert client.get("/inbound/receipts").status_code == 405
