"""Having an extract read by a process apart, which may do nothing but read."""

import atexit
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Lock

import openprotect
from openprotect.records import lake
from openprotect.records.readers import apart, incoming, sorting
from openprotect.records.readers.csv_text import Declared
from openprotect.records.readers.incoming import Extract
from openprotect.records.readers.reading import Reading
from openprotect.records.readers.sorting import Pile
from openprotect.records.rules.reasons import FileRefused

PROGRAM = [sys.executable, "-m", "openprotect.records.readers.apart"]
# Nothing else of our environment goes along: it may hold passwords.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")
TOO_LONG = "too-long"


def read(reading: Reading) -> Extract:
    """What the files hold, in the reading's folder. Raises FileRefused."""
    ended = _carried_out(reading)
    if ended == apart.DONE:
        return incoming.open_extract(reading.folder)
    raise _refusal(reading, ended)


def sort(
    paths: Sequence[Path], declared: Declared, *, folder: Path, today: date
) -> tuple[list[Pile], list[str]]:
    """What each file is, and the names of those that are nothing known. Raises FileRefused."""
    place = lake.folder_of(folder, uuid.uuid4())
    place.mkdir(mode=0o700, parents=True)
    order = Reading(paths, "", declared, today, synthetic=False, folder=place, only_sort=True)
    try:
        ended = _carried_out(order)
        if ended == apart.DONE:
            return sorting.written(place)
        raise _refusal(order, ended)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _carried_out(reading: Reading) -> int | str:
    try:
        return _READER.carry_out(reading)
    finally:
        shutil.rmtree(reading.folder / apart.OWN_FOLDER, ignore_errors=True)


def _refusal(reading: Reading, ended: int | str) -> FileRefused:
    said = _left_behind(reading.folder)
    if ended == apart.REFUSED:
        return incoming.refusal(said)
    name = reading.paths[0].name
    limits = reading.limits
    nothing = "Nothing was changed."
    if ended == apart.FORBIDDEN:
        words = f"its reader was stopped because it tried {said['words']}. {nothing}"
        return FileRefused(name, words, reason="reader-forbidden")
    if ended in (apart.NO_MEMORY, -signal.SIGKILL):
        words = f"needs over {limits.memory_bytes:,} bytes of memory to be read. {nothing}"
        return FileRefused(name, words, reason="reader-memory")
    if isinstance(ended, int) and ended < 0 and ended != -signal.SIGXCPU:
        named = signal.Signals(-ended).name
        words = f"its reader crashed ({named}), over damage or for want of memory. {nothing}"
        return FileRefused(name, words, reason="reader-crashed")
    if ended in (TOO_LONG, -signal.SIGXCPU):
        words = f"needs over {limits.cpu_seconds:,} seconds to be read. {nothing}"
        return FileRefused(name, words, reason="reader-time")
    words = f"its reader failed ({said.get('words', ended)}): please report this. {nothing}"
    return FileRefused(name, words, reason="reader-broken")


def _left_behind(folder: Path) -> Mapping[str, object]:
    try:
        said: Mapping[str, object] = json.loads((folder / apart.REFUSAL_FILE).read_text())
    except (OSError, ValueError):
        return {}
    return said


class _Reader:
    """The process apart: started at the first order, kept for the next ones, ended with us."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.one_at_a_time = Lock()
        atexit.register(self.end)

    def carry_out(self, reading: Reading) -> int | str:
        """How the reading ended: an exit code, a signal as a negative number, or TOO_LONG."""
        with self.one_at_a_time:
            try:
                answer = self._answer(reading.as_json(), reading.limits.wall_seconds)
            except BaseException:
                self.end()
                raise
            if not answer:
                self.end()
            return int(json.loads(answer)["ended"]) if answer else TOO_LONG

    def _answer(self, order: str, seconds: int) -> str:
        """The answer's line; nothing when it does not come in time."""
        process = self._started()
        if process.stdin is None or process.stdout is None:
            return ""
        process.stdin.write(order + "\n")
        process.stdin.flush()
        came = select.select([process.stdout], [], [], seconds)[0]
        return process.stdout.readline() if came else ""

    def _started(self) -> subprocess.Popen[str]:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                PROGRAM,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        return self.process

    def end(self) -> None:
        """End it, and whatever it is reading."""
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process = None


def _environment() -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    ours = str(Path(openprotect.__file__).parents[1])
    paths = [ours, *passed_on.get("PYTHONPATH", "").split(os.pathsep)]
    return passed_on | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        # Each arena of the allocator takes up address space, which is what the limit counts.
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "2",
    }


_READER = _Reader()
