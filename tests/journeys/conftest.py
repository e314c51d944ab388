"""A running service, people to be at its pages, and a last look that every page was in order."""

from dataclasses import replace

import pytest

from openprotect.gateways.fake_notify import DEMO_KEY, DEMO_TEMPLATE, FakeNotify
from tests.browsing import browser
from tests.journeys.service import Service
from tests.journeys.visitor import Visitor

__all__ = ["browser"]


@pytest.fixture
def texts(tmp_path):
    """The stand-in for the provider of texts."""
    with FakeNotify(tmp_path / "outbox") as fake:
        yield fake


@pytest.fixture
def service(transactional_db, own_database, administrator, live_server, settings, texts):
    """Served from this process, everything committed as it happens."""
    settings.OPENPROTECT = replace(
        settings.OPENPROTECT,
        public_url=live_server.url,
        notify_url=texts.url,
        notify_key=DEMO_KEY,
        notify_template=DEMO_TEMPLATE,
    )
    return Service(live_server.url, own_database, administrator, settings.OPENPROTECT)


@pytest.fixture
def visit(browser, service):
    """Come in by a browser of one's own; in the end, no page may have had a fault."""
    visitors, seen = [], set()

    def come(**how):
        visitors.append(Visitor(browser, service.url, seen=seen, **how))
        return visitors[-1]

    yield come
    faults = {where: what for each in visitors for where, what in each.faults.items()}
    for each in visitors:
        each.close()
    assert faults == {}
