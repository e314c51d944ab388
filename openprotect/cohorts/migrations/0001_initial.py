import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import grant, protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pack", models.CharField(max_length=60)),
                ("pack_version", models.CharField(max_length=40)),
                ("content_hash", models.CharField(max_length=64)),
                ("generation", models.UUIDField()),
                ("as_of", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("people", models.PositiveBigIntegerField()),
                ("eligible", models.PositiveBigIntegerField()),
                ("excluded", models.JSONField(default=dict)),
                ("found_count", models.PositiveBigIntegerField()),
                ("by_group", models.JSONField(default=dict)),
                ("by_practice", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "indexes": [models.Index(fields=["pack", "-at"], name="run_by_pack")],
            },
        ),
        migrations.CreateModel(
            name="Found",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("nhs_number", models.CharField(max_length=10)),
                ("practice_code", models.CharField(max_length=20)),
                ("groups", models.JSONField(default=list)),
                ("evidence", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found",
                        to="cohorts.run",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["nhs_number"], name="found_by_number")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "nhs_number"), name="a_run_finds_somebody_once"
                    )
                ],
            },
        ),
        grant("cohorts_run", app="SELECT", imports="SELECT, INSERT, UPDATE"),
        # Whom a run found stays with the role of cohort runs: the service half learns of people
        # only through their enrolment, which carries its own reasons.
        grant("cohorts_found", app="SELECT", imports="SELECT, INSERT"),
        protect("cohorts_found", imports=True, see="false"),
    ]
