"""`pack import` and `pack export` are each other's inverse, byte for byte."""

import argparse

import pytest

from openprotect.base.refusals import Refused
from openprotect.cli.packs import moving
from openprotect.packs.files import read_folder
from openprotect.packs.problems import Reading
from tests import given
from tests.shipped import PACKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_hand(worker, monkeypatch):
    """The suite's own database stands ready; the command would start one."""
    monkeypatch.setattr(moving, "database_at_hand", given.as_worker)


def run(word, *words):
    parser = argparse.ArgumentParser()
    moving.arguments(parser.add_subparsers())
    options = parser.parse_args([word, *map(str, words)])
    return options.run(options)


def test_what_was_brought_in_comes_out_as_it_was(at_hand, tmp_path):
    run("import", PACKS / "diabetes-prevention")
    run("export", "diabetes-prevention", tmp_path / "out")

    before, after = (
        read_folder(Reading(), each) for each in (PACKS / "diabetes-prevention", tmp_path / "out")
    )
    assert after == before


def test_nothing_is_written_over(at_hand, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(Refused, match="is not empty"):
        run("export", "covid-protect", tmp_path)


@pytest.mark.parametrize("named", ["nowhere", "covid-protect@9.9.9"])
def test_a_pack_that_is_not_here_is_said_to_be_so(at_hand, tmp_path, named):
    with pytest.raises(Refused, match="There is no pack"):
        run("export", named, tmp_path / "out")
