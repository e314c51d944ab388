"""Every point at which a process may die: before each statement, around each commit and request."""

import os
import signal
from contextlib import contextmanager

from django.db import connection
from requests.adapters import HTTPAdapter


class Boundaries:
    """Counts the boundaries that a process crosses, and kills it at the n-th."""

    def __init__(self, kill_at=None):
        self.crossed, self.kill_at = 0, kill_at

    def cross(self):
        self.crossed += 1
        if self.crossed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def counted(self):
        """Count what this process does from here to the end of the block."""
        connection.ensure_connection()
        commit, post = connection.connection.commit, HTTPAdapter.send
        connection.connection.commit = self._around(commit)
        HTTPAdapter.send = self._around(post)
        try:
            with connection.execute_wrapper(self._statement):
                yield self
        finally:
            connection.connection.commit, HTTPAdapter.send = commit, post

    def _statement(self, execute, *asked):
        self.cross()
        return execute(*asked)

    def _around(self, what):
        def crossing(*given, **named):
            self.cross()
            done = what(*given, **named)
            self.cross()
            return done

        return crossing
