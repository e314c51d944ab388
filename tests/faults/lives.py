"""Processes that live and die for a proof: forked, seen to have ended, killed."""

import os
import signal
from contextlib import suppress

from django.db import connections


def fork(what):
    """A process of its own that does this and ends; no connection is inherited."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        what()
        status = 0
    finally:
        os._exit(status)


def has_ended(child):
    """Whether a process is gone by itself; it is not forgotten by being asked."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill(child):
    """Whether it was alive and was killed by this."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
