"""Whatever a reader is made to do, the import is refused for a reason, and nothing is changed."""

import subprocess
import sys

import pytest

from openprotect.records.actions import reading
from openprotect.records.models import Changeset
from openprotect.records.readers.limits import Limits
from openprotect.records.rules.reasons import FileRefused

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

SOON = Limits(cpu_seconds=1, wall_seconds=3, niceness=0)


@pytest.fixture
def wicked(monkeypatch, take_in, tmp_path):
    """Import a file by a reader that does what its name says; gives why it was refused."""
    monkeypatch.setattr(reading, "PROGRAM", [sys.executable, "-m", "tests.records.wicked"])
    reader = reading._Reader()
    monkeypatch.setattr(reading, "_READER", reader)
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "kept.txt").write_text("x")

    def run(deed, limits=SOON):
        path = tmp_path / f"{deed}.csv"
        path.write_text("x")
        with pytest.raises(FileRefused) as refused:
            take_in(path, limits=limits)
        return refused.value

    yield run
    reader.end()


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("opens_a_socket", "it tried to use socket."),
        ("asks_the_web", "it tried to use"),
        ("runs_a_program", "it tried to use subprocess.Popen"),
        ("becomes_a_program", "it tried to use os.exec"),
        ("calls_the_system", "it tried to use ctypes."),
        ("writes_elsewhere", "it tried to write outside its folder"),
        ("removes_elsewhere", "it tried to write outside its folder"),
        ("takes_4_gigabytes", "needs over 3,221,225,472 bytes of memory"),
        ("takes_4_gigabytes_outside_python", "needs over 3,221,225,472 bytes of memory"),
        ("loops_for_ever", "needs over 1 seconds"),
        ("sleeps_for_ever", "needs over"),
        ("breaks", "its reader failed (KeyError at wicked.py:"),
        ("crashes", "its reader crashed (SIGABRT)"),
    ],
)
def test_a_reader_that_does_more_than_read_is_stopped(wicked, deed, words, tmp_path):
    why = wicked(deed)

    assert words in str(why)
    assert str(why).endswith("Nothing was changed.")
    assert "Canary" not in str(why)
    assert Changeset.objects.count() == 0
    assert [path.name for path in (tmp_path / "lake").iterdir()] == ["kept.txt"]


def test_a_reader_has_no_network_device_where_the_kernel_allows_that(wicked):
    ways = (["unshare", "--net", "true"], ["unshare", "--user", "--net", "true"])
    if not any(_works(way) for way in ways):
        pytest.skip("this kernel lets nobody leave the network")

    why = wicked("looks_at_the_network")

    assert "_OnlyTheLoopback at" in str(why)


def _works(words):
    try:
        return subprocess.run(words, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def test_after_a_reader_was_stopped_the_next_import_is_read(wicked, take_in, csv_file, monkeypatch):
    wicked("loops_for_ever")
    monkeypatch.undo()

    taken = take_in(csv_file("4505577104,Ames,1950-04-03,female,D82001"))

    assert taken.changeset.status == Changeset.Status.COMMITTED


def test_a_reader_knows_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("OPENPROTECT_SECRET_KEY", "x" * 60)
    monkeypatch.setenv("PGPASSWORD", "y")

    assert not {"OPENPROTECT_SECRET_KEY", "PGPASSWORD"} & set(reading._environment())
