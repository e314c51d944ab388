"""Reading apart: a process without Django, network or secrets that reads strangers' files.

Run as a program it waits, with everything loaded, for orders on standard input, a line of JSON
each. Every order is carried out in a child of its own, under limits, and answered with how that
child ended. What was read lies in the order's folder.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from openprotect.records.readers import incoming, limits, reading
from openprotect.records.readers.limits import ForbiddenHere
from openprotect.records.rules.reasons import FileRefused

DONE, REFUSED, FORBIDDEN, NO_MEMORY, BROKEN = 0, 3, 4, 5, 6
REFUSAL_FILE, PROGRESS_FILE, OWN_FOLDER = "refusal.json", "progress.txt", "reading"
Reader = Callable[[reading.Reading, Path], None]


def main(read: Reader = reading.read) -> None:
    """Carry out orders until nobody gives any."""
    limits.end_with_parent()
    pa.array([""])  # loads what Arrow otherwise loads again in every child
    for line in sys.stdin:
        order = reading.from_json(line)
        sys.stdout.write(json.dumps(_in_a_child(order, read)) + "\n")
        sys.stdout.flush()


def _in_a_child(order: reading.Reading, read: Reader) -> dict[str, int]:
    child = os.fork()
    if child == 0:
        os._exit(_carry_out(order, read))
    _, status, used = os.wait4(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    return {"ended": ended, "peak_kilobytes": used.ru_maxrss}


def _carry_out(order: reading.Reading, read: Reader) -> int:
    """Read under limits. Nothing that is raised here may show a value from the file."""
    folder = order.folder
    try:
        limits.end_with_parent()
        own = folder / OWN_FOLDER
        own.mkdir(mode=0o700, exist_ok=True)
        tempfile.tempdir = str(own)
        limits.impose(order.limits, folder.resolve())
        read(order, folder)
    except FileRefused as why:
        (folder / REFUSAL_FILE).write_text(incoming.in_parts(why))
        return REFUSED
    except ForbiddenHere as what:
        return _said(folder, FORBIDDEN, str(what))
    except MemoryError:
        return _said(folder, NO_MEMORY, "")
    except BaseException as why:
        return _broken(folder, why)
    return DONE


def _broken(folder: Path, why: BaseException) -> int:
    """Where a reader failed, by our own lines and the kind of fault: its words may hold values."""
    if type(why).__name__ in ("OutOfMemoryException", "ArrowMemoryError"):
        return _said(folder, NO_MEMORY, "")
    frames = traceback.extract_tb(why.__traceback__)
    where = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames[:-4:-1])
    return _said(folder, BROKEN, f"{type(why).__name__} at {where}")


def _said(folder: Path, code: int, words: str) -> int:
    (folder / REFUSAL_FILE).write_text(json.dumps({"words": words}))
    return code


if __name__ == "__main__":
    main()
