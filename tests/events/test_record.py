"""What happened is written once, together with the job that follows it, or not at all."""

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from openprotect.accounts.actions import acting_as
from openprotect.events.actions import FOLLOW_UP, record
from openprotect.events.models import Done, Event
from tests import given
from tests.given import NOON
from tests.refusing import row_security_refuses, the_database_refuses

pytestmark = pytest.mark.django_db


class Cut(Exception):
    """Whatever may end a transaction."""


def something(**more):
    return record("call.due", given.uuid.uuid4(), at=NOON, **more)


def jobs():
    return ProcrastinateJob.objects.filter(task_name=FOLLOW_UP)


def test_an_event_is_kept_with_what_it_is_about(worker):
    someone, person = given.user("LEAD"), given.person()

    event = something(by=someone, person_id=person.pk, outcome="DONE")

    kept = Event.objects.get(pk=event.pk)
    assert (kept.by_id, kept.person_id, kept.at) == (someone.pk, person.pk, NOON)
    assert kept.detail == {"outcome": "DONE"}
    assert kept.followed_up_at is None


def test_who_did_it_may_be_named_by_id_alone(worker):
    someone = given.user("LEAD")

    assert something(by=someone.pk).by_id == someone.pk


def test_the_job_that_follows_holds_the_events_id_and_nothing_else(worker):
    event = something(outcome="DONE")

    job = jobs().get()
    assert (job.args, job.queue_name, job.status) == ({"event_id": event.pk}, "pathway", "todo")


def test_undone_together_with_what_happened(worker):
    with transaction.atomic():
        something()
        transaction.set_rollback(True)

    assert not Event.objects.exists()
    assert not jobs().exists()


def test_a_job_that_cannot_be_deferred_undoes_the_event(worker):
    with pytest.raises(Cut), transaction.atomic(), connection.execute_wrapper(_no_jobs):
        something()

    assert not Event.objects.exists()


def _no_jobs(execute, sql, params, many, context):
    done = execute(sql, params, many, context)
    if "record_event" in sql:
        raise Cut
    return done


def test_event_and_job_are_seen_by_others_only_once_committed(worker_committing, administrator):
    def seen():
        return administrator.execute(
            "SELECT (SELECT count(*) FROM events_event), (SELECT count(*) FROM procrastinate_jobs)"
        ).fetchone()

    with transaction.atomic():
        something()
        during = seen()

    assert (during, seen()) == ((0, 0), (1, 1))


def test_nobody_without_a_session_records_anything(worker):
    with acting_as(""), row_security_refuses():
        something()


def test_nobody_but_the_worker_changes_what_happened(worker):
    something()

    with given.acting(given.user("PRACTICE")):
        assert Event.objects.update(name="call.done") == 0


def test_not_even_the_worker_deletes_what_happened(worker):
    something()

    with row_security_refuses():
        Event.objects.all().delete()


def test_the_database_refuses_that_a_step_follows_an_event_twice(worker):
    event = something()
    Done.objects.create(event=event, step="tell_the_person", at=NOON)

    with the_database_refuses("a_step_follows_an_event_once"):
        Done.objects.create(event=event, step="tell_the_person", at=NOON)


def test_an_event_about_nobody_at_all_is_refused(worker):
    with pytest.raises(IntegrityError), transaction.atomic():
        record("call.due", None, at=NOON)


@pytest.mark.parametrize(
    ("role", "sees"),
    [("PRACTICE", True), ("SURVEILLANCE", True), ("LEAD", True), ("CALLER", False)],
)
def test_events_are_seen_with_their_person_and_counted_by_leads(worker, role, sees):
    enrolment = given.enrolment()
    something(person_id=enrolment.person_id, programme_id=enrolment.programme_id)

    with given.acting(given.user(role, given.area().practice if role == "PRACTICE" else None)):
        assert Event.objects.exists() == sees
