"""Days on which a practice pauses: decided by the practice itself, known to all who work."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import anchor, grant, protect

OWN = """
(SELECT context_role()) = 'PRACTICE' AND practice_id = (SELECT context_organisation())
"""
STAFF = "(SELECT context_role()) NOT IN ('PERSON', 'TASK', 'CLIENT')"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_quicker_context"),
        ("enrolments", "0004_absence_isolation"),
        ("places", "0003_special_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standstill",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("because", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("practice",),
                        name="one_standstill_a_practice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("from_at"))),
                        name="standstill_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True),
                        name="standstill_says_why",
                    ),
                ],
            },
        ),
        grant("enrolments_standstill", app="SELECT, INSERT, UPDATE"),
        protect(
            "enrolments_standstill",
            see=STAFF,
            add=f"{OWN} AND by_id = (SELECT context_user())",
            change=OWN,
        ),
        anchor("enrolments_standstill", "practice_id", "from_at", "because"),
    ]
