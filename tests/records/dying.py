"""A process that does one thing to a lake again and again, dying a file operation later each time.

Each attempt is a child of its own, on a copy of the lake as it was. What it left is looked at by
another child, and said in one line of JSON for each attempt.
"""

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from openprotect.records import lake, reference, store
from openprotect.records.lake import LakeDamaged
from openprotect.records.reference import Area
from openprotect.records.store import StoreDamaged
from tests.records.delivered import PEOPLE, deliver

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
NEW_CODES = [0, 1]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def first_lake(folder):
    """A generation, and its store and evidence store."""
    said = {"x": "1", "y": "2", "z": "3"}
    generation = deliver(folder, None, "gp", records={PEOPLE[0]: said})
    store.evidence_store(store.ready_store(folder, generation.id), NEW_CODES[:1])
    reference.keep_deprivation(folder, [Area("E01026419", 5)], name="imd", at=NOON)
    return generation.id


def build(folder, generation):
    store.ready_store(folder, generation)


def seal(folder, generation):
    present = lake.open_generation(folder, generation)
    deliver(folder, present, "gp", records={PEOPLE[0]: {"x": "4"}})


def extend(folder, generation):
    store.evidence_store(store.open_store(folder, generation), NEW_CODES)


def after_build(folder, generation):
    found = store.open_store(folder, generation)
    store.check(found)
    again = store.ready_store(folder, generation)
    return [bool(found.deprivation), bool(again.deprivation)]


def after_seal(folder, generation):
    lake.check(lake.open_generation(folder, generation))
    others = [path for path in folder.iterdir() if path.name not in (str(generation), "reference")]
    for other in others:
        try:
            lake.check(lake.open_generation(folder, UUID(other.name)))
        except LakeDamaged:
            return [False, True]
    return [bool(others), True]


def after_extend(folder, generation):
    whole = store.open_store(folder, generation)
    found = store.evidence_store(whole, NEW_CODES[:1])
    store.check(found)
    return [len(found.codes) > 1, len(store.evidence_store(whole, NEW_CODES).codes) > 1]


ACTS = {"build": (build, after_build), "seal": (seal, after_seal), "extend": (extend, after_extend)}


def main(act, folder):
    do, look = ACTS[act]
    folder = Path(folder)
    generation = UUID(_said_by_a_child(lambda: str(first_lake(folder / "first"))))
    for moment in range(1, 400):
        place = folder / f"attempt-{moment}"
        shutil.copytree(folder / "first", place)
        ended = _dying(moment, place, lambda place=place: do(place, generation))
        left = _said_by_a_child(lambda place=place: look(place, generation))
        sys.stdout.write(json.dumps({"died": ended == 9, "left": left}) + "\n")
        sys.stdout.flush()
        shutil.rmtree(place)
        if ended != 9:
            sys.exit(ended)
    sys.exit("it never came to its end")


def _dying(moment, place, do):
    """Exit code 9 when it died at this file operation, 0 when it came to its end before."""
    child = os.fork()
    if child == 0:
        _die_at(moment, str(place))
        do()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die_at(moment, place):
    seen = [0]

    def watch(event, arguments):
        opens = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        changes = opens or event in CHANGES
        if changes and any(str(each).startswith(place) for each in arguments[:2]):
            seen[0] += 1
            if seen[0] == moment:
                os._exit(9)

    sys.addaudithook(watch)


def _said_by_a_child(say):
    """What a child says, so that this process itself never has an engine's threads to fork."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = say()
        except (LakeDamaged, StoreDamaged) as why:
            said = str(why)
        with os.fdopen(writer, "w") as out:
            json.dump(said, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = json.load(answer)
    os.waitpid(child, 0)
    return said


if __name__ == "__main__":
    main(*sys.argv[1:])
