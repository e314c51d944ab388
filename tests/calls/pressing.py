"""Pressing "next call" as a call handler, and a supervisor who looks on."""

from datetime import timedelta

from openprotect.calls.actions import claim_next
from tests import given


def claimed(caller, *, later=timedelta()):
    with given.acting(caller) as viewer:
        return claim_next(viewer=viewer, at=viewer.at + later)


def a_supervisor():
    return given.user("SUPERVISOR")
