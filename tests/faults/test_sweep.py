"""Killed at any statement, commit or request: nothing acknowledged is lost, nothing is twice."""

import pytest

from tests.faults.sweep import SCENARIOS


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_wherever_a_worker_dies(sweep, capsys):
    report = sweep().run("several alerts")

    with capsys.disabled():
        print(report)
    assert report.is_clean, [report.missing, report.extra, report.off]
