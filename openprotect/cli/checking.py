"""`openprotect check`: say whether this installation may serve."""

import argparse

from django.core.management import call_command

from openprotect.config import checks


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing follows."""


def run(options: argparse.Namespace) -> int:
    checks.refuse_unsafe_database()
    call_command("check", databases=["default"])
    return 0
