"""A real browser for tests: Chromium of the machine, started quietly, closed at the end."""

import os
import shutil

import pytest
from django.db import connections

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

in_a_browser = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser():
    """Its loop runs in this thread: Django would take our own, plain queries for its tasks."""
    playwright = pytest.importorskip("playwright.sync_api")
    # Out of its sight inside the loop, this thread's connection would outlive its database.
    connections.close_all()
    with pytest.MonkeyPatch.context() as environment, playwright.sync_playwright() as started:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


def faults_of_access(page):
    """What axe finds on a page against WCAG 2.2 AA: the rule, and the first place it is broken."""
    if page.evaluate("typeof axe") == "undefined":
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        page.evaluate(axe.axe_script)
    found = page.evaluate(f"axe.run({{runOnly: {WCAG}, resultTypes: ['violations']}})")
    return {each["id"]: each["nodes"][0]["html"] for each in found["violations"]}


def pixels_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
