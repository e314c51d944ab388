import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_client"),
        ("people", "0003_renumbered"),
        ("places", "0001_initial"),
        ("programmes", "0002_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exchange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("turn", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[("BEGUN", "begun"), ("DONE", "done")],
                        default="BEGUN",
                        max_length=5,
                    ),
                ),
                ("is_hashed", models.BooleanField(default=False)),
                ("begun_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("results", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("subject_id", models.UUIDField(null=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "phone call"),
                            ("TEXT", "text"),
                            ("EMAIL", "e-mail"),
                            ("LETTER", "letter"),
                            ("VISIT", "visit"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("checkin", "how somebody is: a programme's check-in"),
                            ("outcome", "what was done about an alert"),
                            ("welfare", "whether somebody is well and looked after"),
                            ("food", "food and shopping"),
                            ("medicines", "medicines"),
                            ("money", "money and benefits"),
                            ("housing", "housing and heating"),
                            ("company", "company and befriending"),
                            ("vaccination", "a vaccination"),
                            ("screening", "screening and prevention"),
                            ("appointment", "an appointment or a service"),
                            ("other", "something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_safety", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("HELD", "the slot is held"),
                            ("MADE", "contact was made or tried"),
                            ("RELEASED", "given back unused"),
                            ("LAPSED", "not used in time"),
                            ("RECALLED", "taken back: nobody may contact them"),
                            ("REFUSED", "told to wait, or that it is covered"),
                        ],
                        max_length=8,
                    ),
                ),
                ("answer", models.CharField(max_length=7)),
                ("asked_at", models.DateTimeField()),
                ("wanted_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("covered_by", models.CharField(blank=True, max_length=200)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SPOKE", "spoke to them"),
                            ("VOICEMAIL", "left a message"),
                            ("NO_ANSWER", "no answer"),
                            ("SENT", "sent"),
                            ("UNKNOWN", "not known whether it arrived"),
                            ("VISITED", "visited"),
                            ("NOT_IN", "visited, and nobody was in"),
                            ("WRONG_DETAILS", "the number or address was wrong"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="people.person",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                (
                    "exchange",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.exchange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Limit",
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
                            ("CAP", "contacts at most"),
                            ("WINDOW", "others wait after somebody was reached"),
                        ],
                        max_length=6,
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("most", models.PositiveSmallIntegerField(default=0)),
                ("hours", models.PositiveIntegerField()),
                ("set_by", models.CharField(max_length=120)),
                ("because", models.CharField(max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None)),
                        fields=("kind", "what"),
                        name="one_limit_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at", None),
                            ("ends_at__gte", models.F("starts_at")),
                            _connector="OR",
                        ),
                        name="limit_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("set_by", ""), _negated=True),
                            models.Q(("because", ""), _negated=True),
                        ),
                        name="limit_says_who_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "CAP"), _negated=True),
                            ("most__gte", 1),
                            _connector="OR",
                        ),
                        name="cap_lets_somebody_through",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.UniqueConstraint(
                fields=("organisation", "digest", "turn"), name="a_list_is_exchanged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("status", "DONE")),
                    models.Q(("done_at", None), ("status", "BEGUN")),
                    _connector="OR",
                ),
                name="done_exchange_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["key", "asked_at"], name="claim_by_key"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["person", "asked_at"], name="claim_by_person"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["subject_id"], name="claim_by_subject"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("status", "HELD")), fields=["until"], name="claim_held"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_safety", False), ("status", "HELD")),
                fields=("key", "topic"),
                name="one_body_holds_a_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("programme", None)),
                    models.Q(("organisation", None), ("programme__isnull", False)),
                    _connector="OR",
                ),
                name="claim_is_of_a_programme_or_an_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "HELD"), _negated=True),
                    models.Q(
                        ("answer", "YES"),
                        ("outcome", ""),
                        ("settled_at", None),
                        ("until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="held_slot_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "REFUSED"), _negated=True),
                    models.Q(
                        ("answer__in", ["WAIT", "COVERED", "STOP"]),
                        ("is_safety", False),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="refused_claim_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "COVERED"), _negated=True),
                    models.Q(("until__isnull", False), models.Q(("covered_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="covered_claim_says_by_whom_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["MADE", "RELEASED", "LAPSED", "RECALLED"]), _negated=True
                    ),
                    models.Q(("answer", "YES"), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="settled_claim_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "MADE"), models.Q(("outcome", ""), _negated=True)),
                    models.Q(models.Q(("status", "MADE"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="made_contact_says_what_came_of_it",
            ),
        ),
    ]
