import pytest

from openprotect.gateways.fake_notify import FakeNotify
from tests.faults.sweep import Sweep


def pytest_collection_modifyitems(config, items):
    """The whole sweep takes minutes: it runs when `-m` asks for faults."""
    if "fault" in config.option.markexpr:
        return
    whole = [
        each for each in items if {"fault", "slow"} <= {mark.name for mark in each.iter_markers()}
    ]
    config.hook.pytest_deselected(items=whole)
    items[:] = [each for each in items if each not in whole]


@pytest.fixture
def sweep(worker_committing, processes, tmp_path):
    """Sweeps on this test's own database: `sweep().run(scenario)`, or with a planted bug."""
    started = []
    with FakeNotify(tmp_path / "outbox") as fake:

        def start(bug=""):
            started.append(Sweep(processes, fake, bug=bug))
            return started[-1]

        yield start
        for each in started:
            each.__exit__()
