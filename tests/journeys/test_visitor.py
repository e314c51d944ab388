"""The eye that every journey relies on sees what is wrong."""

import pytest

from tests.browsing import in_a_browser
from tests.journeys.visitor import Visitor

pytestmark = in_a_browser


@pytest.fixture
def visitor(browser):
    made = Visitor(browser, "http://nowhere.example")
    yield made
    made.close()


def test_a_picture_without_words_and_a_page_too_wide_are_noticed(visitor):
    visitor.page.set_content(
        "<html lang=en><title>A page</title><main><h1>A page</h1>"
        "<img src='data:,'><p style='width: 600px'>Too wide for a telephone</p></main></html>"
    )

    visitor.look()

    noticed = {where.split(" ", 1)[1] for where in visitor.faults}
    assert {"image-alt at 1280", "image-alt at 375", "too wide at 375"} <= noticed
    assert "too wide at 1280" not in noticed


def test_a_script_that_fails_is_noticed(visitor):
    visitor.page.set_content("<title>A page</title><script>nowhere()</script>")

    assert [where for where in visitor.faults if where.endswith(" script")]
