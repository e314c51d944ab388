"""The official tests, through the command that publishes the figure."""

from pathlib import Path

from openprotect.cli.__main__ import main

FOLDER = Path(__file__).parent / "official"
# By the standard, T08 may be as late as 08:59:59.999; the test says 08:00:59.999.
NOT_PASSED = ["HighBoundaryDateTimeMillisecond3"]


def test_every_official_test_passes_but_the_one_that_the_documents_name(capsys):
    assert main(["form", "fhirpath-conformance", str(FOLDER), "--failures"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "610 of 611 pass"
    assert [line.split(":")[0] for line in lines if line[0] != " "][:-1] == NOT_PASSED


def test_the_folder_above_them_will_do(capsys):
    assert main(["form", "fhirpath-conformance", str(FOLDER.parent)]) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "610 of 611 pass"


def test_files_that_hold_none_are_refused(capsys, tmp_path):
    (tmp_path / "other.xml").write_text("<other/>")

    assert main(["form", "fhirpath-conformance", str(tmp_path)]) == 1
    assert "no tests" in capsys.readouterr().err


def test_a_folder_without_tests_is_refused(capsys, tmp_path):
    assert main(["form", "fhirpath-conformance", str(tmp_path)]) == 1

    assert "no tests" in capsys.readouterr().err
