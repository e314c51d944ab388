import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import openprotect.places.models
from openprotect.base.isolation import grant

WRITE = "SELECT, INSERT, UPDATE"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PRACTICE", "GP practice"),
                            ("PCN", "primary care network"),
                            ("LOCALITY", "locality"),
                            ("SYSTEM", "integrated care system"),
                            ("COUNCIL", "council"),
                            ("CHARITY", "charity"),
                            ("PHARMACY", "pharmacy"),
                            ("HOSPITAL", "hospital"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("telephone", models.CharField(blank=True, max_length=30)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "code"], name="organisation_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="organisation_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="organisation_has_code_and_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MEMBER_OF", "is a member of"),
                            ("LIES_IN", "lies in"),
                            ("SERVED_BY", "has its social care from"),
                            ("SUCCEEDED_BY", "was succeeded by"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(blank=True, null=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parents",
                        to="places.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("child", "parent", "kind", "from_on"), name="relationship_told_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            models.Q(("kind", "SUCCEEDED_BY"), _negated=True),
                        ),
                        fields=("child", "kind"),
                        name="relationship_one_current_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_on__isnull", True),
                            ("to_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="relationship_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("child", models.F("parent")), _negated=True),
                        name="relationship_is_with_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("practice", "GP practice"),
                            ("locality", "locality team"),
                            ("surveillance", "surveillance team"),
                            ("council", "council"),
                            ("charity", "charity"),
                            ("pharmacy", "pharmacy"),
                            ("calling", "calling team"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=openprotect.places.models.working_week,
                        size=None,
                    ),
                ),
                ("opens", models.TimeField(default=datetime.time(8, 0))),
                ("closes", models.TimeField(default=datetime.time(18, 30))),
                (
                    "covers",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covered_by",
                        to="places.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="places.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("function", "covers", "name"), name="team_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="team_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))),
                        name="team_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                            ("weekdays__len__gt", 0),
                        ),
                        name="team_works_on_iso_weekdays",
                    ),
                ],
            },
        ),
        # These tables tell of public bodies, never of a person, so the application may write
        # them and no row security is needed. Nobody deletes: a place closes.
        *(
            grant(table, app=WRITE, imports=WRITE)
            for table in ("places_organisation", "places_relationship", "places_team")
        ),
    ]
