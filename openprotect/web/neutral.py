"""The one page for every link that cannot be used: the same bytes and headers for every cause."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openprotect.programmes.queries import phone_to_ring

# Of the one script that the NHS layout writes into each page. A hash, unlike a nonce, is the same
# for everybody, so that two of these pages can be compared byte by byte.
SCRIPT = "'sha256-tDOvXJi1PXbg0CWjLCCYSNHRXtps26K4JXkE3M6u/c0='"
SAME_FOR_ALL = {"default-src": [SELF], "script-src": [SELF, SCRIPT]}


@csp_replace(SAME_FOR_ALL)
def neutral(request: HttpRequest) -> HttpResponse:
    """Says nothing about anybody: not even whether the link ever was one."""
    shown = {"help_phone": phone_to_ring(), "is_the_same_for_all": True}
    return render(request, "design/neutral.jinja", shown)
