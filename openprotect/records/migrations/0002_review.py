from django.db import migrations, models


class Migration(migrations.Migration):
    """An import is looked at before it is taken, and may be undone."""

    dependencies = [
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("score", models.FloatField()),
                ("agreeing", models.JSONField(default=list)),
                ("differing", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "waiting for a decision"),
                            ("CONFIRMED", "one person"),
                            ("DECLINED", "two people"),
                        ],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("keeps_second", models.BooleanField(null=True)),
                ("is_applied", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="changeset",
            name="changeset_settled_unless_held",
        ),
        migrations.RemoveConstraint(
            model_name="changeset",
            name="changeset_approved_by_another",
        ),
        migrations.AddField(
            model_name="changeset",
            name="because",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="changeset",
            name="before",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="changeset",
            name="ended_by",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="changeset",
            name="figures",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="changeset",
            name="place",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="changesetproblem",
            name="place",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="changeset",
            name="preview",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="changeset",
            name="taken_as",
            field=models.BigIntegerField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name="changeset",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="changesetproblem",
            name="settled_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("RELEASED", "released"),
                    ("TAKEN", "released and taken in"),
                    ("REJECTED", "rejected"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="changesetproblem",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="changesetproblem",
            name="settled_by",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AlterField(
            model_name="changeset",
            name="status",
            field=models.CharField(
                choices=[
                    ("STAGED", "to be matched"),
                    ("MATCHED", "waiting to be looked at"),
                    ("SHOWN", "looked at, waiting for approval"),
                    ("APPROVED", "approved"),
                    ("COMMITTED", "taken"),
                    ("REFUSED", "not taken"),
                    ("UNDONE", "undone"),
                ],
                default="STAGED",
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            [
                "UPDATE records_changeset SET place = id",
                "UPDATE records_changesetproblem SET place = changeset_id",
                "UPDATE records_changeset SET taken_as = number WHERE status = 'COMMITTED'",
                "UPDATE records_changeset SET status = 'MATCHED' WHERE status = 'HELD'",
                "UPDATE records_changeset SET ended_by = '?', because = '?' WHERE status = 'REFUSED'",
                # Deferred checks of the rows just written stand in the way of altering the table.
                "SET CONSTRAINTS ALL IMMEDIATE",
            ],
            "",
        ),
        migrations.AddIndex(
            model_name="changesetproblem",
            index=models.Index(
                condition=models.Q(("outcome", "held"), ("settled_as", "")),
                fields=["changeset", "kind", "row"],
                name="problem_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at", None),
                        ("status__in", ["STAGED", "MATCHED", "SHOWN", "APPROVED"]),
                    ),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("status__in", ["COMMITTED", "REFUSED", "UNDONE"]),
                    ),
                    _connector="OR",
                ),
                name="changeset_settled_unless_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stops", []),
                    ("approved_by", ""),
                    models.Q(("approved_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="changeset_stopped_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stops", []),
                    models.Q(("status__in", ["COMMITTED", "UNDONE"]), _negated=True),
                    models.Q(("approved_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="changeset_stopped_taken_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["COMMITTED", "UNDONE"]), ("taken_as__isnull", False)),
                    models.Q(
                        models.Q(("status__in", ["COMMITTED", "UNDONE"]), _negated=True),
                        ("taken_as", None),
                    ),
                    _connector="OR",
                ),
                name="changeset_taken_has_its_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("ended_by", ""), _negated=True),
                        models.Q(("because", ""), _negated=True),
                        ("status__in", ["REFUSED", "UNDONE"]),
                    ),
                    models.Q(
                        models.Q(("status__in", ["REFUSED", "UNDONE"]), _negated=True),
                        ("because", ""),
                        ("ended_by", ""),
                    ),
                    _connector="OR",
                ),
                name="changeset_ended_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "UNDONE"), ("undone_at__isnull", False)),
                    models.Q(models.Q(("status", "UNDONE"), _negated=True), ("undone_at", None)),
                    _connector="OR",
                ),
                name="changeset_undone_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="changesetproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_as", ""), ("settled_at", None), ("settled_by", "")),
                    models.Q(
                        models.Q(("settled_as", ""), _negated=True),
                        models.Q(("settled_by", ""), _negated=True),
                        ("settled_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="problem_settled_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="changesetproblem",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_as", ""), ("outcome", "held"), _connector="OR"),
                name="problem_settled_was_held",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("status", "PROPOSED")),
                fields=["-score", "id"],
                name="proposal_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", ""), ("status", "PROPOSED")),
                    models.Q(
                        models.Q(("status", "PROPOSED"), _negated=True),
                        models.Q(("decided_by", ""), _negated=True),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="proposal_decided_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("keeps_second__isnull", False), ("status", "CONFIRMED")),
                    models.Q(
                        models.Q(("status", "CONFIRMED"), _negated=True), ("keeps_second", None)
                    ),
                    _connector="OR",
                ),
                name="proposal_confirmed_says_which_number_stays",
            ),
        ),
    ]
