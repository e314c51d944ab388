"""`openprotect work`: follow events, send what is due, once a minute look for what time brings."""

import argparse

from procrastinate.contrib.django import app

from openprotect.config import checks

# A killed worker's job is taken up again this soon.
HEARTBEAT, STALLED_AFTER = 2.0, 6.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at-once", type=int, default=1, help="jobs at the same time")


def run(options: argparse.Namespace) -> int:
    checks.refuse_unsafe_database()
    checks.refuse_outdated_tables()
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(
            queues=["pathway", "records"],
            # One more than asked for: work on the records is long, and there is one at a time.
            concurrency=options.at_once + 1,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED_AFTER,
            delete_jobs="successful",
        )
    return 0
