"""Whom the rules find in 1.1 million people: OpenProtect, and what one would use instead.

`python3 run.py bench cohort [--people N]`. The people are made up from a seed and kept in the home
directory for the next run. Every engine does the same task on the same people, in a process of its
own, on a machine that is left alone as far as it can be; all answers must be equal, or nothing is
printed but that, and the exit is 1. The last line is the ratio to hand-written SQL.
"""

import argparse
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from bench.cohort_parts import publishing, report, running
from bench.cohort_parts.engine import Spec
from bench.cohort_parts.making import made
from openprotect.config import environment

FEW = 100_000  # up to so many people, engines that take minutes to make ready come along


def arguments(words):
    parser = argparse.ArgumentParser(prog="bench cohort", description=__doc__.split("\n\n")[0])
    parser.add_argument("--people", type=int, default=FEW)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5, help="warm runs; the median counts")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for quiet")
    parser.add_argument("--engines", help="only these, with commas")
    chosen = argparse.BooleanOptionalAction
    parser.add_argument("--postgresql", action=chosen, help=f"usual up to {FEW:,} people")
    parser.add_argument("--pyspark", action=chosen, help="usual when it is installed")
    parser.add_argument("--publish", action="store_true", help="keep the report in bench/results")
    parser.add_argument("--planted", default="", help="an engine that is to leave somebody out")
    return parser.parse_args(words)


def chosen_engines(options):
    """Hand-written SQL first: it is what all are held against."""
    if options.engines:
        return options.engines.split(",")
    names = ["hand", "product", "reasons", "scans", "polars"]
    few = options.people <= FEW
    if few if options.postgresql is None else options.postgresql:
        names.append("postgresql")
    installed = find_spec("pyspark") is not None
    if installed if options.pyspark is None else options.pyspark:
        names.append("pyspark")
    return names


def main(words):
    options = arguments(words)
    home = environment.home()
    lake = made(home, options.people, options.seed)
    folder = lake.folder.parent
    spec = Spec(
        str(lake.folder), str(lake.generation), str(folder), options.rounds, options.planted
    )
    results = running.Results(
        people=options.people,
        seed=options.seed,
        at=datetime.now(UTC),
        making=lake.seconds,
        delivered=lake.delivered_bytes,
    )
    results.store = running.prepared(spec, folder)
    for name in chosen_engines(options):
        running.engine(results, name, spec, options.patience)
    if not results.agree():
        print(report.disagreement(results))
        return 1
    if "product" in results.engines:
        running.extras(results, spec, options.patience)
    publishing.keep(results, folder)
    text = report.markdown(results, publishing.larger(home, results))
    print(text)
    if options.publish:
        publishing.publish(results, text, Path(__file__).parent / "results")
    print(f"ratio to hand-written SQL: {results.ratio('product'):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
