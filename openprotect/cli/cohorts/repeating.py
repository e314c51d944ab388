"""`openprotect cohort run --repeat RUN`: the same rules of the same records again, kept nowhere."""

from django.conf import settings

from openprotect.base.refusals import Refused
from openprotect.cli.cohorts.choosing import pack_called, rules_of
from openprotect.cli.cohorts.listing import short
from openprotect.cohorts import engine
from openprotect.cohorts.models import Run
from openprotect.packs import Pack, Register
from openprotect.programmes.queries import published
from openprotect.records.store import ready_store


def repeat(run: Run, engine_name: str) -> tuple[bool, list[str]]:
    """Whether the same people are found for the same reasons, and that in words."""
    findings = engine.find(
        rules_of(_pack_of(run)),
        ready_store(settings.OPENPROTECT.lake, run.generation),
        run.as_of,
        engine=engine_name,
        queries=settings.OPENPROTECT.home / "queries",
    )
    is_same = findings.digest == run.digest
    lines = [
        f"run {short(run)} of {run.pack} {run.pack_version} again, as of {run.as_of}",
        f"on the records {run.generation}, on {engine_name}",
        f"{findings.found_count:,} found; the run found {run.found_count:,}",
        f"digest {findings.digest}",
    ]
    said = "the same digest" if is_same else f"another digest: the run's is {run.digest}"
    return is_same, [*lines, said]


def _pack_of(run: Run) -> Pack | Register:
    """The very version that was run: as it was published, or as its folder still holds it."""
    known = published(run.content_hash)
    if known:
        return known
    pack = pack_called(run.pack)
    if pack.content_hash != run.content_hash:
        raise Refused(
            f"The rules of this run were never published, and {run.pack} has changed since."
        )
    return pack
