"""Every point at which a process may die: before each statement, around each commit and request."""

import os
import signal
from contextlib import contextmanager

from django.db import connection
from requests.adapters import HTTPAdapter


class Boundaries:
    """Counts the boundaries that a process crosses, and kills it at the n-th.

    Edges alone leave out statements that change nothing which would outlast a death there: those
    inside a transaction, and reads.
    """

    def __init__(self, kill_at=None, *, edges_only=False):
        self.crossed, self.kill_at, self.edges_only = 0, kill_at, edges_only

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

    def _statement(self, execute, sql, *asked):
        outlasts = connection.get_autocommit() and not sql.startswith("SELECT")
        if outlasts or not self.edges_only:
            self.cross()
        return execute(sql, *asked)

    def _around(self, what):
        def crossing(*given, **named):
            self.cross()
            done = what(*given, **named)
            self.cross()
            return done

        return crossing
