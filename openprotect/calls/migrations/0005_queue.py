"""The queue: where each call stands and why, whose it is, and outcomes with all they ask for."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_quicker_context"),
        ("calls", "0004_asked"),
        ("checkins", "0005_episodes_isolation"),
        ("enrolments", "0004_absence_isolation"),
        ("people", "0005_choices_isolation"),
        ("places", "0002_staffing"),
        ("programmes", "0004_drafts_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="BestTime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rings_from", models.TimeField()),
                ("rings_until", models.TimeField()),
                ("said_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="calls.call",
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("spilled_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="attempt",
            name="by_whom",
            field=models.CharField(
                blank=True,
                choices=[
                    ("FAMILY", "family or friend"),
                    ("CARER", "paid carer"),
                    ("CARE_HOME", "staff of their care home"),
                    ("ATTORNEY", "attorney or deputy for health"),
                    ("OTHER", "somebody else"),
                ],
                default="",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="consent",
            field=models.CharField(
                blank=True,
                choices=[
                    ("GIVEN", "the person is happy with it"),
                    ("CANNOT_SAY", "the person cannot say, and it is best for them"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="did_speak",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="handed_to",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="attempt",
            name="home_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_bereaved",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="attempt",
            name="language",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="attempt",
            name="relationship",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="attempt",
            name="ring_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="why_not",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="call",
            name="agreed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="assigned_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.user",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="assigned_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="kept_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="language",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="call",
            name="on_paper",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="call",
            name="rank",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="call",
            name="ranked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="rings_from",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="rings_until",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="skills",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), default=list, size=None
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("ANSWERED", "Spoke to them and went through the questions"),
                    ("ON_BEHALF", "Somebody else answered the questions for them"),
                    ("PARTLY", "Spoke to them, and they answered some questions"),
                    ("REFUSED", "Did not want to answer today"),
                    ("RESCHEDULED", "Asked us to ring another time"),
                    ("NO_ANSWER", "No answer"),
                    ("VOICEMAIL", "Voicemail or answering machine"),
                    ("LANGUAGE", "They need another language"),
                    ("HANDED_OVER", "Emergency: stopped the questions and handed over"),
                    ("SAFEGUARDING", "I am worried that somebody is harming or neglecting them"),
                    ("HOSPITAL", "They are in hospital"),
                    ("MOVED", "They live somewhere else now"),
                    ("DIED", "Somebody said that this person has died"),
                    ("WRONG_NUMBER", "Wrong number or wrong person"),
                    ("LINE_DEAD", "The line is dead"),
                    ("OPTED_OUT", "Asked us to stop contacting them"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["by", "at"], name="attempt_by_caller"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("status__in", ["WAITING", "CLAIMED"])),
                fields=["-rank", "due_at", "id"],
                name="call_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "LANGUAGE"), _negated=True),
                    models.Q(("language", ""), _negated=True),
                    _connector="OR",
                ),
                name="language_needed_says_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "ON_BEHALF"), _negated=True),
                    models.Q(
                        models.Q(("by_whom", ""), _negated=True),
                        models.Q(("consent", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answered_for_somebody_says_by_whom_and_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("did_speak", None),
                    ("did_speak", True),
                    models.Q(("why_not", ""), _negated=True),
                    _connector="OR",
                ),
                name="failed_handover_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assigned_to", None), ("assigned_until", None)),
                    models.Q(("assigned_to__isnull", False), ("assigned_until__isnull", False)),
                    _connector="OR",
                ),
                name="assigned_call_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rings_from", None), ("rings_until", None)),
                    models.Q(
                        ("rings_from__isnull", False), ("rings_until__gt", models.F("rings_from"))
                    ),
                    _connector="OR",
                ),
                name="calling_hours_have_both_ends",
            ),
        ),
        migrations.AddField(
            model_name="besttime",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.user",
            ),
        ),
        migrations.AddField(
            model_name="besttime",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.team",
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.programme",
            ),
        ),
        migrations.AddConstraint(
            model_name="besttime",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("person",),
                name="one_best_time_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="besttime",
            constraint=models.CheckConstraint(
                condition=models.Q(("rings_until__gt", models.F("rings_from"))),
                name="best_time_has_a_length",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                condition=models.Q(("spilled_on__isnull", False)),
                fields=["programme", "spilled_on"],
                name="standing_spilled",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(("spilled_on", None), ("owner__isnull", False), _connector="OR"),
                name="spilled_call_has_an_owner",
            ),
        ),
    ]
