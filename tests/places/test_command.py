from argparse import ArgumentParser

import pytest

from openprotect.cli import places

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]


def run(*words):
    parser = ArgumentParser()
    places.arguments(parser)
    return places.run(parser.parse_args(["import", *words]))


def test_the_command_prints_an_equation_for_each_file_and_why_rows_were_left_out(capsys):
    assert run() == 0

    printed = capsys.readouterr().out
    assert "teams.csv: 5 = 5 added + 0 changed + 0 unchanged + 0 rejected" in printed
    assert (
        "26 of epraccur-norfolk-waveney.csv: not a GP practice (prescribing setting 9)" in printed
    )
    assert "note: Y05472: its locality is unknown, it lies in 26A" in printed


def test_the_command_lists_every_row_left_out_when_asked(capsys):
    run("--rejected")

    assert "epraccur-norfolk-waveney.csv, row 1, A99984: not a GP" in capsys.readouterr().out
