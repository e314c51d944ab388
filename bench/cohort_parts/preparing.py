"""Builds the store that the product prepares each night, and tells what it took."""

import json
import sys
from pathlib import Path
from uuid import UUID

from bench.cohort_parts import machine
from bench.cohort_parts.engine import Spec


def main(_, written):
    from openprotect.records import lake
    from openprotect.records.store import build

    spec = Spec.read(written)
    generation = lake.open_generation(Path(spec.lake), UUID(spec.generation))
    with machine.Watch() as watch:
        store = build(generation)
    told = {
        "seconds": watch.taken.seconds,
        "cpu": watch.taken.cpu,
        "others": watch.taken.others,
        "bytes": store.database.stat().st_size,
        "rows": dict(store.rows),
        "peak": machine.peak_memory(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
