"""Many events at once: what nothing follows is ticked off as it is written, and leaves no job."""

from importlib import import_module

from django.db import migrations, models

from openprotect.base.isolation import APP, DEFINER, IMPORT

RECORD = import_module("openprotect.events.migrations.0003_record").RECORD
# Without a queue nothing follows: the event is written as ticked off, and no job is deferred.
IN_BULK = (
    RECORD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("detail, attempts, problem)", "detail, attempts, problem, followed_up_at, owed)")
    .replace(
        "details, 0, '');",
        "details, 0, '',\n"
        "        CASE WHEN queue IS NULL THEN moment END, CASE WHEN queue IS NULL THEN 0 END);\n"
        "    IF queue IS NULL THEN\n        RETURN made;\n    END IF;",
    )
)
# An id that follows from a moment and from what it is of: the same each time, and beside the ids of
# the same moment in every index, so that a day's rows touch few pages.
ID_AT = """
CREATE FUNCTION id_at(moment timestamptz, seed text) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN (lpad(to_hex((date_part('epoch', moment) * 1000)::bigint), 12, '0')
        || substr(md5(seed), 1, 20))::uuid
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0005_owed")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="at_once",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(IN_BULK, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                ID_AT,
                "REVOKE ALL ON FUNCTION id_at(timestamptz, text) FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION id_at(timestamptz, text) TO {APP}, {DEFINER}, {IMPORT}",
            ],
            "DROP FUNCTION id_at(timestamptz, text)",
        ),
    ]
