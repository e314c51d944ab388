"""Our own PostgreSQL survives what happens to a program on somebody's laptop."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from openprotect.base.postgres import LocalPostgres
from openprotect.base.postgres.postmaster import forget_dead_postmaster
from openprotect.base.postgres.server import SUPERUSER

CHECKOUT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from openprotect.base.postgres import LocalPostgres
with LocalPostgres(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path):
    made = LocalPostgres(tmp_path / "a home with spaces")
    yield made
    made.destroy()


def ask(server, statement):
    with psycopg.connect(
        host=str(server.socket_directory), user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def hold_in_a_process(server):
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(server.home.parent)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_it_keeps_what_is_committed_through_a_stop(server):
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS one")

    server.stop()
    assert not server.is_ready()
    server.start()

    assert ask(server, "SELECT one FROM kept") == 1


@pytest.mark.fault
def test_it_keeps_what_is_committed_through_a_kill(server):
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
    postmaster = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])

    os.kill(postmaster, signal.SIGKILL)
    server.start()

    assert ask(server, "SELECT one FROM kept") == 1


@pytest.mark.fault
def test_four_processes_may_start_it_at_once_and_the_last_to_leave_stops_it(server):
    holders = [hold_in_a_process(server) for _ in range(4)]
    assert [holder.stdout.readline() for holder in holders] == [b"held\n"] * 4

    for holder in holders[:-1]:
        holder.communicate()
    assert server.is_ready()
    holders[-1].communicate()

    assert not server.is_ready()


@pytest.mark.fault
def test_a_killed_holder_holds_nothing(server):
    holder = hold_in_a_process(server)
    holder.stdout.readline()

    holder.kill()
    holder.communicate()

    assert server.is_ready()
    assert not server.is_held()


def test_a_stranger_with_the_number_of_a_dead_server_is_not_taken_for_it(tmp_path):
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{tmp_path}\n")

    forget_dead_postmaster(tmp_path)

    assert not note.exists()


def test_a_server_that_lives_is_not_forgotten(server):
    server.start()

    forget_dead_postmaster(server.cluster)

    assert (server.cluster / "postmaster.pid").exists()


def test_what_is_acknowledged_is_on_disk_and_checked(server):
    server.start()

    settings = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    assert [ask(server, f"SHOW {name}") for name in settings] == ["on"] * 4


def test_nobody_else_on_the_machine_can_reach_it(server):
    server.start()

    assert ask(server, "SHOW listen_addresses") == ""
    for directory in (server.cluster, server.socket_directory, server.place):
        assert directory.stat().st_mode & 0o077 == 0


def test_it_refuses_a_socket_directory_that_is_a_trap(server, tmp_path):
    server.socket_directory.symlink_to(tmp_path)

    with pytest.raises((PermissionError, FileExistsError)):
        server.start()
    server.socket_directory.unlink()


def test_starting_one_that_stopped_takes_less_than_three_seconds(server):
    server.start()
    server.stop()
    began = time.monotonic()

    server.start()

    assert time.monotonic() - began < 3
