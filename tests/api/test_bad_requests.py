"""The catalogue's rows about the API: each ends as it must, and never as a fault of ours."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as always
from hypothesis import strategies as some

from openprotect.api.actions import revoke_key
from openprotect.api.models import Key
from openprotect.base import clock
from openprotect.base.nhs_number import synthetic_number
from openprotect.base.refusals import Refused
from openprotect.contacts.models import Claim
from openprotect.governance.models import LegalBasis
from tests import given
from tests.api.calling import CLAIMS, Caller, a_key, partner
from tests.contacts.asking import charity

pytestmark = pytest.mark.django_db
A, B = synthetic_number("bad a"), synthetic_number("bad b")
ASK = {"nhs_number": A, "channel": "call", "topic": "welfare"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic eDp5",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "bearer opk_" + "a" * 43,
    ],
)
def test_a01_without_a_key_nothing_is_answered(worker, header):
    told = Caller(Authorization=header).get(CLAIMS)

    assert (told.status_code, told["WWW-Authenticate"]) == (401, "Bearer")


def test_a01_a_key_that_is_unknown_ended_or_revoked_is_none(worker):
    revoked = a_key()
    revoke_key(revoked.id, revoked_by="Administrator", at=clock.now())

    answers = [Caller(each).get(CLAIMS) for each in (f"opk_{'a' * 43}", revoked.secret)]

    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def test_a01_a_key_ends_by_itself(worker, demonstration):
    system = partner(days=1)
    from openprotect.governance.actions import move_demo_clock

    move_demo_clock(by=timedelta(days=2))

    assert system.get(CLAIMS).status_code == 401


def test_a01_a_scope_that_a_key_does_not_have_is_refused(worker):
    reader = partner(scopes=["claims:read"])

    assert (reader.get(CLAIMS).status_code, reader.ask(A).status_code) == (200, 403)
    assert Claim.objects.count() == 0


@pytest.mark.parametrize("path", [uuid.uuid4(), "not-an-id", "%2e%2e/health", "..%252f", "%00"])
def test_a02_a14_what_is_not_there_is_not_there(worker, path):
    assert partner().get(f"{CLAIMS}/{path}").status_code == 404


@pytest.mark.parametrize("query", ["expand=person", "fields=nhs_number", "filter=a(b(c(d)))"])
def test_a04_a12_what_may_not_be_asked_for_is_refused(worker, query):
    assert partner().get(f"{CLAIMS}?{query}").status_code == 400


@pytest.mark.parametrize("field", ["id", "status", "organisation_id", "person_id", "settled_at"])
def test_a05_no_other_field_can_be_changed(worker, field):
    system = partner()
    where = f"{CLAIMS}/{system.ask(A).json()['id']}"

    told = system("PATCH", where, {"outcome": "spoke", field: "x"})

    assert told.status_code == 400
    assert system.get(where).json()["status"] == "held"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PATCH", "OPTIONS"])
def test_a06_another_method_is_refused_and_the_right_ones_are_named(worker, method):
    told = partner()(method, CLAIMS, ASK)

    assert (told.status_code, told["Allow"]) == (405, "GET, POST")


def test_a06_no_header_makes_another_method_of_one(worker):
    told = partner()("GET", CLAIMS, X_HTTP_Method_Override="POST")

    assert told.status_code == 200
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/csv"}, 415),
        ({"Content-Type": "application/xml"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
    ],
)
def test_a07_another_form_of_body_is_refused(worker, headers, status):
    assert partner()("POST", CLAIMS, ASK, **headers).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b'"x"', b"null", b'{"channel": "call", "channel": "text"}',
        b'{"hold_days": NaN}', b'{"hold_days": ' + b"9" * 5000 + b"}", b"[" * 50_000,
        b"\xff\xfe", b'{"nhs_number": "\x00"}',
    ],
)  # fmt: skip
def test_a07_what_is_no_sound_json_is_refused(worker, body):
    assert partner()("POST", CLAIMS, body).status_code == 400


@pytest.mark.parametrize("size", [100_001, 2_000_000])
def test_a07_a_body_that_is_too_large_is_refused(worker, size):
    assert partner()("POST", CLAIMS, b" " * size).status_code == 413


@pytest.mark.parametrize(
    "changed",
    [
        {"nhs_number": 9990000000}, {"nhs_number": "123"}, {"nhs_number": None}, {"channel": "fax"},
        {"topic": "gossip"}, {"topic": "checkin"}, {"hold_days": 0}, {"hold_days": 15},
        {"hold_days": True}, {"hold_days": "3"}, {"is_safety": "yes"}, {"wanted_on": "31/12/2036"},
        {"wanted_on": "2001-01-01"}, {"wanted_on": "2999-01-01"}, {"name": "Ada"},
    ],
)  # fmt: skip
def test_an_ask_that_is_not_as_agreed_is_refused_and_leaves_nothing(worker, changed):
    told = partner()("POST", CLAIMS, ASK | changed)

    assert (told.status_code, told["Content-Type"]) == (400, "application/problem+json")
    assert Claim.objects.count() == 0


def test_a08_the_same_request_again_is_done_once(worker):
    system, key = partner(), {"Idempotency-Key": "request-1"}

    first, again = (system("POST", CLAIMS, ASK, **key) for _ in range(2))

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Claim.objects.count() == 1


def test_a08_a_key_used_for_another_request_is_a_conflict(worker):
    system, key = partner(), {"Idempotency-Key": "request-1"}
    system("POST", CLAIMS, ASK, **key)

    assert system("POST", CLAIMS, ASK | {"nhs_number": B}, **key).status_code == 409


def test_a08_another_partner_may_use_the_same_key(worker):
    key = {"Idempotency-Key": "request-1"}
    partner()("POST", CLAIMS, ASK, **key)

    told = partner(organisation=charity())("POST", CLAIMS, ASK | {"nhs_number": B}, **key)

    assert told.status_code == 201


@pytest.mark.parametrize("key", ["short", "x" * 81, "sp ace-key", "kéykéykéy"])
def test_a08_a_key_of_no_known_form_is_refused(worker, key):
    assert partner()("POST", CLAIMS, ASK, Idempotency_Key=key).status_code == 400


def test_a09_of_two_writes_with_the_same_version_the_second_is_refused(worker):
    system = partner()
    where = f"{CLAIMS}/{system.ask(A).json()['id']}"
    version = system.get(where)["ETag"]

    first = system("PATCH", where, {"outcome": "no_answer"}, If_Match=version)
    second = system("PATCH", where, {"outcome": "spoke"}, If_Match=version)

    assert (first.status_code, second.status_code) == (200, 412)


@pytest.mark.parametrize("limit", ["0", "101", "999999999", "-1", "x", "٣"])
def test_a10_a_limit_out_of_bounds_is_refused(worker, limit):
    assert partner().get(f"{CLAIMS}?limit={limit}").status_code == 400


def test_a10_a_cursor_that_was_altered_is_refused(worker):
    system = partner()
    for each in "xyz":
        system.ask(synthetic_number(each))
    cursor = system.get(f"{CLAIMS}?limit=1").json()["next"]

    altered = [cursor[:-2], cursor[:30] + "A" + cursor[31:], "x", "é", cursor * 2]

    assert {system.get(f"{CLAIMS}?cursor={each}").status_code for each in altered} == {400}
    assert system.get(f"{CLAIMS}?cursor={cursor}").status_code == 200


def test_a11_a15_too_many_requests_wait_whatever_address_they_claim_and_others_do_not(worker):
    system, other = partner(), partner(organisation=charity())
    Key.objects.filter(membership__organisation=given.area().council).update(a_minute=3)

    told = [system.get(CLAIMS, X_Forwarded_For=f"10.0.0.{each}") for each in range(5)]

    assert [each.status_code for each in told] in ([200] * 3 + [429] * 2, [200] * 4 + [429])
    assert 1 <= int(told[-1]["Retry-After"]) <= 61
    assert other.get(CLAIMS).status_code == 200


def test_a13_nothing_that_is_sent_comes_back_in_a_header(worker):
    told = partner().get(f"{CLAIMS}?cursor=x%0d%0aSet-Cookie:%20a=b", X_Request_Id="a\tb")

    assert "Set-Cookie" not in told.headers


def test_a16_whether_a_request_was_done_can_be_asked_by_sending_it_again(worker):
    system, key = partner(), {"Idempotency-Key": "lost-answer"}
    system("POST", CLAIMS, ASK, **key)  # the answer never arrives

    told = system("POST", CLAIMS, ASK, **key)

    assert Claim.objects.get().pk == uuid.UUID(told.json()["id"])


def test_a17_the_clock_of_the_caller_is_not_asked(worker):
    told = partner()("POST", CLAIMS, ASK, Date="Mon, 01 Jan 2001 00:00:00 GMT")

    assert told.status_code == 201
    assert Claim.objects.get().asked_at - clock.now() < timedelta(minutes=1)


def test_a18_another_version_of_the_api_is_not_there(worker):
    assert partner().get("/api/v2/claims").status_code == 404


def test_after_the_end_of_the_legal_basis_nobody_is_asked_about(worker):
    LegalBasis.objects.count()
    system = partner(purpose="no-basis")

    assert system.ask(A).status_code == 400
    assert Claim.objects.count() == 0


def test_a_key_without_scope_or_end_is_not_issued(worker):
    with pytest.raises(Refused):
        a_key(scopes=[])
    with pytest.raises(Refused):
        a_key(days=-1)


words = some.text(max_size=20)
anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | words,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
near = some.fixed_dictionaries(
    {},
    optional={
        "nhs_number": some.sampled_from([A, B, "", "٣" * 10]) | anything,
        "channel": some.sampled_from(["call", "text", "CALL"]) | anything,
        "topic": some.sampled_from(["food", "welfare"]) | anything,
        "wanted_on": some.dates().map(str) | anything,
        "hold_days": some.integers(-2, 20) | anything,
        "is_safety": anything,
    },
)


def test_whatever_is_sent_the_service_has_no_fault_of_its_own(worker):
    system = partner()
    Key.objects.update(a_minute=1_000_000)
    methods = some.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"])
    paths = some.sampled_from([CLAIMS, f"{CLAIMS}/{uuid.uuid4()}", f"{CLAIMS}?limit=1"])

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @always(methods, paths, near | anything, some.binary(max_size=30) | some.none())
    def fuzz(method, path, body, raw):
        told = system(method, path, raw if raw is not None else body)
        assert told.status_code < 500
        assert told.status_code < 300 or told.json()["status"] == told.status_code

    fuzz()
