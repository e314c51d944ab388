"""How many steps followed an event is kept with it: a later version may have more of them."""

from django.db import migrations, models

TABLES = ("events_event", "events_done")
# Of what was followed before this was kept, what was done is taken for what was owed.
WHAT_WAS_DONE = """
UPDATE events_event e
   SET owed = (SELECT count(*) FROM events_done d WHERE d.event_id = e.id)
 WHERE followed_up_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0004_by_link")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="owed",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        # Not even the owner may see these rows, but for this one statement.
        migrations.RunSQL(
            [
                *(f"ALTER TABLE {each} NO FORCE ROW LEVEL SECURITY" for each in TABLES),
                WHAT_WAS_DONE,
                *(f"ALTER TABLE {each} FORCE ROW LEVEL SECURITY" for each in TABLES),
            ],
            migrations.RunSQL.noop,
        ),
    ]
