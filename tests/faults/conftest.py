import pytest

from openprotect.gateways.fake_notify import FakeNotify
from tests.faults.sweep import Sweep


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
