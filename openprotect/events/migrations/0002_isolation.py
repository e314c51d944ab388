"""Events are seen with their person; the worker follows them all; anyone signed in adds some."""

from django.db import migrations

from openprotect.base.isolation import APP, IMPORT, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
# What somebody who came in by a link makes happen; what followed from it is not theirs to read.
BY_LINK = """
((SELECT context_role()) = 'PERSON' AND by_id IS NULL AND person_id = (SELECT context_person())
 AND name IN ('checkin.red_flag', 'response.given', 'response.conflict')
 AND followed_up_at IS NULL)
"""
# Names and details of events tell of answers, so those who may not read answers read few of them.
SEE = f"""
(SELECT context_role()) = 'WORKER'
OR by_id = (SELECT context_user())
OR {BY_LINK}
OR ((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON}
    AND (programme_id IS NULL OR programme_id = ANY ((SELECT live_programmes())::uuid[])))
OR ((SELECT context_role()) = 'PARTNER' AND own_alert(subject_id))
OR ((SELECT context_role()) IN ('LEAD', 'GOVERNANCE')
    AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
# Work follows from events, so nobody makes one up in another's name or about a stranger.
ADD = f"""
(SELECT context_role()) = 'WORKER'
OR {BY_LINK}
OR ((by_id IS NULL OR by_id = (SELECT context_user()))
    AND (SELECT context_role()) <> 'PERSON'
    AND (person_id IS NULL OR {OF_A_SEEN_PERSON} OR own_alert(subject_id)))
"""

JOBS = (
    "procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"
)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("people", "0002_isolation"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        grant("events_event", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT"),
        grant("events_done", app="SELECT, INSERT"),
        protect(
            "events_event",
            imports=True,
            see=SEE,
            add=ADD,
            change="(SELECT context_role()) = 'WORKER'",
        ),
        protect(
            "events_done",
            see="(SELECT context_role()) = 'WORKER'",
            add="(SELECT context_role()) = 'WORKER'",
        ),
        migrations.RunSQL(
            [
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {JOBS} TO {APP}, {IMPORT}",
                f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {IMPORT}",
            ],
            "",
        ),
    ]
