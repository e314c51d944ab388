import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from openprotect.base.isolation import grant

WRITE = "SELECT, INSERT, UPDATE"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Changeset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField(unique=True)),
                ("source", models.CharField(max_length=60)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("HELD", "waiting for a second person"),
                            ("COMMITTED", "taken"),
                            ("REFUSED", "not taken"),
                        ],
                        max_length=10,
                    ),
                ),
                ("generation", models.UUIDField(null=True)),
                ("staged", models.UUIDField(null=True)),
                ("base", models.UUIDField(null=True)),
                ("extract_on", models.DateField(null=True)),
                ("newest_event_on", models.DateField(null=True)),
                ("is_whole", models.BooleanField(default=False)),
                ("stops", models.JSONField(default=list)),
                ("reasons", models.JSONField(default=dict)),
                ("left_out", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=dict)),
                ("bundles_read", models.PositiveIntegerField(default=0)),
                ("bundles_refused", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("by", models.CharField(max_length=150)),
                ("approved_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("status", "HELD")),
                            models.Q(
                                models.Q(("status", "HELD"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="changeset_settled_unless_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", ""),
                            models.Q(("approved_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="changeset_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangesetCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("rows", models.PositiveBigIntegerField()),
                ("added", models.PositiveBigIntegerField()),
                ("changed", models.PositiveBigIntegerField()),
                ("unchanged", models.PositiveBigIntegerField()),
                ("duplicate", models.PositiveBigIntegerField()),
                ("held", models.PositiveBigIntegerField()),
                ("rejected", models.PositiveBigIntegerField()),
                ("removed", models.PositiveBigIntegerField(default=0)),
                (
                    "changeset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="records.changeset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("changeset", "kind"), name="changeset_counts_a_kind_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("added"), "+", models.F("changed")
                                                ),
                                                "+",
                                                models.F("unchanged"),
                                            ),
                                            "+",
                                            models.F("duplicate"),
                                        ),
                                        "+",
                                        models.F("held"),
                                    ),
                                    "+",
                                    models.F("rejected"),
                                ),
                            )
                        ),
                        name="changeset_rows_balance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangesetProblem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("file", models.CharField(max_length=120)),
                ("row", models.PositiveIntegerField()),
                ("outcome", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=40)),
                (
                    "changeset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="records.changeset",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["changeset", "reason"], name="problem_by_reason")],
            },
        ),
        # Counts, positions and reasons, never a person's details: no row security. Nobody deletes.
        *(
            grant(table, app=WRITE, imports=WRITE)
            for table in (
                "records_changeset",
                "records_changesetcount",
                "records_changesetproblem",
            )
        ),
    ]
