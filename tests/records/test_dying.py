import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.fault
OLD, NEW = [False, True], [True, True]


def attempts(act, folder):
    done = subprocess.run(
        [sys.executable, "-m", "tests.records.dying", act, folder],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("act", ["build", "seal", "extend"])
def test_killed_at_any_file_operation_it_leaves_the_old_or_the_new(act, tmp_path):
    tried = attempts(act, tmp_path)

    assert len(tried) > 2  # the last attempt comes through
    assert [each["died"] for each in tried] == [True] * (len(tried) - 1) + [False]
    left = [each["left"] for each in tried]
    turn = left.index(NEW)
    assert left == [OLD] * turn + [NEW] * (len(left) - turn)
