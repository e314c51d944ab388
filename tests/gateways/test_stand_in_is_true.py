"""The stand-in answers as the published description of Notify says, to the official client."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import uuid4

import jsonschema_rs
import jwt
import pytest
import requests
from notifications_python_client.authentication import create_jwt_token, epoch_seconds
from notifications_python_client.errors import HTTPError

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, Fault

SPEC = Path(__file__).parent / "spec"
ISS, SECRET = DEMO_KEY[-73:-37], DEMO_KEY[-36:]
TEXT = {
    "phone_number": "+447700900123",
    "template_id": DEMO_TEMPLATE,
    "personalisation": {"message": "Hello"},
    "reference": "a reference",
}
EMAIL = {
    "email_address": "amala@example.com",
    "template_id": DEMO_TEMPLATE,
    "personalisation": {"message": "Hello"},
}
SEND, ALL = "/v2/notifications/sms", "/v2/notifications"


@cache
def described(path, method, status):
    """The schema of one answer, as JSON Schema; every property that is described is required."""
    paths = json.loads((SPEC / "publicapi_spec.json").read_text())["paths"]
    call = json.loads((SPEC / paths[path]["$ref"]).read_text())[method]
    reference = call["responses"][str(status)]["content"]["application/json"]["schema"]["$ref"]
    schemas = json.loads((SPEC / "schema.json").read_text())["components"]["schemas"]
    schemas["GetOneMessageResponse"] = {"anyOf": [_text(schemas), _email(schemas)]}
    strict = {name: _strict(schema) for name, schema in schemas.items()}
    return {"$ref": reference.removeprefix("schema.json"), "components": {"schemas": strict}}


def _text(schemas):
    return _of_type(schemas["GetOneMessageResponse"]["oneOf"][0], "sms")


def _email(schemas):
    return _of_type(schemas["GetOneMessageResponse"]["oneOf"][1], "email")


def _of_type(kind, type_):
    """The description does not tie a kind to its type; we do, and let moments be still to come."""
    later = {name: {"type": "string", "nullable": True} for name in ("sent_at", "completed_at")}
    return {**kind, "properties": {**kind["properties"], **later, "type": {"const": type_}}}


def _strict(schema):
    """OpenAPI 3.0 to JSON Schema: nullable is a type, and nothing may be left out."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    new = {key: _strict(value) for key, value in schema.items() if key != "example"}
    if new.pop("nullable", False) is True:
        new = {"anyOf": [new, {"type": "null"}]}
    elif isinstance(new.get("properties"), dict) and new.get("type") == "object":
        new["required"] = sorted(new["properties"].keys() - LEFT_OUT)
    return new


# Only in letters, only in some texts, or in the examples' own personalisation.
LEFT_OUT = {"next", "billable_sms_fragments", "international_rate_multiplier", "sms_rate"} | {
    "first_name",
    "unsanitised",
    "sanitised",
}


def fits(answer, path, method="get"):
    """Fail with every difference from the description."""
    schema = described(path, method, answer.status_code)
    validator = jsonschema_rs.validator_for(schema)
    return [str(error.message) for error in validator.iter_errors(answer.json())]


@pytest.fixture
def ask(fake):
    def ask(method, path, token=None, **given):
        headers = {"Authorization": f"Bearer {token or create_jwt_token(SECRET, ISS)}"}
        return requests.request(method, fake.url + path, headers=headers, timeout=5, **given)

    return ask


def test_a_text_is_accepted_as_described(ask):
    answer = ask("POST", SEND, json=TEXT)

    assert answer.status_code == 201
    assert fits(answer, SEND, "post") == []
    assert answer.json()["content"]["body"] == "Hello"


def test_an_email_is_accepted_as_described(ask):
    answer = ask("POST", "/v2/notifications/email", json={**EMAIL, "reference": "r"})

    assert answer.status_code == 201
    assert fits(answer, "/v2/notifications/email", "post") == []


@pytest.mark.parametrize(("path", "body"), [(SEND, TEXT), ("/v2/notifications/email", EMAIL)])
def test_a_message_is_told_as_described_at_every_step(path, body, ask):
    sent = ask("POST", path, json=body).json()["id"]

    for status in ("created", "sending", "delivered", "delivered"):
        answer = ask("GET", f"{ALL}/{sent}")
        assert answer.json()["status"] == status
        assert fits(answer, ALL + "/{notification_id}") == []


def test_a_page_of_messages_is_as_described(ask):
    for _ in range(3):
        ask("POST", SEND, json=TEXT)

    answer = ask("GET", ALL)

    assert len(answer.json()["notifications"]) == 3
    assert fits(answer, ALL) == []


def test_the_description_would_catch_a_stand_in_that_lies(ask):
    answer = ask("GET", f"{ALL}/{ask('POST', SEND, json=TEXT).json()['id']}")
    wrong = {**answer.json(), "status": "flying"}
    short = {key: value for key, value in answer.json().items() if key != "body"}
    validator = jsonschema_rs.validator_for(described(ALL + "/{notification_id}", "get", 200))

    assert not validator.is_valid(wrong)
    assert not validator.is_valid(short)


BAD_SENDS = [
    ({"phone_number": "0770090"}, "phone_number Not enough digits"),
    ({"phone_number": "077009001234567"}, "phone_number Too many digits"),
    ({"phone_number": "01603 286286"}, "phone_number Not a UK mobile number"),
    ({"phone_number": "amala"}, "phone_number Must not contain letters or symbols"),
    ({"phone_number": "+9991234567"}, "phone_number Not a valid country prefix"),
    ({"phone_number": "+33612345678"}, "Cannot send to international mobile numbers"),
    ({"phone_number": 7}, "phone_number 7 is not of type string"),
    ({"template_id": "first"}, "template_id is not a valid UUID"),
    ({"template_id": str(uuid4())}, "Template not found"),
    ({"personalisation": {}}, "Missing personalisation: message"),
    ({"speed": "fast"}, "Additional properties are not allowed (speed was unexpected)"),
]


@pytest.mark.parametrize(("change", "message"), BAD_SENDS)
def test_a_bad_send_is_refused_in_notifys_words(change, message, ask, fake):
    answer = ask("POST", SEND, json={**TEXT, **change})

    assert answer.status_code == 400
    assert fits(answer, SEND, "post") == []
    assert answer.json()["errors"][0]["message"] == message
    assert fake.outbox.all() == []


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"{", "Invalid JSON supplied in POST data"),
        (b"[]", "payload is not of type object"),
        (b"{}", "phone_number is a required property"),
    ],
)
def test_a_send_that_is_no_request_is_refused(raw, message, ask):
    answer = ask("POST", SEND, data=raw)

    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, message)


@pytest.mark.parametrize(
    ("target", "status", "path"),
    [
        (ALL + "?template_type=Apple", 400, ALL),
        (ALL + "?status=elephant", 400, ALL),
        (ALL + "?older_than=yesterday", 400, ALL),
        (ALL + "/not-a-uuid", 400, ALL + "/{notification_id}"),
        (f"{ALL}/00000000-0000-4000-8000-000000000001", 404, ALL + "/{notification_id}"),
    ],
)
def test_a_bad_question_is_refused_as_described(target, status, path, ask):
    answer = ask("GET", target)

    assert answer.status_code == status
    assert fits(answer, path) == []


@pytest.mark.parametrize("status", [403, 429, 500])
def test_trouble_on_request_looks_as_described(status, ask, fake):
    fake.expect(Fault(1, "status", status=status))

    answer = ask("POST", SEND, json=TEXT)

    assert answer.status_code == status
    assert fits(answer, SEND, "post") == []


def signed(claims, secret=SECRET, algorithm="HS256"):
    return jwt.encode(claims, secret, algorithm=algorithm)


def tokens():
    now = epoch_seconds()
    clock = "Error: Your system clock must be accurate to within 30 seconds"
    long_secret = SECRET * 2
    return [
        (signed({"iss": ISS, "iat": now - 60}), clock),
        (signed({"iss": ISS, "iat": now + 60}), clock),
        (signed({"iat": now}), "Invalid token: iss field not provided"),
        (signed({"iss": ISS}), "Invalid token: iat field not provided"),
        (signed({"iss": str(uuid4()), "iat": now}), "Invalid token: service not found"),
        (signed({"iss": ISS, "iat": now}, str(uuid4())), "Invalid token: API key not found"),
        (
            signed({"iss": ISS, "iat": now}, long_secret, "HS512"),
            "Invalid token: algorithm used is not HS256",
        ),
        ("rubbish", "Invalid token: API token is not valid"),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_wrong_token_is_refused_and_nothing_is_kept(number, ask, fake):
    token, message = tokens()[number]

    answer = ask("POST", SEND, token=token, json=TEXT)

    assert answer.status_code == 403
    assert fits(answer, SEND, "post") == []
    assert answer.json()["errors"][0]["message"] == message
    assert fake.outbox.all() == []


def test_without_a_token_nobody_is_answered(fake):
    answer = requests.get(fake.url + ALL, timeout=5)

    assert answer.status_code == 401


def test_the_official_client_sends_and_finds(client):
    sent = [
        client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "Hi"}, str(number))
        for number in range(5)
    ]
    client.send_email_notification("amala@example.com", DEMO_TEMPLATE, {"message": "Hi"})

    by_reference = client.get_all_notifications(reference="3")["notifications"]
    texts = list(client.get_all_notifications_iterator(template_type="sms"))

    assert [each["id"] for each in by_reference] == [sent[3]["id"]]
    assert [each["id"] for each in texts] == [each["id"] for each in reversed(sent)]
    assert client.get_notification_by_id(sent[0]["id"])["phone_number"] == "07700900123"


def test_the_official_client_reads_past_the_first_page(client, fake):
    first = client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "Hi"})
    kept = fake.outbox.one(first["id"])
    for _ in range(250):
        fake.outbox.keep(replace(kept, id=str(uuid4())))

    assert len(client.get_all_notifications()["notifications"]) == 250
    assert len(list(client.get_all_notifications_iterator())) == 251


def test_older_than_gives_the_page_below(client):
    sent = [
        client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "Hi"})["id"]
        for _ in range(3)
    ]

    older = client.get_all_notifications(older_than=sent[1])["notifications"]
    none = client.get_all_notifications(older_than=str(uuid4()))["notifications"]

    assert [each["id"] for each in older] == sent[:1]
    assert none == []


def test_messages_are_found_by_status(client, fake):
    sent = client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "Hi"})["id"]
    client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "Hi"})
    fake.outbox.set_status(sent, "permanent-failure")

    found = client.get_all_notifications(status="failed")["notifications"]

    assert [each["id"] for each in found] == [sent]


def test_the_official_client_reads_an_error(client):
    with pytest.raises(HTTPError) as refused:
        client.send_sms_notification("1", DEMO_TEMPLATE, {"message": "Hi"})

    assert refused.value.status_code == 400
    assert refused.value.message[0]["message"] == "phone_number Not enough digits"


@pytest.mark.parametrize(
    ("number", "end"),
    [("07700900002", "permanent-failure"), ("+447700900003", "temporary-failure")],
)
def test_notifys_own_trial_numbers_fail(number, end, client):
    sent = client.send_sms_notification(number, DEMO_TEMPLATE, {"message": "Hi"})["id"]

    statuses = [client.get_notification_by_id(sent)["status"] for _ in range(3)]

    assert statuses == ["created", "sending", end]
