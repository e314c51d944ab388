"""The pages of the style page, shown without a server: the view is asked, the files are found."""

import mimetypes
import re

from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import resolve

from openprotect.web.design import urls

NONCE = "made-up-nonce"
POLICY = f"default-src 'self'; script-src 'self' 'nonce-{NONCE}'; object-src 'none'"
SITE = "http://style.page"
ERRORS = (400, 403, 404, 413, 500)
ADDRESSES = [
    *(f"/{each.pattern}" for each in urls.urlpatterns if "<" not in str(each.pattern)),
    *(f"/error/{status}/" for status in ERRORS),
]


def show(address):
    request = RequestFactory().get(address)
    request.csp_nonce = NONCE
    found = resolve(address, urlconf=urls)
    return found.func(request, *found.args, **found.kwargs)


def text_of(address):
    return show(address).content.decode()


def answer(route):
    """Serve a browser's request, with the strict policy of the service."""
    address = re.sub(r"[?#].*", "", route.request.url.removeprefix(SITE)).removeprefix("/design")
    if address.startswith("/static/"):
        file = finders.find(address.removeprefix("/static/"))
        route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
    else:
        page = show(address or "/")
        headers = {"content-type": "text/html", "content-security-policy": POLICY}
        route.fulfill(status=page.status_code, body=page.content, headers=headers)
