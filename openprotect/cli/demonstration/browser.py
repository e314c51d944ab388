"""A very plain browser: opens pages, fills in their forms, keeps cookies. It runs no script."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy

from openprotect.base.refusals import Refused


class WalkFailed(Refused):
    """A page was not as the walk expects; says which step, never what the page holds."""


@dataclass
class Form:
    """One form of a page: where it goes, what is in it, what may be chosen."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {*self.values, *self.choices}


@dataclass
class Page:
    """A page as it came: its address, status, forms and links."""

    url: str
    status: int
    text: str
    forms: list[Form]
    links: list[str]

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    def form(self, *names: str, action: str = "") -> Form | None:
        """The first form that has these fields, and whose address holds these words."""
        for each in self.forms:
            if action in each.action and set(names) <= each.names:
                return each
        return None


class Reader(HTMLParser):
    """Finds the forms and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in got:
            self.links.append(got["href"])
        elif tag == "form":
            self._open = Form(got.get("action", ""), got.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, got, dict(attrs))

    def _field(self, tag: str, got: Mapping[str, str], raw: Mapping[str, str | None]) -> None:
        form, name = self._open or Form("", ""), got.get("name", "")
        if tag == "input" and got.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(got.get("value", "on"))
            if "checked" in raw:
                form.values[name] = got.get("value", "on")
        elif tag == "input" and name:
            form.values[name] = got.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = ""
        elif tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option" and self._select:
            form.choices[self._select].append(got.get("value", ""))
        elif tag == "button" and name:
            form.buttons.append((name, got.get("value", "")))

    def handle_data(self, text: str) -> None:
        if self._textarea and self._open is not None:
            self._open.values[self._textarea] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""


class Browser:
    """One person's browser, with cookies of its own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._jar = CookieJar(
            DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainLiberal)
        )
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def keep_cookie(self, name: str, value: str) -> None:
        """A cookie as if this site had set it."""
        host = urllib.parse.urlsplit(self.base).hostname or ""
        site = f"{host}.local" if "." not in host else host
        self._jar.set_cookie(
            Cookie(
                0, name, value, None, False, site, False, False, "/", True, False, None, True,
                None, None, {},
            )
        )  # fmt: skip

    def get(self, address: str) -> Page:
        return self._open(urllib.request.Request(self._whole(address)))  # noqa: S310 - our own

    def submit(self, page: Page, form: Form, **chosen: str) -> Page:
        """Send a form as it stands, with some fields chosen."""
        data = urllib.parse.urlencode({**form.values, **chosen}).encode()
        address = urllib.parse.urljoin(page.url, form.action or page.url)
        request = urllib.request.Request(address, data=data)  # noqa: S310 - our own address
        request.add_header("Referer", page.url)
        return self._open(request)

    def _whole(self, address: str) -> str:
        return urllib.parse.urljoin(self.base, address)

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=30) as answer:
                text, url, status = answer.read().decode(), answer.url, answer.status
        except urllib.error.HTTPError as answer:
            text, url, status = answer.read().decode(), answer.url, answer.code
        reader = Reader()
        reader.feed(text)
        return Page(url, status, text, reader.forms, reader.links)
