"""How each area works a kind of alert; and who brings somebody's medicines."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
CARE = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
# A pharmacy that was given the alert itself reads who may collect; it was asked to bring it.
PARTNER = "(SELECT context_role()) = 'PARTNER'"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_one_task"),
        ("alerts", "0005_one_need_isolation"),
        ("people", "0003_renumbered"),
        ("places", "0002_staffing"),
    ]

    operations = [
        migrations.CreateModel(
            name="MedicinesCare",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="medicines_care",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("pharmacy", models.CharField(blank=True, max_length=200)),
                ("may_collect", models.CharField(blank=True, max_length=300)),
                ("has_controlled_drugs", models.BooleanField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("words", models.TextField(max_length=6000)),
                ("because", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.organisation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "kind", "version"), name="procedure_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="procedure_says_something",
                    ),
                ],
            },
        ),
        grant("alerts_procedure", app="SELECT, INSERT"),
        grant("alerts_medicinescare", app="SELECT, INSERT, UPDATE"),
        # Ways of working name nobody; everybody on the staff may compare them.
        protect(
            "alerts_procedure",
            see="(SELECT context_role()) NOT IN ('PERSON', 'TASK')",
            add="by_id = (SELECT context_user()) AND area_id = (SELECT context_organisation())"
            " AND (SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE', 'LEAD')",
        ),
        protect(
            "alerts_medicinescare",
            see=f"({BY_WORKER} OR {CARE} OR {PARTNER}) AND {OF_A_SEEN_PERSON}",
            add=f"by_id = (SELECT context_user()) AND ({CARE}) AND {OF_A_SEEN_PERSON}",
            change=f"({CARE}) AND {OF_A_SEEN_PERSON}",
        ),
    ]
