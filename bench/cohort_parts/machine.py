"""The machine while something is timed: whether it is quiet, own CPU time, memory, file cache."""

import os
import platform
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

TICK = os.sysconf("SC_CLK_TCK")
QUIET = 0.10  # of all cores, used by others
LOOK = 0.5  # seconds


@dataclass(frozen=True)
class Taken:
    """One timed run: by the clock, own CPU seconds, and the share of the machine others took."""

    seconds: float
    cpu: float
    others: float


class Watch:
    """Times one run of ours; `more_cpu` adds the time of processes that are not our children."""

    def __init__(self, more_cpu=lambda: 0.0):
        self.more_cpu = more_cpu

    def __enter__(self):
        self.own, self.all = own_cpu() + self.more_cpu(), busy_cpu()
        self.began = time.perf_counter()
        return self

    def __exit__(self, *_):
        seconds = time.perf_counter() - self.began
        cpu = own_cpu() + self.more_cpu() - self.own
        others = max(busy_cpu() - self.all - cpu, 0) / (seconds * (os.cpu_count() or 1))
        self.taken = Taken(seconds, cpu, min(others, 1.0))


def own_cpu():
    """CPU seconds of this process and of all below it, whether they still live or not."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    alive = sum(_cpu_of(child) for child in descendants(os.getpid()))
    return sum(each.ru_utime + each.ru_stime for each in both) + alive


def cpu_of_tree(root):
    """CPU seconds of a process, of those it has reaped, and of all that live below it."""
    return sum(_cpu_of(each) for each in [root, *descendants(root)])


def _cpu_of(process):
    """Its own time and that of children it has waited for; 0 when it is gone."""
    fields = _stat(process)
    return sum(int(each) for each in fields[11:15]) / TICK if fields else 0.0


def _stat(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def descendants(root):
    """Every living process below this one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(entry.name)):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def busy_cpu():
    """CPU seconds that anybody used on this machine since it started."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    numbers = [int(each) for each in fields]
    return (sum(numbers[:8]) - numbers[3] - numbers[4]) / TICK


def wait_for_quiet(patience):
    """Wait until others leave the machine alone, for so many seconds; what they still take."""
    end = time.monotonic() + patience
    while True:
        with Watch() as watch:
            time.sleep(LOOK)
        if watch.taken.others <= QUIET or time.monotonic() > end:
            return watch.taken.others


def forget(paths):
    """Have these files read from the disk next time; False where that cannot be asked for."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
    return True


def peak_memory():
    """Most memory that this process and each one below it ever held, in bytes, added up."""
    return sum(_most_of(each) for each in [os.getpid(), *descendants(os.getpid())])


def _most_of(process):
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def described():
    """The machine in plain words."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = os.cpu_count()
    return f"{cores} cores, {gigabytes:.0f} GB of memory, {platform.system()} {platform.machine()}"


def memory_now(root):
    """Bytes that this process and those below it hold now, what they share counted once."""
    return sum(_share_of(each) for each in [root, *descendants(root)])


def _share_of(process):
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


class Highest(Thread):
    """Asks a figure twenty times a second while something runs, and keeps the highest."""

    def __init__(self, ask):
        super().__init__(daemon=True)
        self.ask, self.most, self.over = ask, 0, Event()

    def run(self):
        while not self.over.wait(0.05):
            self.most = max(self.most, self.ask())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
