"""Events are seen with their person; the worker follows them all; anyone signed in adds some."""

from django.db import migrations

from openprotect.base.isolation import APP, IMPORT, grant, protect

SEE = """
(SELECT context_role()) = 'WORKER'
OR by_id = (SELECT context_user())
OR (by_id IS NULL AND person_id = (SELECT context_person()))
OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)
OR ((SELECT context_role()) IN ('LEAD', 'GOVERNANCE')
    AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
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
            add="(SELECT context_role()) IS NOT NULL",
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
