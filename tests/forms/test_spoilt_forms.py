"""A form that is spoilt in its bytes, its parts or its shape is one line, never a fall."""

import random
from pathlib import Path

import pytest

from openprotect.forms.checking import files_of
from tests.forms.mutating import mutated, said_of, spoilt_bytes

SAMPLES = files_of(Path(__file__).parent / "samples")
SEED = 20_261_125


@pytest.mark.parametrize("file", SAMPLES, ids=lambda each: each.stem[:40])
def test_each_sample_spoilt_in_several_ways_is_said(file, tmp_path):
    dice = random.Random(f"{SEED} {file.name}")  # noqa: S311 - drawn again alike
    for _ in range(6):
        done, made = mutated(file.read_bytes(), dice)
        at = tmp_path / "form.json"
        at.write_bytes(made)

        lines = list(said_of(at))

        assert all(each and "\n" not in each for each in lines), done


def test_a_file_spoilt_in_its_bytes_is_refused_or_read(tmp_path):
    dice = random.Random(SEED)  # noqa: S311 - drawn again alike
    for number in range(40):
        at = tmp_path / f"{number}.json"
        at.write_bytes(spoilt_bytes(SAMPLES[0].read_bytes(), dice))

        assert all(list(said_of(at)))
