"""Whether the time that a page takes tells why a link cannot be used: a stopwatch that learns.

    python3 run.py bench front_door [--links 40]

Looks 50 times at so many links of each kind (unknown, used, expired, closed, dead, stopped,
refused, restricted, locked), and learns to tell each from an unknown one. 0.5 is chance.
"""

import argparse
import os
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(prog="bench front_door", description=__doc__.splitlines()[0])
    parser.add_argument("--links", type=int, default=40)
    asked = parser.parse_args()
    words = [sys.executable, "-m", "pytest", "-q", "-m", "fault", "-k", "stopwatch"]
    words.append("tests/faults/test_front_door.py")
    limits = {"OPENPROTECT_LINKS": str(asked.links)}
    sys.exit(subprocess.call(words, env={**os.environ, **limits}))


if __name__ == "__main__":
    main()
