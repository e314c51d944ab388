"""`openprotect serve`: answer web requests until told to stop."""

import argparse
import subprocess
import sys

from django.core.management import call_command

from openprotect.config import checks


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--threads", type=int, default=4, help="threads in each process")


def run(options: argparse.Namespace) -> int:
    """Refuse an unsafe or outdated database, gather the static files, hand over to gunicorn."""
    checks.refuse_unsafe_database()
    checks.refuse_outdated_tables()
    call_command("collectstatic", interactive=False, verbosity=0)
    server = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [
            *(sys.executable, "-m", "gunicorn", "openprotect.config.wsgi:application"),
            *("--bind", options.bind, "--workers", str(options.workers)),
            *("--threads", str(options.threads), "--max-requests", "20000", "--no-control-socket"),
            *("--max-requests-jitter", "2000", "--log-level", "warning"),
        ]
    )
    try:
        return server.wait()
    finally:
        server.terminate()
        server.wait()
