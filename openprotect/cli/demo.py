"""`openprotect demo`: from nothing to a running service; again, it goes on where it was."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli.demonstration import fresh, processes, seeding, unattended
from openprotect.pathway.work import as_worker
from openprotect.programmes.queries import programme

HISTORIES = Path(__file__).parents[2] / "demo" / "histories"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="forget the last one, start over")
    parser.add_argument("--once", action="store_true", help="walk the whole loop unattended, end")
    parser.add_argument("--port", type=int, default=8000)


def run(options: argparse.Namespace) -> int:
    """Set up, serve until Ctrl-C; or, with --once, walk the loop, reconcile and end."""
    if not settings.OPENPROTECT.demo:
        raise Refused("This is a live installation: there is no demonstration here.")
    seed()
    if options.once:
        (settings.OPENPROTECT.home / fresh.UNATTENDED).touch()
        port = processes.free_port()
        with processes.running(port, settings.OPENPROTECT.home) as notify:
            unattended.walk(f"http://127.0.0.1:{port}", notify)
        return subprocess.call(processes.cli("reconcile"))  # noqa: S603 - our own command
    with processes.running(options.port, settings.OPENPROTECT.home):
        print(f"\n  OpenProtect is at http://127.0.0.1:{options.port}   (Ctrl-C stops it)\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


def seed() -> None:
    """Places, histories, programme, people found, staff. What is there already stays."""
    with as_worker():
        if programme(seeding.PACK):
            print("going on with the demonstration that is here")
            return
    step("places", "places", "import")
    step("records", "import", str(HISTORIES), "--synthetic-identities")
    at = clock.now()
    with as_worker():
        launched = seeding.start_programme(at=at)
        print(f"programme: {launched.title} launched, its legal basis in force")
    step("cohort", "cohort", "run", seeding.PACK)
    with as_worker():
        cast = seeding.add_cast(launched, at=at)
        print(f"staff: {len(cast)} people in {len({each.role for each in cast})} roles")


def step(name: str, *words: str) -> None:
    """One command as anybody would type it; its lines are shown, its failure ends the set-up."""
    done = subprocess.run(  # noqa: S603 - our own command
        processes.cli(*words), capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        print(f"{name}: {line}")
    if done.returncode:
        raise Refused(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}")
