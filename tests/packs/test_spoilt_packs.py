"""A pack with anything wrong in any file is refused with its places, or read; it never falls over.

So many as OPENPROTECT_MUTATIONS says are spoilt; a dozen in the suite.
"""

import json
import os
import random

import pytest

from openprotect.packs import PackRefused, from_files
from openprotect.packs.journeys import read_journeys
from openprotect.packs.proving import play_cards
from tests.forms.mutating import SPOILS
from tests.packs.given import FILE, pack_files

MUTATIONS = int(os.environ.get("OPENPROTECT_MUTATIONS", "12"))
SEED = 20_261_125
ODD = [
    "", ",,,,", '"', "= ", "[[", "]]", "\x00", "\u202e", "x" * 20_000, "'; DROP TABLE x; --", "{x}",
    "1e999", "2026-02-30", "missing, any", "not not", ">= ", "..", "# ", "\r\n", "{{ 7 * 7 }}",
]  # fmt: skip


def spoilt(dice):
    """The shipped pack with one to three of its files changed by accident."""
    files = pack_files()
    for _ in range(dice.randint(1, 3)):
        name = dice.choice([each for each in files if not each.startswith("codelists/")])
        files |= {name: _spoilt(name, files[name], dice)}
    return files


def _spoilt(name, content, dice):
    if name == FILE and dice.random() < 0.7:
        form = json.loads(content)
        dice.choice(SPOILS)(form, dice)
        return json.dumps(form, default=str).encode()
    lines = content.decode("utf-8", "replace").split("\n")
    at = dice.randrange(len(lines))
    way = dice.random()
    if way < 0.3:
        del lines[at]
    elif way < 0.5:
        lines.insert(at, dice.choice(lines))
    elif way < 0.6:
        return content[: dice.randrange(len(content) + 1)]
    elif way < 0.7:
        return content.decode("utf-8", "replace").encode("utf-16")
    else:
        middle = dice.randrange(len(lines[at]) + 1)
        lines[at] = lines[at][:middle] + dice.choice(ODD) + lines[at][middle:]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("number", range(MUTATIONS))
def test_a_spoilt_pack_is_read_or_refused_with_places(number):
    files = spoilt(random.Random(f"{SEED} {number}"))  # noqa: S311 - drawn again alike

    assert all(each.file and "\n" not in str(each) for each in told(files))


def told(files):
    """What is wrong in the files themselves, else in the cards and journeys."""
    try:
        pack = from_files(files)
        play_cards(pack)
        read_journeys(pack)
    except PackRefused as refusal:
        return refusal.problems
    return pack.warnings
