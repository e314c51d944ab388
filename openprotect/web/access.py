"""Who may open a page. Every page is closed unless it says for whom it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from openprotect.accounts.queries import Answering, Viewer
from openprotect.accounts.rules import Role
from openprotect.api.door import BY_KEY

OPEN = "openprotect_open"
ROLES = "openprotect_roles"
BY_LINK = "openprotect_by_link"
DEMO = "openprotect_demo"
TAKES_A_FILE = "openprotect_takes_a_file"
Page = Callable[..., HttpResponseBase]


class MovedAway(Http404):
    """A patient of this practice once, and of another now: that, and nothing else, is said."""


class StaffRequest(HttpRequest):
    """A request of a member of staff whose session the database knows."""

    viewer: Viewer


class PersonRequest(HttpRequest):
    """A request of a person, or someone for them, who came in by a personal link."""

    answering: Answering


def open_page(page: Page) -> Page:
    """For everyone, signed in or not. All of them are listed in one test."""
    return _marked(page, OPEN, value=True)


def by_link(page: Page) -> Page:
    """For a person who came in by a personal link and gave the birth date."""
    return _marked(page, BY_LINK, value=True)


def for_roles(*roles: Role) -> Callable[[Page], Page]:
    """For staff in one of these roles."""
    return lambda page: _marked(page, ROLES, value=frozenset(roles))


def demonstration_only(page: Page) -> Page:
    """There only in a demonstration; anywhere else the address does not exist."""
    return _marked(page, DEMO, value=True)


def takes_a_file(page: Page) -> Page:
    """A form of this page may bring a file; on every other page one is refused unread."""
    return _marked(page, TAKES_A_FILE, value=True)


def _marked(page: Page, mark: str, *, value: object) -> Page:
    @wraps(page)
    def marked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return page(request, *args, **kwargs)

    setattr(marked, mark, value)
    return marked


def is_said(page: Page) -> bool:
    """Whether a page says for whom it is."""
    return any(hasattr(page, mark) for mark in (OPEN, ROLES, BY_LINK, BY_KEY))
