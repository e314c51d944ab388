"""Real forms spoilt in a thousand ways: does the reader ever fall over, or take for ever?

    python3 run.py bench forms FOLDER [--each 20] [--seed 1]

Each form of the folder is spoilt so many times, in its bytes, its parts or its shape, and read as
`form check` reads it. A variant on which it falls over is kept in the temporary folder and named.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

SLOW = 10.0


def main():
    parser = argparse.ArgumentParser(prog="bench forms", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    from openprotect.forms.checking import files_of

    dice, fell, slow, count = random.Random(asked.seed), 0, 0, 0  # noqa: S311 - drawn again alike
    with tempfile.TemporaryDirectory() as folder:
        for file in files_of(asked.folder):
            for number in range(asked.each):
                trouble, took = tried(file, number, dice, Path(folder) / "form.json")
                count, fell, slow = count + 1, fell + bool(trouble), slow + (took > SLOW)
                if trouble or took > SLOW:
                    print(trouble or f"{file.name}, variant {number}: {took:.1f} s")
    print(f"{count:,} variants: fell over on {fell}, over {SLOW:.0f} s on {slow}; {asked.seed=}")
    sys.exit(1 if fell or slow else 0)


def tried(file, number, dice, at):
    """What went wrong with one variant, and how long it took."""
    from tests.forms.mutating import mutated, said_of

    done, made = mutated(file.read_bytes(), dice)
    at.write_bytes(made)
    began = time.process_time()
    try:
        list(said_of(at))
    except Exception:  # whatever it is, it should have been a line
        kept = Path(tempfile.gettempdir()) / f"fell-{file.stem[:40]}-{number}.json"
        kept.write_bytes(made)
        return f"{file.name} {done}: kept as {kept}\n{traceback.format_exc(limit=-4)}", 0
    return "", time.process_time() - began


if __name__ == "__main__":
    main()
