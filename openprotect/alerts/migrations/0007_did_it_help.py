"""Whether help helped is asked with what it was about; a clinical lead sees what climbed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from openprotect.base.isolation import APP, anchor

# A call handler sees what is still to be asked of the person in hand, and what they asked.
IN_CALL = """
((SELECT context_role()) = 'CALLER' AND (answered_at IS NULL OR asked_by_id = (SELECT context_user()))
 AND EXISTS (SELECT 1 FROM enrolments_enrolment e
              WHERE e.id = enrolment_id AND e.person_id = alerts_followup.person_id))
"""

SEE_IN_CALL = (
    f"CREATE POLICY app_see_in_call ON alerts_followup FOR SELECT TO {APP} USING ({IN_CALL})"
)
CHANGE_IN_CALL = (
    f"CREATE POLICY app_change_in_call ON alerts_followup FOR UPDATE TO {APP} USING ({IN_CALL})"
)

# As a lead counts them: a clinical lead is told what has climbed, and of nobody by name.
SEE_BY_CLINICAL_LEAD = f"""
CREATE POLICY app_see_by_clinical_lead ON alerts_alert FOR SELECT TO {APP}
 USING ((SELECT context_role()) = 'CLINICAL'
        AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""

WHAT_IT_WAS_ABOUT = """
UPDATE alerts_followup f SET kind = a.kind FROM alerts_alert a WHERE a.id = f.alert_id
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("alerts", "0006_procedures"),
    ]
    operations = [
        migrations.AddField(
            model_name="followup",
            name="kind",
            field=models.CharField(default="", max_length=20),
        ),
        migrations.AddField(
            model_name="followup",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="helped",
            field=models.CharField(
                blank=True,
                choices=[
                    ("YES", "it helped"),
                    ("PARTLY", "it helped a little"),
                    ("NO", "it did not help"),
                    ("UNSURE", "they are not sure"),
                ],
                max_length=6,
            ),
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE alerts_alert NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE alerts_followup NO FORCE ROW LEVEL SECURITY",
                WHAT_IT_WAS_ABOUT,
                # What these rows refer to is looked at now, before the table is altered again.
                "SET CONSTRAINTS ALL IMMEDIATE",
                "SET CONSTRAINTS ALL DEFERRED",
                "ALTER TABLE alerts_alert FORCE ROW LEVEL SECURITY",
                "ALTER TABLE alerts_followup FORCE ROW LEVEL SECURITY",
                SEE_IN_CALL,
                CHANGE_IN_CALL,
                SEE_BY_CLINICAL_LEAD,
            ],
            migrations.RunSQL.noop,
        ),
        anchor("alerts_followup", "alert_id", "person_id", "enrolment_id", "kind", "made_at"),
    ]
