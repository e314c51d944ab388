"""Rotas, and what a team has agreed to take: of staff and teams, never of a patient."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
OF_OWN_TEAM = """
EXISTS (SELECT 1 FROM places_team t
         WHERE t.id = team_id AND t.organisation_id = (SELECT context_organisation()))
"""
LEADS = f"((SELECT context_role()) = 'LEAD' OR ({OF_OWN_TEAM}))"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_steward"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="places.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["team", "ends_at"], name="shift_by_team")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("team", "user", "starts_at"),
                        name="shift_is_told_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="shift_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Undertaking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("takes", models.BooleanField()),
                ("because", models.CharField(blank=True, max_length=300)),
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
                        related_name="undertakings",
                        to="places.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["team", "kind", "-at"], name="undertaking_latest")
                ],
            },
        ),
        grant("places_shift", app="SELECT, INSERT, UPDATE"),
        grant("places_undertaking", app="SELECT, INSERT"),
        protect(
            "places_shift",
            see="true",
            add=f"{BY_WORKER} OR {LEADS}",
            change=f"{BY_WORKER} OR {LEADS}",
        ),
        protect(
            "places_undertaking",
            see="true",
            add=f"{BY_WORKER} OR (by_id = (SELECT context_user()) AND {LEADS})",
        ),
    ]
