"""Runs each engine in a process of its own, and holds the answers against each other."""

import json
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.cohort_parts import machine
from openprotect.records.store import StoreDamaged

CHECKOUT = Path(__file__).parents[2]
LIMIT = "hand"


@dataclass
class Results:
    """What one run of the bench found out."""

    people: int
    seed: int
    at: datetime
    making: float | None
    delivered: int
    machine: str = field(default_factory=machine.described)
    store: dict = field(default_factory=dict)
    engines: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)
    extras: dict = field(default_factory=dict)

    def agree(self):
        """Whether every engine gave the same answer, in every one of its runs."""
        digests = {each for told in self.engines.values() for each in told["digests"]}
        return len(digests) == 1 and not self.failed

    def warm(self, name):
        return statistics.median(each["seconds"] for each in self.engines[name]["warm"])

    def cpu(self, name):
        return statistics.median(each["cpu"] for each in self.engines[name]["warm"])

    def others(self, name):
        return statistics.median(each["others"] for each in self.engines[name]["warm"])

    def ratio(self, name):
        return self.warm(name) / self.warm(LIMIT) if name in self.engines else float("nan")


def child(*words, module="child"):
    """A process of its own; what its last line says, or what went wrong."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"bench.cohort_parts.{module}", *words],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(_cause(done.stderr))
    return json.loads(done.stdout.splitlines()[-1])


def _cause(told):
    """The lines of what went wrong that name an error, or else the end of it."""
    lines = [line for line in told.splitlines() if not line.lstrip().startswith("at ")]
    named = [line for line in lines if "Error" in line or "Exception" in line]
    return "\n".join(each[:300] for each in (named or lines)[-5:])


def engine(results, name, spec, patience):
    """Wait for quiet, run one engine, keep what it tells."""
    quiet = machine.wait_for_quiet(patience)
    note(f"{name}: others take {quiet:.0%} of the machine")
    try:
        results.engines[name] = child(name, spec.written())
    except RuntimeError as failure:
        results.failed[name] = str(failure)


def prepared(spec, folder):
    """The store's manifest, rows and seconds; it is built in a process of its own, once."""
    kept = folder / "store.json"
    with suppress(OSError, StoreDamaged):
        return json.loads(kept.read_text()) if spec.store else {}
    note("building the store")
    told = child("store", spec.written(), module="preparing")
    kept.write_text(json.dumps(told))
    return told


def extras(results, spec, patience):
    """A changed rule, and one person explained: what somebody waits for at a screen."""
    machine.wait_for_quiet(patience)
    results.extras = child("screen", spec.written(), module="at_screen")


def note(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
