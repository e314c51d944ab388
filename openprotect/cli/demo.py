"""`openprotect demo`: from nothing to a running service; again, it goes on where it was."""

import argparse
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from django.conf import settings

from openprotect.base import clock
from openprotect.base.refusals import Refused
from openprotect.cli.demonstration import fresh, processes, seeding, unattended
from openprotect.gateways.fake_notify import Outbox
from openprotect.pathway.work import as_worker
from openprotect.places import queries as places
from openprotect.programmes.queries import programme

# The histories have fixed days: between this one and today somebody joins, leaves and changes.
LONG_AGO = date(2018, 3, 25)
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
        home = settings.OPENPROTECT.home
        with processes.running(port, home):
            unattended.walk(f"http://127.0.0.1:{port}", Outbox(home / "outbox"))
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
    run_command("places", "places", "import")
    say_places()
    run_command("deprivation", "lake", "deprivation")
    sender = ("--synthetic-identities", "--source", "GP records")
    run_command("records", "import", str(HISTORIES), *sender)
    at = clock.now()
    with as_worker():
        launched = seeding.start_programme(at=at)
        print(f"programme: {launched.title} launched, its legal basis in force")
    for as_of in (LONG_AGO, at.date()):
        run_command("cohort", "cohort", "run", seeding.PACK, "--as-of", as_of.isoformat())
    with as_worker():
        cast = seeding.add_cast(launched, at=at)
        print(f"staff: {len(cast)} people in {len({each.role for each in cast})} roles")


WORTH_SAYING = re.compile(r"^(bundles|people|events) .* = |^as of |^enrolled|^no longer|^areas ")


def run_command(name: str, *words: str) -> None:
    """One command as anybody would type it; its counts are shown, its failure ends the set-up."""
    done = subprocess.run(  # noqa: S603 - our own command
        processes.cli(*words), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Refused(f"{name} failed: {last[0]}")
    for line in done.stdout.splitlines():
        if WORTH_SAYING.match(line):
            print(f"{name}: {line}")


def say_places() -> None:
    on = clock.now().date()
    print(
        f"places: {len(places.open_practices(on))} open practices, {len(places.networks(on))}"
        f" networks, {len(places.localities(on))} localities, {len(places.councils(on))} councils"
    )
