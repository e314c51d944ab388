"""The jobs that a worker takes from the queue. Their arguments are ids, and nothing else."""

import subprocess
import sys
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from openprotect.base import clock
from openprotect.events.actions import FOLLOW_UP
from openprotect.gateways.notify_posts import understand
from openprotect.gateways.post import open_post
from openprotect.messages.actions import READ_NOTICES
from openprotect.messages.chores import read_notices
from openprotect.pathway import following, rounds
from openprotect.pathway.rehearsing import rehearse
from openprotect.pathway.steps import REHEARSE, TEND_RECORDS
from openprotect.pathway.work import as_worker


@app.task(name=FOLLOW_UP, queue="pathway")
def follow_up(event_id: int) -> None:
    """Follow an event, as soon as the transaction that recorded it has committed."""
    with as_worker():
        following.follow_with_others(event_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="go_round", queue="pathway", queueing_lock="go_round")
def go_round(timestamp: int = 0) -> None:
    """What time alone makes due, once a minute."""
    with as_worker(), open_post(settings.OPENPROTECT) as postbox:
        rounds.go_round(at=clock.now(), postbox=postbox, now=clock.now)


@app.task(name=READ_NOTICES, queue="pathway", queueing_lock=READ_NOTICES)
def read_posted() -> None:
    """What providers have posted: a text may be somebody's call for help."""
    with as_worker():
        read_notices(at=clock.now(), understand=understand)


@app.task(name=TEND_RECORDS, queue="records", lock=TEND_RECORDS)
def tend_records() -> None:
    """What is left to do with the records, in a process of its own: the worker may not write them.

    It may take minutes and much memory; messages and alerts go on beside it.
    """
    words = [sys.executable, "-m", "openprotect.cli", "import", "--tend"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


@app.task(name=REHEARSE, queue="records", lock=REHEARSE)
def rehearse_draft(rehearsal_id: str) -> None:
    """A draft put to the answers of the last days; messages and alerts go on beside it."""
    with as_worker():
        rehearse(UUID(rehearsal_id), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queue="pathway", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A killed worker leaves its job half-way; give such jobs to another."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)
