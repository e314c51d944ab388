"""Alerts without an owner, looked for through many steps: people leave, places close, time passes.

    python3 run.py bench orphans [--steps 100000] [--seed 20261125]

The walk of tests/faults/test_no_orphans.py, as long as wanted: after each step every open alert
must have an active team, somebody active who can open it, and a due time.
"""

import argparse
import os
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(prog="bench orphans", description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20261125)
    asked = parser.parse_args()
    limits = {"PROOF_STEPS": str(asked.steps), "PROOF_SEED": str(asked.seed)}
    words = [sys.executable, "-m", "pytest", "-q", "-k", "walk"]
    words.append("tests/faults/test_no_orphans.py")
    sys.exit(subprocess.call(words, env={**os.environ, **limits}))


if __name__ == "__main__":
    main()
