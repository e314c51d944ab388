import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, FakeNotify
from openprotect.gateways.notify import NotifyPostbox


@pytest.fixture
def fake(tmp_path):
    with FakeNotify(tmp_path / "outbox") as running:
        yield running


@pytest.fixture
def client(fake):
    """The official client, as any service would set it up."""
    client = NotificationsAPIClient(DEMO_KEY, base_url=fake.url, timeout=5)
    yield client
    client.request_session.close()


@pytest.fixture
def postbox(fake):
    """Our postbox, with little patience so that stalls are soon over."""
    with NotifyPostbox(fake.url, DEMO_KEY, DEMO_TEMPLATE, patience_for=0.5) as opened:
        yield opened
