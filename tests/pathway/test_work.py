"""A real worker process: it follows events, and what a killed one left half-way is taken up."""

import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import psycopg
import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from openprotect.events.models import Done
from openprotect.messages.models import Message
from openprotect.pathway.tasks import retry_stalled
from openprotect.pathway.work import KEY_FILE
from tests import given
from tests.database import WORKER_KEY
from tests.pathway.test_following import closed

PATIENCE = 60


@pytest.fixture
def work(processes, tmp_path):
    """Start workers on this test's database: `with work() as process`."""
    (tmp_path / KEY_FILE).write_text(WORKER_KEY.hex())
    environment = {**processes, "OPENPROTECT_HOME": str(tmp_path)}

    @contextmanager
    def start():
        command = [sys.executable, "-m", "openprotect.cli", "work"]
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    return start


def until(seen, *, within=PATIENCE):
    """Wait until a query gives something; what it gave."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


@pytest.mark.slow
def test_a_worker_follows_what_was_recorded_while_nobody_was_at_work(
    worker_committing, administrator, work
):
    event = closed(given.alert().pk)
    asked = "SELECT 1 FROM events_event WHERE id = %s AND followed_up_at IS NOT NULL"

    with work():
        until(lambda: administrator.execute(asked, [event.pk]).fetchone())

    assert Message.objects.filter(kind="CLOSED").count() == 1


@pytest.mark.fault
@pytest.mark.slow
def test_what_a_killed_worker_left_half_way_another_takes_up(
    worker_committing, administrator, work, own_database
):
    event = closed(given.alert().pk)
    doing = "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'follow_up'"

    with _held(own_database, event), work() as process:
        until(lambda: administrator.execute(doing).fetchone())
        process.kill()
        process.wait()
    told = Message.objects.filter(kind="CLOSED")
    assert not told.exists()

    with work():
        until(lambda: _the_minute_comes() and not administrator.execute(doing).fetchone())
        until(told.exists)

    told_once = Done.objects.filter(event=event, step="tell_the_person")
    assert told.count() == told_once.count() == 1


def test_each_minute_a_worker_looks_for_what_killed_ones_left():
    looks = app.periodic_registry.periodic_tasks.values()

    assert [each.cron for each in looks if each.task.name == retry_stalled.name] == ["* * * * *"]


def _the_minute_comes():
    """What a worker does each minute it does now; a death shows only after some seconds."""
    time.sleep(1)
    with suppress(AlreadyEnqueued), transaction.atomic():
        retry_stalled.defer(timestamp=0)
    return True


@contextmanager
def _held(database, event):
    """Keep a worker waiting in the middle of this event."""
    server = database.here
    with psycopg.connect(**{**server.admin, "dbname": server.name}) as holder:
        holder.execute("SELECT 1 FROM events_event WHERE id = %s FOR UPDATE", [event.pk])
        yield
        holder.rollback()
