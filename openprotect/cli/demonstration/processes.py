"""The processes of a demonstration: web, worker and a stand-in for Notify; all end with us."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from openprotect.base.refusals import Refused
from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE

PATIENCE = 60.0


class DidNotStart(Refused):
    """A part of the demonstration did not come up."""


def cli(*words: str) -> list[str]:
    return [sys.executable, "-m", "openprotect.cli", *words]


def environment_for(port: int, notify_port: int) -> dict[str, str]:
    """What the processes are told: a demonstration, and where texts go."""
    return {
        **os.environ,
        "OPENPROTECT_MODE": "demo",
        "OPENPROTECT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OPENPROTECT_NOTIFY_URL": f"http://127.0.0.1:{notify_port}",
        "OPENPROTECT_NOTIFY_KEY": DEMO_KEY,
        "OPENPROTECT_NOTIFY_TEMPLATE": DEMO_TEMPLATE,
        "OPENPROTECT_LOG_LEVEL": os.environ.get("OPENPROTECT_LOG_LEVEL", "warning"),
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def refuse_taken(port: int) -> None:
    """Say so now, and not by a page of another program."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            raise DidNotStart(
                f"Port {port} is in use: stop what uses it, or choose another with --port."
            ) from None


@contextmanager
def running(port: int, home: Path) -> Iterator[str]:
    """Everything up; gives the address of the stand-in for Notify."""
    refuse_taken(port)
    notify_port = free_port()
    told = environment_for(port, notify_port)
    fake = [sys.executable, "-m", "openprotect.gateways.fake_notify"]
    fake += ["--port", str(notify_port), "--folder", str(home / "outbox")]
    bind = f"127.0.0.1:{port}"
    with ExitStack() as stack:
        parts = [
            stack.enter_context(_process(name, words, told, home))
            for name, words in (
                ("texts", fake),
                ("web", cli("serve", "--bind", bind, "--workers", "1", "--threads", "8")),
                ("worker", cli("work")),
            )
        ]
        _wait_for(f"http://127.0.0.1:{port}/health", parts)
        yield f"http://127.0.0.1:{notify_port}"


@contextmanager
def _process(
    name: str, words: Sequence[str], told: dict[str, str], home: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """One process, its log in the home directory; ended politely, then not so."""
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            words, env=told, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, parts: Sequence[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and all(part.poll() is None for part in parts):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as answer:
            if answer.code == 503:  # it answers; the worker has not gone its first round
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise DidNotStart("A part of the service did not start: see the logs in its home directory.")
