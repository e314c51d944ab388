"""The programmes of the world, and the runs that found their people."""

from uuid import uuid4

from openprotect.cohorts.models import Run
from openprotect.programmes.models import Draft, Programme, Rehearsal
from tests import given
from tests.given import NOON

LIVE, OTHER, ENDED = "covid-protect", "other", "ended"


def programmes():
    return {LIVE: given.programme()} | {key: _programme(key) for key in (OTHER, ENDED)}


def _programme(key):
    return Programme.objects.create(
        key=key, title=key.title(), purpose=key, aim="To be told apart", sponsor="A nurse",
        pack=given.pack_version(), status="LIVE", launched_at=NOON,
    )  # fmt: skip


def run_of(key):
    return Run(
        pack=key, pack_version="1", content_hash="", generation=uuid4(), as_of=NOON.date(),
        digest="", people=9, eligible=9, found_count=9, at=NOON, by="test", engine="duckdb",
    )  # fmt: skip


def rehearsal_by(user, later):
    """A draft that was put to past answers and then given up; nobody's page shows it any more."""
    draft = later(
        Draft(
            key=LIVE, title="Canary", version="9.9.9", content_hash="0" * 64, files={},
            status="ABANDONED", made_at=NOON, changed_at=NOON,
        )
    )  # fmt: skip
    return later(
        Rehearsal(
            draft=draft, key=LIVE, title="Canary", content_hash="0" * 64, days=28, asked_by=user,
            asked_at=NOON, done_at=NOON, found={"kinds": []},
        )
    )  # fmt: skip
