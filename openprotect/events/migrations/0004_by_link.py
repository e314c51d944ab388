"""Somebody who came in by a link makes more happen than answers: choices, needs and wishes."""

from django.db import migrations

from openprotect.base.isolation import APP

BY_LINK = """
((SELECT context_role()) = 'PERSON' AND by_id IS NULL AND person_id = (SELECT context_person())
 AND name IN ('choice.made', 'choice.ended', 'need.recorded', 'wish.made')
 AND followed_up_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0003_record")]
    operations = [
        migrations.RunSQL(
            [
                f"CREATE POLICY link_see ON events_event FOR SELECT TO {APP} USING ({BY_LINK})",
                f"CREATE POLICY link_add ON events_event FOR INSERT TO {APP} WITH CHECK ({BY_LINK})",
            ],
            ["DROP POLICY link_see ON events_event", "DROP POLICY link_add ON events_event"],
        )
    ]
