"""A fresh home with an embedded database, gone afterwards, and the service's processes in it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openprotect.config.settings")
PATIENCE = 240  # seconds: on a busy machine one was up after a minute


@contextlib.contextmanager
def fresh():
    """Everything made ready in a home of its own; gives the server, to ask as administrator."""
    from openprotect.cli import scratch

    with scratch.home(keep=False):
        from openprotect.config import databases

        with databases.running() as server:
            import django

            django.setup()
            from openprotect.cli.ready import make_ready

            make_ready()
            yield server


@contextlib.contextmanager
def process(*words):
    """One command of the service beside us, ended with us."""
    command = [sys.executable, "-m", "openprotect.cli", *words]
    quiet = os.environ | {"OPENPROTECT_LOG_LEVEL": "error"}
    running = subprocess.Popen(command, env=quiet)
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


@contextlib.contextmanager
def served(*words):
    """What `serve` runs, at a free port; gives the port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with process("serve", "--bind", f"127.0.0.1:{port}", *words):
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if time.monotonic() > until:
                sys.exit("the server did not come up")
            time.sleep(0.2)
        yield port


def _answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True  # it answers that background work stands still: nobody has begun it
    except OSError:
        return False
