"""One engine in a process of its own: a cold run, then warm ones, told as one line of JSON."""

import json
import sys
from dataclasses import asdict
from importlib import import_module

from bench.cohort_parts import machine
from bench.cohort_parts.answer import answer, digest
from bench.cohort_parts.engine import Spec

ENGINES = {
    "hand": "sql.Hand",
    "product": "product.Product",
    "reasons": "product.WithReasons",
    "scans": "sql.Scans",
    "polars": "polars_engine.Polars",
    "postgresql": "postgresql.Postgres",
    "pyspark": "product.OnSpark",
}


def engine(name, spec):
    module, found = ENGINES[name].split(".")
    return getattr(import_module(f"bench.cohort_parts.{module}"), found)(spec)


def measured(ours):
    """What the parent wants to know of this engine."""
    spec = ours.spec
    with machine.Highest(ours.more_memory) as elsewhere:
        with machine.Watch(ours.more_cpu) as cold:
            table = ours.run()
        digests = {digest(_as_asked(ours, table))}
        warm = []
        for _ in range(spec.rounds):
            with machine.Watch(ours.more_cpu) as watch:
                table = ours.run()
            warm.append(watch.taken)
            digests.add(digest(_as_asked(ours, table)))
    return {
        "name": ours.name,
        "title": ours.title,
        "cold": asdict(cold.taken),
        "warm": [asdict(each) for each in warm],
        "digests": sorted(digests),
        "found": table.num_rows,
        "peak": machine.peak_memory() + elsewhere.most,
        "prepared": getattr(ours, "prepared", None),
        "bytes": getattr(ours, "bytes", None),
    }


def _as_asked(ours, table):
    """The answer; without its last person when the bench was told to plant that fault."""
    found = answer(table)
    return found.slice(0, found.num_rows - 1) if ours.spec.planted == ours.name else found


def main(name, written):
    ours = engine(name, Spec.read(written))
    ours.open()
    try:
        if ours.reads != "its own tables":
            machine.forget(ours.files())
        told = measured(ours)
    finally:
        ours.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
