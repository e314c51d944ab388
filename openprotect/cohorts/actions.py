"""Keeping what a run of the rules found."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprotect.cohorts import engine
from openprotect.cohorts.engine.findings import Findings, as_json
from openprotect.cohorts.models import Found, Run


@transaction.atomic
def keep_run(
    findings: Findings,
    *,
    pack: str,
    version: str,
    content_hash: str,
    generation: UUID,
    by: str,
    at: datetime,
) -> Run:
    """Keep a run whole: whom it found and why, and how many it did not ask about."""
    run = Run.objects.create(
        pack=pack,
        pack_version=version,
        content_hash=content_hash,
        generation=generation,
        as_of=findings.as_of,
        digest=findings.digest,
        people=findings.people,
        eligible=findings.eligible,
        excluded=dict(findings.excluded),
        found_count=findings.found_count,
        by_group=dict(findings.by_group),
        by_practice=dict(findings.by_practice),
        at=at,
        by=by,
    )
    Found.objects.bulk_create([_kept(run, each) for each in findings.each()], batch_size=1000)
    return run


def _kept(run: Run, found: engine.Found) -> Found:
    return Found(
        run=run,
        nhs_number=found.nhs_number,
        practice_code=found.practice_code,
        groups=list(found.groups),
        evidence=[as_json(evidence) for evidence in found.evidence],
    )
