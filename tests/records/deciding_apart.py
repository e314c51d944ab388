"""A process that decides about an import, and where told so dies at a chosen moment.

It says `ready`, waits for a line, acts, and says what became of it.
"""

import os
import sys
from pathlib import Path

import django


def die(*_, **__):
    os._exit(9)


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(act, moment, folder, number, by):
    django.setup()
    from openprotect.base.refusals import Refused
    from openprotect.records.actions import releasing, reviewing
    from openprotect.records.models import Changeset

    _die_at(moment, reviewing, releasing)
    found = Changeset.objects.get(number=number)
    say("ready")
    sys.stdin.readline()
    try:
        _act(act, found, by, Path(folder))
    except Refused as why:
        say(why)
        os._exit(3)
    say("done")
    os._exit(0)


def _act(act, found, by, folder):
    from openprotect.records import actions
    from tests.records.conftest import NOON

    where = {"folder": folder, "at": NOON}
    if act == "release":
        actions.tend(**where)
    elif act == "match again":
        actions.match_again(found, by=by, **where)
    elif act == "approve":
        actions.approve(found, by=by, preview=found.preview, **where)
    elif act == "refuse":
        actions.refuse(found, by=by, because="wrong file", **where)
    else:
        actions.undo(found, by=by, because="wrong file", with_later=True, **where)


def _die_at(moment, reviewing, releasing):
    """Before the last thing that each of them does inside its transaction, or its files."""
    if moment == "files":
        from openprotect.records.actions import matching

        matching.lake.seal_onto = die
    elif moment == "commit":
        reviewing._outdate_others = die
        reviewing.ChangesetProblem.objects.bulk_create = die
        releasing._mark = die
    elif moment == "half-way":
        noted = []
        note = reviewing._note

        def second(*said, **more):
            noted.append(note(*said, **more))
            return die() if len(noted) == 2 else None

        reviewing._note = second


if __name__ == "__main__":
    main(*sys.argv[1:])
