"""A small season by the command itself, in a home of its own, is counted and balances."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import CHECKOUT
from tests.sizes import size

PEOPLE, DAYS = size("20", "40"), size("3", "4")
ENVIRONMENT = {key: value for key, value in os.environ.items() if "OPENPROTECT_" not in key}


def season(*words, folder):
    done = subprocess.run(
        [sys.executable, "-m", "openprotect.cli", "simulate", *words],
        cwd=CHECKOUT,
        env=ENVIRONMENT | {"TMPDIR": str(folder), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def counts(said):
    """What stands where, without how long it took."""
    return [line for line in said.splitlines() if " = " in line and "minutes" not in line]


@pytest.mark.slow
def test_a_small_season_balances_and_comes_the_same_twice(tmp_path):
    words = ("--people", PEOPLE, "--days", DAYS, "--seed", "3", "--floor")
    first, again = (season(*words, folder=tmp_path) for _ in range(2))

    assert re.search(r"reconcile: \d+ equations, 0 off", first)
    assert "orphans: 0" in first
    assert f"{PEOPLE} people enrolled" in first
    assert counts(first) == counts(again)
    assert len(counts(first)) > 20
    assert not list(Path(tmp_path).iterdir()), "the season's home was left behind"


def test_the_command_says_what_it_is(tmp_path):
    assert "how many are enrolled" in season("--help", folder=tmp_path)
