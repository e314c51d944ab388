"""`openprotect migrate`: bring the tables up to date, as their owner."""

import argparse

from openprotect.config import migrations


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print nothing")


def run(options: argparse.Namespace) -> int:
    done = migrations.apply()
    if not options.quiet:
        print(f"migrate: {done} applied, 0 waiting")
    return 0
