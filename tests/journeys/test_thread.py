"""From a record to a closed alert and back to the person, at real pages in a real browser."""

import pytest

from tests.browsing import in_a_browser
from tests.journeys.thread import Thread

pytestmark = in_a_browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_nobody_is_lost_from_record_to_closed_alert(visit, service, texts, script):
    thread = Thread(service, texts, visit, script=script)

    for step in Thread.STEPS:
        step(thread)

    assert service.equations_off() == []
