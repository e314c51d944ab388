"""The stand-in as a process of its own: it keeps what it said yes to."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from uuid import uuid4

import pytest
import requests

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, Outbox
from openprotect.gateways.notify import NotifyPostbox
from openprotect.messages.rules import TryLater


@contextmanager
def stand_in(folder):
    process = subprocess.Popen(
        [sys.executable, "-m", "openprotect.gateways.fake_notify", "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_was_accepted_survives_a_kill(tmp_path):
    reference = uuid4()
    with stand_in(tmp_path) as (process, url), NotifyPostbox(url, DEMO_KEY, DEMO_TEMPLATE) as box:
        receipt = box.post_text(reference, "07700900123", "Hello")
        process.send_signal(signal.SIGKILL)
        process.wait()

    with stand_in(tmp_path) as (_, url), NotifyPostbox(url, DEMO_KEY, DEMO_TEMPLATE) as box:
        assert box.find(reference, "TEXT") == receipt


def test_another_process_may_ask_for_trouble_and_read_what_was_kept(tmp_path):
    with stand_in(tmp_path) as (_, url), NotifyPostbox(url, DEMO_KEY, DEMO_TEMPLATE) as box:
        faults = [{"at": 2, "trouble": "accepted_drop"}]
        requests.post(f"{url}/control/faults", json=faults, timeout=5).raise_for_status()
        box.post_text(uuid4(), "07700900123", "Hello")
        with pytest.raises(TryLater):
            box.post_text(uuid4(), "07700900123", "Hello")
        first, second = Outbox(tmp_path).all()
        answer = requests.post(
            f"{url}/control/status", json={"id": first.id, "status": "delivered"}, timeout=5
        )

    assert answer.json() == {"changed": True}
    assert (Outbox(tmp_path).one(first.id).status, second.status) == ("delivered", "created")


def test_a_polite_kill_ends_it(tmp_path):
    with stand_in(tmp_path) as (process, _):
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=5) == 0


def test_the_folder_is_the_owners_alone(tmp_path):
    Outbox(tmp_path / "outbox")

    assert os.stat(tmp_path / "outbox").st_mode & 0o777 == 0o700
