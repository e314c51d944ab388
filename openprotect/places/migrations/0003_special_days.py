"""Hours from a day on, and single days: said by the team itself or by a lead."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import definer, grant, protect

LEADS = """
(by_id = (SELECT context_user()) AND ((SELECT context_role()) = 'LEAD'
 OR EXISTS (SELECT 1 FROM places_team t
             WHERE t.id = team_id AND t.organisation_id = (SELECT context_organisation()))))
"""
BY_WORKER = "(SELECT context_role()) = 'WORKER'"

# Who works there, for a rota: told to the organisation itself and to leads, never to others.
STAFF_OF = """
BEGIN
    IF (context()).role IS NULL OR (context()).role IN ('PERSON', 'TASK', 'CLIENT')
       OR ((context()).role NOT IN ('LEAD', 'WORKER')
           AND organisation IS DISTINCT FROM (context()).organisation_id) THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT DISTINCT u.id, u.name::text
      FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
     WHERE m.organisation_id = organisation AND m.role = working_as AND u.is_active
       AND m.starts_at <= openprotect_now()
       AND (m.ends_at IS NULL OR m.ends_at > openprotect_now())
     ORDER BY 2, 1;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_quicker_context"),
        ("places", "0002_staffing"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on", models.DateField()),
                ("is_there", models.BooleanField()),
                ("because", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="special_days",
                        to="places.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["team", "on", "at"], name="special_day_by_team")],
            },
        ),
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("from_on", models.DateField()),
                ("because", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="places.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["team", "from_on", "at"], name="hours_by_team")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))),
                        name="hours_open_before_they_close",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                            ("weekdays__len__gt", 0),
                        ),
                        name="hours_are_on_iso_weekdays",
                    ),
                ],
            },
        ),
        grant("places_specialday", app="SELECT, INSERT"),
        grant("places_workinghours", app="SELECT, INSERT"),
        # Of teams, never of a patient: everybody may know when a team is there.
        protect("places_specialday", see="true", add=f"{BY_WORKER} OR {LEADS}"),
        protect("places_workinghours", see="true", add=f"{BY_WORKER} OR {LEADS}"),
        definer(
            "staff_of(organisation uuid, working_as text)",
            "TABLE (user_id uuid, user_name text)",
            STAFF_OF,
        ),
    ]
