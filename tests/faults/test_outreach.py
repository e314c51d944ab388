"""The proof of outreach in small: killed, frozen and stopped workers. The whole is a bench."""

import json
import subprocess
import sys

import pytest

from tests.database import CHECKOUT

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.slow]
RUN = """
import sys, json
import django
django.setup()
from pathlib import Path
from tests import given
from tests.faults import outreach
how, folder, bug = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
if bug:
    from tests.faults import planted
    getattr(planted, bug[0])()
found = outreach.Found(150)
with outreach.provider(folder) as url:
    with given.as_worker():
        outreach.arrange(found.messages)
    if how == "kill":
        outreach.kill_run(found, url, folder, 7, kills=12, longest=240)
    else:
        outreach.stop_run(found, url, folder, 7, stops=30, freezes=1, longest=240)
print(json.dumps(vars(found)))
"""


@pytest.fixture
def run(worker_committing, processes, tmp_path):
    def go(how, *bug):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", RUN, how, str(tmp_path / "outbox"), *bug],
            cwd=CHECKOUT,
            env=processes | {"OPENPROTECT_LOG_LEVEL": "error"},
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return go


def test_killed_at_random_nothing_is_lost_and_nothing_goes_back(run, say):
    found = run("kill")

    say(f"messages 150, kills {found['kills']}, lost {len(found['lost'])}, twice {found['twice']}")
    assert found["kills"] > 5
    assert (found["lost"], found["backwards"], found["old_unknown"]) == ([], 0, 0)
    assert found["not_ended"] == 0


@pytest.mark.full
def test_noted_before_it_is_sent_a_killed_message_is_lost_and_this_shows_it(run):
    assert run("kill", "mark_before_send")["lost"] != []


def test_after_a_stop_nothing_leaves(run, say):
    found = run("stop")

    say(f"stops {found['stops']}, worst delay {found['worst_ms']} ms")
    assert found["stops"] > 0
    assert found["freezes"] == 1
    assert (found["late"], found["late_after_freeze"]) == ([], 0)
