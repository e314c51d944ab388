"""Letters, received texts and posts of the stand-in, against Notify's published description."""

import base64
import json
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import jsonschema_rs
import pytest
from notifications_python_client.errors import HTTPError

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE
from openprotect.gateways.fake_notify import posts as told
from openprotect.gateways.notify import NotifyPostbox
from openprotect.messages.rules import Letter, Undeliverable
from tests.gateways.test_stand_in_is_true import SPEC, _strict

PDF = b"%PDF-1.7\n%%EOF"


def schema(name):
    schemas = json.loads((SPEC / "schema.json").read_text())["components"]["schemas"]
    strict = {each: _strict(one) for each, one in schemas.items()}
    return jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": strict}}
    )


def wrong(name, said):
    return [each.message for each in schema(name).iter_errors(said)]


def test_the_official_client_sends_a_finished_letter(client, fake):
    answer = client.send_precompiled_letter_notification("ours", BytesIO(PDF), postage="first")

    assert wrong("SendPrecompiledLetterResponse", answer) == []
    (kept,) = fake.outbox.all()
    assert (kept.type, kept.reference) == ("letter", "ours")
    assert base64.b64decode(kept.body) == PDF


def test_a_letter_moves_on_as_letters_do(client):
    sent = client.send_precompiled_letter_notification("ours", BytesIO(PDF))["id"]

    statuses = [client.get_notification_by_id(sent)["status"] for _ in range(4)]

    assert statuses == ["pending-virus-check", "accepted", "received", "received"]


@pytest.mark.parametrize(
    ("page", "postage"), [(b"not a pdf", None), (PDF, "by-pigeon"), (b"", None)]
)
def test_a_letter_that_cannot_be_printed_is_refused(client, fake, page, postage):
    with pytest.raises(HTTPError) as refused:
        client.send_precompiled_letter_notification("ours", BytesIO(page), postage=postage)

    assert refused.value.status_code == 400
    assert fake.outbox.all() == []


def test_the_official_client_reads_texts_to_us(client, fake):
    for words in ("STOP", "hello"):
        fake.outbox.receive("447700900123", words, datetime.now(UTC))

    page = client.get_received_texts()

    assert wrong("GetReceivedTextMessagesResponse", page) == []
    assert [each["content"] for each in page["received_text_messages"]] == ["hello", "STOP"]
    assert len(list(client.get_received_texts_iterator())) == 2


@pytest.mark.parametrize(("kind", "name"), [("sms", "SmsCallbackRequest"),
                                            ("email", "EmailCallbackRequest")])  # fmt: skip
def test_a_receipt_is_posted_as_described(client, fake, kind, name):
    if kind == "sms":
        client.send_sms_notification("07700900123", DEMO_TEMPLATE, {"message": "x"}, "r")
    else:
        client.send_email_notification("a@example.com", DEMO_TEMPLATE, {"message": "x"}, "r")
    for _ in range(2):
        client.get_all_notifications()
    (kept,) = fake.outbox.all()

    assert wrong(name, told.receipt_of(kept)) == []


def test_a_returned_letter_has_the_properties_described(client, fake):
    client.send_precompiled_letter_notification("ours", BytesIO(PDF))
    schemas = json.loads((SPEC / "schema.json").read_text())["components"]["schemas"]

    said = told.returned(fake.outbox.all()[0])

    assert said.keys() == schemas["LetterCallbackRequest"]["properties"].keys()


def test_our_postbox_sends_emails_with_their_own_subject(fake):
    with NotifyPostbox(fake.url, DEMO_KEY, DEMO_TEMPLATE, 0.5, DEMO_TEMPLATE) as postbox:
        receipt = postbox.post_email(reference := uuid4(), "a@example.com", "Hello", "How are you?")
        found = postbox.find(reference, "EMAIL")

    (kept,) = fake.outbox.all()
    assert (kept.subject, kept.body) == ("Hello", "How are you?")
    assert found.provider_id == receipt.provider_id


def test_our_postbox_sends_letters_and_not_what_notify_cannot_make(postbox, fake):
    postbox.post_letter(reference := uuid4(), Letter("Amala", PDF, "LARGE_PRINT"))

    assert postbox.find(reference, "LETTER").status == "sending"
    with pytest.raises(Undeliverable, match="braille"):
        postbox.post_letter(uuid4(), Letter("Amala", PDF, "BRAILLE"))
    assert len(fake.outbox.all()) == 1


NODE = """
const { NotifyClient } = require('notifications-node-client');
const client = new NotifyClient(process.argv[1], process.argv[2]);
(async () => {
  const sms = await client.sendSms(process.argv[3], '07700900123',
    { personalisation: { message: 'Hello' }, reference: 'from node' });
  const found = await client.getNotifications('sms', undefined, 'from node');
  const letter = await client.sendPrecompiledLetter('from node', Buffer.from('%PDF-1.7'));
  console.log(JSON.stringify({ sent: sms.data.id,
    found: found.data.notifications.map(each => each.id), letter: letter.data.reference }));
})().catch(error => { console.error(error.message); process.exit(1); });
"""


def node_modules():
    """Where the official Node client is, if somebody installed it: it is no dependency of ours."""
    import os

    named = os.environ.get("NODE_PATH", "")
    places = [Path(each) for each in named.split(os.pathsep) if each]
    return next((each for each in places if (each / "notifications-node-client").is_dir()), None)


@pytest.mark.skipif(
    not (shutil.which("node") and node_modules()),
    reason="needs Node and NODE_PATH with notifications-node-client",
)
def test_the_official_node_client_sends_and_finds(fake):
    done = subprocess.run(
        ["node", "-e", NODE, fake.url, DEMO_KEY, DEMO_TEMPLATE],
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["found"] == [said["sent"]]
    assert said["letter"] == "from node"
