"""One open alert for one need: what asked for it, what came after, and how far it climbed."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

ADD_NEED = (
    "ALTER TABLE alerts_alert ADD COLUMN need varchar(80) NOT NULL DEFAULT gen_random_uuid()::text"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_steward"),
        ("alerts", "0003_handover"),
        ("checkins", "0003_front_door"),
        ("enrolments", "0004_absence_isolation"),
        ("people", "0003_renumbered"),
        ("places", "0002_staffing"),
        ("programmes", "0002_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source_id", models.UUIDField()),
                ("rule", models.CharField(max_length=60)),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "now"), (2, "today"), (3, "this week")]
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("RAISED", "raised it"),
                            ("ALSO", "found at the same time"),
                            ("SAME", "said again"),
                            ("WORSE", "worse than before"),
                            ("BETTER", "better than before"),
                        ],
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="follow_up",
                        serialize=False,
                        to="alerts.alert",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "helped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("YES", "it helped"),
                            ("PARTLY", "it helped a little"),
                            ("NO", "it did not help"),
                        ],
                        max_length=6,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="alert",
            name="a_rule_alerts_once",
        ),
        migrations.AddField(
            model_name="alert",
            name="follows",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="alerts.alert",
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="instead",
            field=models.CharField(
                blank=True,
                choices=[
                    ("NO_TEAM", "there is no such team for this person"),
                    ("CLOSED", "that team has closed"),
                    ("NOT_TAKEN", "that team does not take this kind of need"),
                    ("NOBODY", "nobody works in that team"),
                    ("NOT_THERE", "that team is not at work in time"),
                    ("NO_ROUTE", "the programme names no team for this"),
                    ("DECLINED", "that team declined it"),
                    ("NOT_ACCEPTED", "that team did not accept it in time"),
                ],
                max_length=12,
            ),
        ),
        # What is there already is each a need of its own; a volatile default is worked out by row.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    [
                        ADD_NEED,
                        "ALTER TABLE alerts_alert ALTER COLUMN need DROP DEFAULT",
                    ],
                    "ALTER TABLE alerts_alert DROP COLUMN need",
                )
            ],
            [
                migrations.AddField(
                    model_name="alert",
                    name="need",
                    field=models.CharField(default="", max_length=80),
                    preserve_default=False,
                )
            ],
        ),
        migrations.AddField(
            model_name="alert",
            name="opened_again_because",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="alert",
            name="passed_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="rung",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "the owning team"),
                    (1, "the locality lead"),
                    (2, "the surveillance team"),
                    (3, "the clinical lead"),
                ],
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="how",
            field=models.CharField(
                choices=[("HANDED_ON", "handed on"), ("DECLINED", "declined")],
                default="HANDED_ON",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "CLOSED"), _negated=True),
                fields=("enrolment", "need"),
                name="one_open_alert_a_need",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="alert",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="alerts.alert",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="response",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="checkins.response",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="enrolments.enrolment",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["alert", "at"], name="finding_by_alert"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                fields=("source_id", "rule"), name="a_rule_alerts_once"
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("answered_at", None)),
                fields=["person"],
                name="follow_up_to_ask",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("helped", "")),
                    models.Q(
                        models.Q(("helped", ""), _negated=True), ("answered_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="follow_up_answer_says_when",
            ),
        ),
    ]
