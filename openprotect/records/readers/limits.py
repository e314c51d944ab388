"""What a process that reads strangers' files may use: little, and no network at all.

Python's own doors are shut by an audit hook, which also sees what libraries do through Python; the
kernel's limits stop the rest. Where the kernel allows it, the process has no network devices.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.posix_spawn",
    "os.spawn", "os.startfile", "os.system", "pty.", "ctypes.", "urllib.", "http.", "ftplib.",
    "smtplib.", "webbrowser.",
)  # fmt: skip
CHANGES = (
    "os.chflags", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename",
    "os.rmdir", "os.symlink", "os.truncate", "shutil.",
)  # fmt: skip
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
DIE_WITH_PARENT = 1
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenHere(RuntimeError):
    """Code in a reader's process tried what readers may not do."""


@dataclass(frozen=True)
class Limits:
    """How much one reading may use before it is stopped."""

    memory_bytes: int = 3 << 30
    cpu_seconds: int = 3600
    wall_seconds: int = 4 * 3600
    file_bytes: int = 64 << 30
    niceness: int = 5


def end_with_parent() -> None:
    """Let the kernel end this process when the one that started it is no more."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def impose(limits: Limits, folder: Path) -> None:
    """From here on this process may read, compute, and write into one folder. For good."""
    os.nice(limits.niceness)
    sys.dont_write_bytecode = True
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, grace=5)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _leave_the_network()
    sys.addaudithook(_doorkeeper(str(folder)))


def _limit(what: int, most: int, grace: int = 0) -> None:
    hard = resource.getrlimit(what)[1]
    highest = most + grace if hard == resource.RLIM_INFINITY else min(hard, most + grace)
    resource.setrlimit(what, (min(most, highest), highest))


def _leave_the_network() -> None:
    """Move to a network of our own, without a device; systems that refuse leave the doorkeeper."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if libc.unshare(NEW_NETWORK) != 0:
        libc.unshare(NEW_USER | NEW_NETWORK)


def _doorkeeper(folder: str) -> Callable[[str, tuple[object, ...]], None]:
    """Refuse every event that leaves this process, and every change to files elsewhere."""

    def watch(event: str, details: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise ForbiddenHere(f"to use {event}")
        writes = event.startswith(CHANGES) or (event == "open" and _is_written(details))
        if writes and not _is_inside(details[0], folder):
            raise ForbiddenHere("to write outside its folder")

    return watch


def _is_written(details: tuple[object, ...]) -> bool:
    return isinstance(details[2], int) and bool(details[2] & WRITES)


def _is_inside(path: object, folder: str) -> bool:
    path = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(path, str | bytes):
        return True  # a descriptor that is open already
    whole = os.path.realpath(os.fsdecode(path))
    return whole in (folder, os.devnull) or whole.startswith(folder + os.sep)
