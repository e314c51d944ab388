"""A process that imports files and dies at a chosen moment, as a crash or a power cut would."""

import os
import sys
from pathlib import Path

import django


def main(moment, folder, *files):
    django.setup()
    from openprotect.records.actions import importing, matching
    from tests.records.conftest import NOON, TODAY

    if moment == "before the manifest":
        matching.lake.seal_onto = lambda *_, **__: os._exit(9)
    elif moment == "before the commit":
        importing.keep = lambda *_, **__: os._exit(9)
    elif moment == "inside the commit":
        importing.ChangesetProblem.objects.bulk_create = lambda *_, **__: os._exit(9)
    importing.take_in(
        [Path(file) for file in files],
        importing.Options(),
        folder=Path(folder),
        today=TODAY,
        by="ann",
        at=NOON,
    )
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
