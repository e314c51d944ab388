"""A process that starts others: set up once, without a connection, then forked for each life.

Orders come on standard input, a line of JSON each, and are answered on standard output.
"""

import json
import os
import select
import signal
import sys
import traceback
from datetime import datetime

import django

django.setup()

from django.db import connections

from openprotect.accounts.actions import acting_as, sign_in_with_key
from openprotect.programmes.models import PackVersion
from openprotect.programmes.queries import _unpacked
from tests.database import WORKER_KEY
from tests.faults import life, planted
from tests.faults.boundaries import Boundaries
from tests.faults.life import Case


def main():
    token = warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        cases = [Case(**each) for each in order["cases"]]
        answer = after(order, cases, token) if order["after"] else cut_short(order, cases[0], token)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def warm_up():
    """Read the packs and sign in before anybody is born, and leave no connection to inherit."""
    token = sign_in_with_key("worker", WORKER_KEY)
    with acting_as(token):
        for version in PackVersion.objects.values_list("pk", flat=True):
            _unpacked(version)
    connections.close_all()
    return token


def cut_short(order, case, token):
    """One life, killed at a boundary; beside it, when asked, a second worker that lives on."""
    heard, said = os.pipe()
    boundaries = Boundaries(order["kill_at"], edges_only=order["edges_only"])
    first = born(order, token, lambda: _one_life(case, boundaries, said))
    os.close(said)
    second, over = _beside(order, case, token) if order["workers"] == 2 else (None, None)
    status = os.waitpid(first, 0)[1]
    if second:
        os.close(over)
        os.waitpid(second, 0)
    with os.fdopen(heard) as lines:
        told = lines.read().split()
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"told": told, "killed": killed, "failed": not killed and status != 0}


def _one_life(case, boundaries, said):
    with boundaries.counted():
        life.live(case, lambda word: os.write(said, f"{word}\n".encode()))


def _beside(order, case, token):
    told, over = os.pipe()

    def watch():
        os.close(over)
        life.work_until(case, lambda: bool(select.select([told], [], [], 0)[0]))

    second = born(order, token, watch)
    os.close(told)
    return second, over


def after(order, cases, token):
    """A fresh process goes on with everything that was left."""
    at = datetime.fromisoformat(order["after"])
    status = os.waitpid(born(order, token, lambda: life.go_on(cases, order["told"], at)), 0)[1]
    return {"failed": status != 0}


def born(order, token, what):
    """A child process that does this as the worker, with the mistake it was told to make."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if order["bug"]:
            planted.BUGS[order["bug"]]()
        with acting_as(token):
            what()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
