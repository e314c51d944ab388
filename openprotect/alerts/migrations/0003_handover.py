"""Why an alert was handed to another team; and how a partner, who then sees it no more, does so."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import DEFINER, definer, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
CARE = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
TO_OWN_TEAM = """
EXISTS (SELECT 1 FROM places_team t
         WHERE t.id = to_team_id AND t.organisation_id = (SELECT context_organisation()))
"""
WITH_ALERT = """
EXISTS (SELECT 1 FROM alerts_alert a
         WHERE a.id = alert_id AND a.person_id = alerts_handover.person_id)
"""
SEE = f"""
{BY_WORKER} OR ({CARE} AND {WITH_ALERT})
OR ((SELECT context_role()) = 'PARTNER' AND {TO_OWN_TEAM} AND {OF_A_SEEN_PERSON})
"""
ADD = f"""
by_id = (SELECT context_user()) AND ({CARE} OR (SELECT context_role()) = 'PARTNER')
AND {WITH_ALERT}
"""

# Row security keeps what one may not see out of one's hands, so giving something away is asked of
# the database: only an own, open alert, only to a team that works for everybody here.
GIVE_BACK = """
BEGIN
    UPDATE alerts_alert a
       SET team_id = to_team, status = 'RAISED', accepted_at = NULL, accepted_by_id = NULL,
           accept_by = greatest(accept_until, a.raised_at)
     WHERE a.id = alert AND a.status <> 'CLOSED' AND (context()).role = 'PARTNER'
       AND a.programme_id = ANY (live_programmes())
       AND EXISTS (SELECT 1 FROM places_team t WHERE t.id = a.team_id
                      AND t.organisation_id = (context()).organisation_id)
       AND EXISTS (SELECT 1 FROM places_team t WHERE t.id = to_team
                      AND t.function IN ('surveillance', 'locality'));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this alert is not yours to give back';
    END IF;
END
"""


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_isolation")]
    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("because", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="alerts.alert",
                    ),
                ),
                ("by", to("accounts.user")),
                ("from_team", to("places.team")),
                ("person", to("people.person")),
                ("to_team", to("places.team")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True),
                        name="handover_says_why",
                    )
                ],
            },
        ),
        grant("alerts_handover", app="SELECT, INSERT"),
        migrations.RunSQL(f"GRANT UPDATE ON alerts_alert TO {DEFINER}", migrations.RunSQL.noop),
        protect("alerts_handover", see=SEE, add=ADD),
        definer(
            "give_back_alert(alert uuid, to_team uuid, accept_until timestamptz)",
            "void",
            GIVE_BACK,
            volatile=True,
        ),
    ]
