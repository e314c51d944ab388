"""Processes that begin at once: one has everything loaded, and others are forked from it.

`python -m tests.nursery SOCKET MODULE …` loads the modules, without a connection or a thread, and
waits. Each birth is an order over the socket: a module, the words for its `main`, and the pipes
that are to be its standard input and output. What comes back is how the process ended.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).parents[1]
PATIENCE = 60


class Born:
    """A process of the nursery, as its parent would have it from `subprocess`."""

    def __init__(self, order, stdin, stdout):
        self._order, self._ended = order, None
        self.stdin, self.stdout = os.fdopen(stdin, "w"), os.fdopen(stdout)

    def wait(self):
        if self._ended is None:
            with self._order:
                self._ended = int(self._order.recv(64))
        return self._ended

    def close(self):
        """Let go of its pipes, and wait until it has gone."""
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.stdout.close()
        return self.wait()


@contextmanager
def nursery(environment, *modules):
    """`born(module, *words)` starts a process as `python -m module words` would, but sooner."""
    # A short path: that of a socket has at most some hundred bytes.
    with TemporaryDirectory(prefix="nursery-") as folder:
        address = f"{folder}/door"
        words = [sys.executable, "-m", "tests.nursery", address, *modules]
        process = subprocess.Popen(words, env=environment, cwd=CHECKOUT)
        try:
            yield lambda module, *words: _born(address, module, words)
        finally:
            process.terminate()
            process.wait()


def _born(address, module, words):
    theirs_in, stdin = os.pipe()
    stdout, theirs_out = os.pipe()
    order = _connected(address)
    said = json.dumps([module, [str(each) for each in words]]).encode()
    socket.send_fds(order, [said], [theirs_in, theirs_out])
    os.close(theirs_in)
    os.close(theirs_out)
    return Born(order, stdin, stdout)


def _connected(address):
    """It may still be loading."""
    end = time.monotonic() + PATIENCE
    while True:
        order = socket.socket(socket.AF_UNIX)
        try:
            order.connect(address)
            return order
        except OSError:
            order.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def main(address, *modules):
    import django

    django.setup()
    for each in modules:
        import_module(each)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        while True:
            order, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _watch(order)
            order.close()


def _watch(order):
    """Fork the process that was ordered, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, pipes, _, _ = socket.recv_fds(order, 65536, 2)
    child = os.fork()
    if child == 0:
        order.close()
        _live(*json.loads(said), pipes)
    for each in pipes:
        os.close(each)
    _, status = os.waitpid(child, 0)
    order.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _live(module, words, pipes):
    for theirs, ours in zip(pipes, (0, 1), strict=True):
        os.dup2(theirs, ours)
        os.close(theirs)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    ended = 1
    try:
        import_module(module).main(*words)
        ended = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(ended)


if __name__ == "__main__":
    main(*sys.argv[1:])
