"""Somebody at a browser. Each page they come to is looked over, wide and narrow."""

import re

from tests.browsing import faults_of_access, pixels_too_wide

WIDE, NARROW = 1280, 375
SHAPE = "[...document.querySelectorAll('body *')].map(e => e.tagName + e.className + e.id).join()"
NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=\bc/)[\w-]{43}")


class Visitor:
    """One browser of one person. `faults` must be empty at the end of a journey."""

    def __init__(self, browser, base, *, width=WIDE, script=True, seen=None):
        self.width, self.script = width, script
        self.seen = set() if seen is None else seen
        self.context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale="en-GB",
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.faults, self.visited = {}, []
        self.page.on("response", self._note_status)
        self.page.on("pageerror", lambda error: self._note("script", str(error)))
        self.page.on("console", self._note_console)

    def open(self, address):
        self.page.goto(address)
        self.look()

    def press(self, name, *, nth=0):
        """Press a button or follow a link of this name."""
        either = [self.page.get_by_role(role, name=name) for role in ("button", "link")]
        with self.page.expect_navigation():
            either[0].or_(either[1]).nth(nth).click()
        self.look()

    def choose(self, label):
        self.page.get_by_label(label, exact=True).check()

    def write(self, label, words):
        self.page.get_by_label(label, exact=True).fill(words)

    def reads(self, words):
        """Whether these words stand on the page, shown."""
        return self.page.get_by_text(words).first.is_visible()

    def look(self):
        """Every page, once as it is seen on a desk and once as on a telephone."""
        self.visited.append(self._address())
        if not self.script or self._has_seen():
            return
        for width in (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 800})
            for rule, place in faults_of_access(self.page).items():
                self._note(f"{rule} at {width}", place)
            if (over := pixels_too_wide(self.page)) > 0:
                self._note(f"too wide at {width}", over)
        self.page.set_viewport_size({"width": self.width, "height": 800})

    def _has_seen(self):
        """The same page of the same shape, with perhaps another name or hour in it."""
        shape = f"{self._address()} {self.page.evaluate(SHAPE)}"
        known = shape in self.seen
        self.seen.add(shape)
        return known

    def close(self):
        self.context.close()

    def _address(self):
        return NAMES.sub("…", self.page.url.split("/", 3)[-1])

    def _note(self, what, found):
        self.faults.setdefault(f"/{self._address()} {what}", found)

    def _note_status(self, response):
        if response.status >= 400:
            self._note(f"status {response.status}", NAMES.sub("…", response.url))

    def _note_console(self, message):
        if message.type in {"error", "warning"}:
            self._note("console", message.text)
