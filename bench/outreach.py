"""How fast messages go out, beside the queue library doing nothing; and the proof that they all do.

`python3 run.py bench outreach [MESSAGES]`: one worker sends, through everything that is checked at
the moment of sending, to a provider that answers at once; then the same process takes as many empty
jobs from procrastinate. `--proof` instead kills, freezes and stops two workers over 10,000 messages
each, and writes docs/proof/outreach.md with what it saw.
"""

import argparse
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("outreach_page.md")
HOME = tempfile.mkdtemp(prefix="openprotect-bench-")
os.environ |= {
    "OPENPROTECT_HOME": HOME,
    "OPENPROTECT_MODE": "demo",
    "OPENPROTECT_LOG_LEVEL": "error",
    "DJANGO_SETTINGS_MODULE": "openprotect.config.settings",
}


def main():
    parser = argparse.ArgumentParser(prog="bench outreach")
    parser.add_argument("messages", type=int, nargs="?", default=1000)
    parser.add_argument("--proof", action="store_true")
    parser.add_argument("--kills", type=int, default=400)
    parser.add_argument("--stops", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.proof and asked.messages == 1000:
        asked.messages = 10_000
    from openprotect.config import databases

    with databases.running() as server:
        import django

        django.setup()
        from openprotect.cli.ready import make_ready
        from openprotect.pathway.work import KEY_FILE
        from tests.database import WORKER_KEY

        (Path(HOME) / KEY_FILE).write_text(WORKER_KEY.hex())  # the worker of tests
        make_ready()
        (prove if asked.proof else measure)(asked)
    server.local.destroy()


class AtOnce:
    """A provider that takes everything at once."""

    taken = 0

    def find(self, reference, channel):
        return None

    def post_text(self, reference, to, body):
        from openprotect.messages.rules import Receipt

        self.taken += 1
        return Receipt(str(reference), "sending")


def measure(asked):
    from openprotect.messages.chores import send_due
    from openprotect.pathway.composing import compose
    from tests import given
    from tests.faults import outreach
    from tests.given import NOON

    with given.as_worker():
        outreach.arrange(asked.messages + 50)
        postbox = AtOnce()
        send_due(at=NOON, postbox=postbox, compose=compose, limit=50)
        began = time.perf_counter()
        while send_due(at=NOON, postbox=postbox, compose=compose, limit=50):
            pass
        ours = (postbox.taken - 50) / (time.perf_counter() - began)
    empty = empty_jobs(asked.messages)
    print(
        f"messages {asked.messages}, one process each, the same database, on {os.cpu_count()} cores"
    )
    print(f"messages sent a second, with every check: {ours:.0f}")
    print(f"empty jobs of procrastinate a second: {empty:.0f}")
    print(f"ratio to empty jobs: {ours / empty:.2f}")


def empty_jobs(how_many):
    """As many jobs that do nothing, taken by one worker of the queue library."""
    from procrastinate import App
    from procrastinate.contrib.django import app as ours

    app = App(connector=ours.connector.get_worker_connector())
    app.task(name="nothing", queue="bench")(lambda turn: None)
    app.task(name="nothing_first", queue="warm")(lambda turn: None)
    with app.open():
        app.configure_task("nothing_first", queue="warm", allow_unknown=True).batch_defer(
            *({"turn": turn} for turn in range(20))
        )
        app.configure_task("nothing", queue="bench", allow_unknown=True).batch_defer(
            *({"turn": turn} for turn in range(how_many))
        )
        app.run_worker(queues=["warm"], wait=False, install_signal_handlers=False)
    with app.open():
        began = time.perf_counter()
        app.run_worker(queues=["bench"], wait=False, install_signal_handlers=False)
        return how_many / (time.perf_counter() - began)


def prove(asked):
    from tests import given
    from tests.faults import outreach

    runs = []
    for title, how in (
        ("Killed, the provider asked by our reference before a repeat", {"kills": asked.kills}),
        (
            "Killed, a provider that cannot be asked",
            {"kills": asked.kills // 5, "can_be_asked": False, "part": 5},
        ),
        ("Stopped and frozen", {"stops": asked.stops}),
    ):
        found = outreach.Found(asked.messages // how.pop("part", 1))
        fresh(given)
        folder = Path(tempfile.mkdtemp(prefix="openprotect-outbox-"))
        with outreach.provider(folder) as url:
            with given.as_worker():
                outreach.arrange(found.messages)
            if "stops" in how:
                outreach.stop_run(found, url, folder, asked.seed, **how, freezes=how["stops"] // 50)
            else:
                outreach.kill_run(found, url, folder, asked.seed, **how)
        runs.append((title, found))
        print(title, vars(found) | {"late": len(found.late), "lost": len(found.lost)}, flush=True)
    publish(asked, runs)


def fresh(given):
    """Nothing left of the run before."""
    from django.db import connections

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename ~ '^(people|enrolments|checkins|messages|"
            "calls|alerts|events|governance_access|procrastinate_jobs|procrastinate_events)'"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"TRUNCATE {tables} CASCADE")
    owner.close()


def publish(asked, runs):
    killed, blind, stopped = (found for _, found in runs)
    folder = HERE / "docs" / "proof"
    folder.mkdir(exist_ok=True)
    (folder / "outreach.md").write_text(
        PAGE.read_text().format(
            on=datetime.now(UTC).date().isoformat(),
            machine=f"{os.cpu_count()} cores, Python {platform.python_version()}",
            seed=asked.seed,
            killed=_row(killed),
            blind=_row(blind),
            twice=killed.twice,
            twice_blind=blind.twice,
            stopped=stopped,
            late=len(stopped.late),
            ends=", ".join(f"{n:,} {s.lower()}" for s, n in sorted(killed.ends.items())),
        )
    )
    print(f"written: {folder / 'outreach.md'}")


def _row(found):
    return (
        f"{found.messages:,} | {found.kills} | {len(found.lost)} | {found.twice} |"
        f" {found.backwards} | {found.old_unknown} | {found.not_ended} | {found.seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
