#!/usr/bin/env python3
"""Take the README's pictures: one of each role, of a demonstration of its own, in docs/screenshots.

    python3 run.py screenshots            all of them
    python3 run.py screenshots studio     only those of docs/packs-in-hours.md

It starts a demonstration in a scratch home, walks through the loop as `demo --once` does, and stops
on the way to look as somebody of each role would.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]
PICTURES = CHECKOUT / "docs" / "screenshots"
DESK, TELEPHONE = {"width": 1280, "height": 860}, {"width": 375, "height": 860}
MORNING = 10
QUIET = ["--no-sandbox", "--disable-background-networking", "--hide-scrollbars"]


class Photographer:
    """Somebody who comes in by a browser, looks at one page and takes its picture."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base

    @contextmanager
    def page(self, size: dict[str, int]) -> Iterator[Any]:
        page = self.browser.new_page(base_url=self.base, viewport=size, locale="en-GB")
        yield page
        page.close()

    @contextmanager
    def as_one_of_the_staff(self, login: str) -> Iterator[Any]:
        with self.page(DESK) as page:
            page.goto("/demo/")
            with page.expect_navigation():
                page.locator(f'form[action="/demo/be/{login}"] button').click()
            yield page


def keep(page: Any, name: str) -> None:
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    print(f"{name}: {path.stat().st_size // 1000} kB")


def press(page: Any, name: str) -> None:
    either = [page.get_by_role(role, name=name) for role in ("button", "link")]
    with page.expect_navigation():
        either[0].or_(either[1]).first.click()


def practice(on: Photographer) -> None:
    with on.as_one_of_the_staff("practice") as page:
        press(page, "To review")
        keep(page, "practice")


def patient(on: Photographer, link: str, born: Any) -> None:
    with on.page(TELEPHONE) as page:
        page.goto(link)
        for part, value in (("Day", born.day), ("Month", born.month), ("Year", born.year)):
            page.get_by_label(part, exact=True).fill(str(value))
        press(page, "Start")
        page.get_by_label("About the same").check()
        press(page, "Continue")
        page.get_by_label("Normal for me").check()
        keep(page, "patient")


def alert(on: Photographer, login: str, name: str) -> None:
    """The first alert of a team's list, opened."""
    with on.as_one_of_the_staff(login) as page:
        with page.expect_navigation():
            page.locator("table th a").first.click()
        keep(page, name)


def caller(on: Photographer) -> None:
    with on.as_one_of_the_staff("caller") as page:
        press(page, "Take the next call")
        keep(page, "caller")
        press(page, "Put it back, unrung")


def first_page(on: Photographer, login: str, *, link: str = "") -> None:
    with on.as_one_of_the_staff(login) as page:
        if link:
            press(page, link)
        keep(page, login)


def studio(on: Photographer) -> None:
    """A version is begun, a rule of it changed, its cards played, its difference told."""
    home = "/studio/covid-protect/"
    with on.as_one_of_the_staff("clinical") as page:
        page.goto(home)
        keep(page, "studio-pack")
        press(page, "Begin a new version")
        press(page, "Temperature of 38")
        keep(page, "studio-rule")
        page.get_by_label("Source").fill("NHS website: a high temperature in adults, read again")
        press(page, "Save this rule")
        for name in ("cards", "difference"):
            page.goto(f"{home}{name}/")
            keep(page, f"studio-{name}")


def stops(on: Photographer, walk: Any) -> dict[str, list[Callable[[], None]]]:
    """After which step of the walk which pictures are taken."""
    from openprotect.checkins.queries import demonstration_birth_date

    def a_patient() -> None:
        link = walk.links()[-1]
        patient(on, link, demonstration_birth_date(link.rsplit("/", 1)[-1]))

    return {
        "invite": [a_patient],
        "answer": [
            partial(alert, on, "surveillance", "triage"),
            partial(alert, on, "council", "council"),
        ],
        "calls": [
            partial(caller, on),
            partial(first_page, on, "lead"),
            partial(first_page, on, "governance", link="Who opened whose record"),
            partial(studio, on),
        ],
    }


def walk_through(base: str, outbox: Any) -> None:
    from playwright.sync_api import sync_playwright

    from openprotect.cli.demonstration import unattended

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=os.environ["CHROMIUM"], args=QUIET)
        on, walk = Photographer(browser, base), unattended.Walk(base, outbox)
        if "studio" in sys.argv[1:]:
            studio(on)
            browser.close()
            return
        practice(on)
        waiting = stops(on, walk)
        for name, step in unattended.STEPS:
            print(f"{name}: {step(walk)}", flush=True)
            for take in waiting.pop(name, []):
                take()
            if not waiting:
                break
        browser.close()
    if waiting:
        sys.exit(f"The walk has no step {', '.join(waiting)}: pictures are missing.")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="openprotect-pictures-") as home:
        os.environ |= {
            "OPENPROTECT_HOME": home,
            "OPENPROTECT_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "openprotect.config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's loop runs in this thread
        }
        PICTURES.mkdir(exist_ok=True)
        from openprotect.config import databases

        with databases.running() as server:
            in_the_demonstration(Path(home))
        if server.local:
            server.local.destroy()
    return 0


def in_the_demonstration(home: Path) -> None:
    import django

    django.setup()
    from openprotect.cli import demo
    from openprotect.cli.demonstration import processes
    from openprotect.cli.ready import make_ready
    from openprotect.gateways.fake_notify import Outbox

    make_ready()
    wait_for_the_morning()
    demo.seed()
    port = processes.free_port()
    with processes.running(port, home):
        walk_through(f"http://127.0.0.1:{port}", Outbox(home / "outbox"))


def wait_for_the_morning() -> None:
    """So that the pictures show hours at which people work, whenever they are taken."""
    from openprotect.base import clock
    from openprotect.checkins.rules import LOCAL
    from openprotect.governance.actions import move_demo_clock

    now = clock.now().astimezone(LOCAL)
    hours = (MORNING - now.hour) % 24 or 24
    move_demo_clock(by=timedelta(hours=hours) - timedelta(minutes=now.minute))


if __name__ == "__main__":
    sys.exit(main())
