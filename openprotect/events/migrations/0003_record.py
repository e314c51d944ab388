"""An event and the job that follows it, written by one call that the database has planned already.

Row security holds as for any statement: the function runs as whoever calls it.
"""

from django.db import migrations

from openprotect.base.isolation import APP, IMPORT

RECORD = """
CREATE FUNCTION record_event(
    what text, subject uuid, person uuid, programme uuid, who uuid, moment timestamptz,
    details jsonb, queue text, task text
) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
    made bigint := nextval('public.events_event_id_seq');
BEGIN
    INSERT INTO public.events_event (id, name, subject_id, person_id, programme_id, by_id, at,
        try_at, detail, attempts, problem)
    VALUES (made, what, subject, person, programme, who, moment, moment, details, 0, '');
    PERFORM public.procrastinate_defer_jobs_v1(ARRAY[ROW(
        queue, task, 0, NULL, NULL, jsonb_build_object('event_id', made), NULL
    )::public.procrastinate_job_to_defer_v1]);
    RETURN made;
END
$body$
"""
SIGNATURE = "record_event(text, uuid, uuid, uuid, uuid, timestamptz, jsonb, text, text)"


class Migration(migrations.Migration):
    dependencies = [("events", "0002_isolation")]
    operations = [
        migrations.RunSQL(
            [
                RECORD,
                f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {APP}, {IMPORT}",
            ],
            f"DROP FUNCTION {SIGNATURE}",
        )
    ]
