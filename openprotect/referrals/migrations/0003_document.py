"""What became of an alert, as a document for the practice."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import anchor, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
LIVE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
SEE = f"""
{BY_WORKER} OR ((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON} AND {LIVE})
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0006_procedures"),
        ("people", "0003_renumbered"),
        ("places", "0002_staffing"),
        ("programmes", "0002_rights"),
        ("referrals", "0002_isolation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DUE", "to be sent"),
                            ("SENDING", "being sent"),
                            ("SENT", "sent, without an answer yet"),
                            ("ACCEPTED", "taken in by the practice"),
                            ("REFUSED", "refused by the practice's system"),
                            ("FAILED", "could not be sent"),
                        ],
                        default="DUE",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, max_length=200)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="alerts.alert",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
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
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="referrals.document",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["DUE", "SENDING"])),
                        fields=["due_at"],
                        name="document_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert", "version"), name="document_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("version", 1)),
                            models.Q(("replaces__isnull", False), ("version__gt", 1)),
                            _connector="OR",
                        ),
                        name="document_replaces_the_one_before",
                    ),
                ],
            },
        ),
        grant("referrals_document", app="SELECT, INSERT, UPDATE"),
        protect("referrals_document", see=SEE, add=BY_WORKER, change=BY_WORKER),
        anchor("referrals_document", "person_id", "alert_id", "programme_id", "content"),
    ]
