"""`openprotect pack check` and `pack test`: what an author sees."""

import re
import shutil

import pytest

from openprotect.cli import packs
from openprotect.cli.packs.judging import verdict_of
from openprotect.packs.proving import try_folder
from tests.packs.given import SHIPPED


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shared").symlink_to(SHIPPED.parent / "shared")
    return shutil.copytree(SHIPPED, tmp_path / "covid-protect")


def edit(folder, name, old, new):
    path = folder / name
    path.write_text(path.read_text().replace(old, new, 1))


def test_a_sound_pack_is_said_to_be_sound(folder):
    verdict = verdict_of("check", folder)

    assert verdict.exit_code == 0
    assert verdict.lines[-1].startswith("covid-protect 1.")
    assert ": sound, " in verdict.lines[-1]


def test_problems_are_printed_with_file_row_and_column(folder):
    edit(folder, "triage.csv", ",speech,", ",shouting,")

    verdict = verdict_of("check", folder)

    assert verdict.exit_code == 1
    assert any(line.startswith("triage.csv:2:breath: 'shouting'") for line in verdict.lines)


def test_cards_are_played_and_counted(folder):
    proof = try_folder(folder)

    assert proof.is_well
    count = sum(1 for name in ("triage", "who") for _ in rows_of(folder, name))
    count += sum(1 for _ in (folder / "examples" / "journeys").glob("*.toml"))
    rules = len((folder / "triage.csv").read_text().splitlines()) - 1
    line = list(proof.lines())[-1]
    assert f": {count} of {count} cards passed, " in line
    assert re.search(r" (\d+) of \1 rules covered, (\d+) of \2 mutants caught", line)
    assert proof.rules.whole > rules


def rows_of(folder, name):
    return (folder / "examples" / f"{name}.csv").read_text().splitlines()[1:]


def test_a_record_card_that_finds_other_groups_is_named(folder):
    edit(folder, "examples/who.csv", ",diabetes 2020-01-01,diabetes\n", ",,diabetes\n")

    proof = try_folder(folder)

    assert not proof.is_well
    assert "sixteen-today: expected diabetes, found nobody" in proof.wrong[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fever,,,,,,>= 38", "fever,,,,,,> 38"),
        ("< 35", "<= 35"),
        ("0..2", "0..1"),
        ('"3..7, missing"', "3..7"),
        ("breath-moving,,,moving,", "breath-moving,,,not-sure,"),
    ],
)
def test_a_bound_moved_by_a_slip_is_caught_by_the_cards(folder, old, new):
    edit(folder, "triage.csv", old, new)

    proof = try_folder(folder)

    assert not proof.is_well
    assert any("expected but silent" in line for line in proof.wrong)


def test_a_rule_without_a_card_is_a_gap(folder):
    cards = folder / "examples" / "triage.csv"
    kept = [line for line in cards.read_text().splitlines() if "cannot-go-on" not in line]
    cards.write_text("\n".join(kept))

    proof = try_folder(folder)

    assert "rule cannot-go-on never fires on any card" in proof.gaps
    assert not proof.is_well


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("all-well,", "all-well,,", "cells; the first row names"),
        ("because", "why", "1:because: this column is missing"),
        (",breath-rest\n", ",breath-rested\n", "'breath-rested' is no rule of this pack"),
        (",38,", ",380,", "is not an answer to this question"),
        ("same,,normal", "better,fall,normal", "is asked this question"),
    ],
)
def test_a_faulty_card_is_named(folder, old, new, words):
    edit(folder, "examples/triage.csv", old, new)

    verdict = try_folder(folder)

    assert verdict.exit_code == 1
    assert any(words in line for line in verdict.lines), verdict.lines


def test_a_pack_without_cards_is_not_proven(folder):
    (folder / "examples" / "triage.csv").unlink()

    assert not try_folder(folder).is_well


def test_the_command_answers_for_several_folders(folder, tmp_path, capsys):
    parser = packs.argparse.ArgumentParser()
    packs.arguments(parser)

    code = packs.run(parser.parse_args(["check", str(folder), str(tmp_path / "nowhere")]))

    assert code == 1
    assert "nowhere: there is no such folder." in capsys.readouterr().out


def test_what_costs_more_than_one_text_is_said_with_its_cost(folder):
    lines = verdict_of("check", folder).lines

    assert any(each.startswith("texts in en: invite costs 2 texts") for each in lines)
