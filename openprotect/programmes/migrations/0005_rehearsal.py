"""A draft put to the answers of the last days: counts, and whom it is about."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_quicker_context"),
        ("people", "0005_choices_isolation"),
        ("programmes", "0004_drafts_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("content_hash", models.CharField(max_length=64)),
                ("days", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                ("found", models.JSONField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rehearsals",
                        to="programmes.draft",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rehearsed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("was", models.CharField(blank=True, max_length=10)),
                ("would_be", models.CharField(blank=True, max_length=10)),
                ("gained", models.JSONField()),
                ("lost", models.JSONField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "rehearsal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="programmes.rehearsal",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="rehearsal",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 400)),
                name="rehearsal_is_of_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="rehearsed",
            constraint=models.UniqueConstraint(
                fields=("rehearsal", "person", "kind"), name="rehearsed_once_in_one_way"
            ),
        ),
    ]
