"""Calling the API as a partner's system would."""

import json
from datetime import timedelta

from django.test import Client

from openprotect.api.actions import issue_key
from openprotect.api.rules import SCOPES
from openprotect.base import clock
from tests import given

CLAIMS = "/api/v1/claims"


def a_key(*, organisation=None, scopes=SCOPES, days=30, purpose=None, **more):
    """A key of a partner, and whatever else its purpose needs."""
    programme = given.programme()
    now = clock.now()
    return issue_key(
        organisation or given.area().council,
        name="Case system",
        purpose=purpose or programme.purpose,
        scopes=scopes,
        until=now + timedelta(days=days),
        issued_by="Administrator",
        at=now - timedelta(seconds=1),
        **more,
    )


class Caller:
    """A system with a key; each method gives the response, and raises no error of the service."""

    def __init__(self, secret="", **headers):
        self.client = Client(raise_request_exception=False)
        self.headers = {**({"Authorization": f"Bearer {secret}"} if secret else {}), **headers}

    def __call__(self, method, path, body=None, **headers):
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes | str) else json.dumps(body)
        kind = more.pop("Content-Type", "application/json")
        return self.client.generic(
            method,
            path,
            content if body is not None else b"",
            content_type=kind,
            headers={**self.headers, **more},
        )

    def ask(self, number, *, channel="call", topic="welfare", headers=None, **more):
        asked = {"nhs_number": number, "channel": channel, "topic": topic, **more}
        return self("POST", CLAIMS, asked, **(headers or {}))

    def get(self, path, **headers):
        return self("GET", path, **headers)


def partner(**more):
    return Caller(a_key(**more).secret)
