"""The bench of matching: it reads, decides about and writes, and its rows add up."""

import os
import re
import subprocess
import sys

from tests.database import CHECKOUT

RESULT = re.compile(r"([0-9,]+) rows against 3,000 people = (.+)")


def test_every_row_of_the_bench_has_one_outcome():
    said = subprocess.run(
        [sys.executable, "bench/matching.py", "--people", "3000"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    rows, parts = RESULT.search(said).groups()
    counts = {
        name: int(count.replace(",", ""))
        for count, name in (each.split() for each in parts.split(" + "))
    }
    assert sum(counts.values()) == int(rows.replace(",", "")) >= 3000
    assert counts.keys() == {"added", "changed", "duplicate", "held", "unchanged"}
    assert "rows a second" in said
