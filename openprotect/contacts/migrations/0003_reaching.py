import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_client"),
        ("contacts", "0002_ledger"),
        ("enrolments", "0004_absence_isolation"),
        ("people", "0003_renumbered"),
        ("places", "0001_initial"),
        ("programmes", "0002_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Unreached",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("NO_PHONE", "no phone number is known"),
                            ("WRONG_NUMBER", "the number is wrong or dead"),
                            ("NO_ANSWER", "rung several times, and nobody answered"),
                            ("RETURNED", "a letter came back"),
                            ("LANGUAGE", "no language in common"),
                            ("UNSAFE", "no way that we have is safe"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("OPEN", "not reached yet"), ("ENDED", "ended")],
                        default="OPEN",
                        max_length=5,
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            (
                                "RECORD",
                                "Look in the practice's record for another number or address",
                            ),
                            ("LETTER", "Write a letter that asks them to ring"),
                            (
                                "PRACTICE",
                                "Ask the practice who has seen them, and for somebody to ask",
                            ),
                            ("VISIT", "Ask the council for a visit"),
                            ("WELFARE", "Ask for a welfare check today"),
                        ],
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("REACHED", "they were reached"),
                            ("DETAILS", "another number or address was found"),
                            ("SEEN", "somebody has seen them, and they are safe"),
                            ("DIED", "they have died"),
                            ("MOVED", "they live elsewhere"),
                            ("STOPPED", "they are not to be contacted any more"),
                            ("LEFT", "they left the programme"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unreached",
                        to="enrolments.enrolment",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tried",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        choices=[
                            (
                                "RECORD",
                                "Look in the practice's record for another number or address",
                            ),
                            ("LETTER", "Write a letter that asks them to ring"),
                            (
                                "PRACTICE",
                                "Ask the practice who has seen them, and for somebody to ask",
                            ),
                            ("VISIT", "Ask the council for a visit"),
                            ("WELFARE", "Ask for a welfare check today"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("NOTHING", "tried, and nothing was found"),
                            ("NOBODY_TOLD", "nobody said in time what came of it"),
                            ("REACHED", "they were reached"),
                            ("DETAILS", "another number or address was found"),
                            ("SEEN", "somebody has seen them, and they are safe"),
                            ("DIED", "they have died"),
                            ("MOVED", "they live elsewhere"),
                            ("STOPPED", "they are not to be contacted any more"),
                            ("LEFT", "they left the programme"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "unreached",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="contacts.unreached",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Precaution",
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
                            (
                                "DISCREET",
                                "They may not be able to speak freely. Say nothing of why you ring; ask whether now is a good time; leave no message.",
                            ),
                            (
                                "SHARED",
                                "Others use this phone. Say who you are only once you are sure who answers.",
                            ),
                            ("ADDRESS", "Nothing by post and no visit to the address we hold."),
                            ("CARER", "Speaks through a carer."),
                            ("LANGUAGE", "Needs an interpreter."),
                            (
                                "HEARING",
                                "Is deaf or hard of hearing: ring by text relay (18001), speak slowly, allow time.",
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=120)),
                (
                    "closes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), default=list, size=None
                    ),
                ),
                (
                    "seen_by",
                    models.CharField(
                        choices=[
                            ("CALLERS", "everybody who may contact them"),
                            ("CLINICAL", "the practice and clinical teams"),
                        ],
                        default="CALLERS",
                        max_length=8,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="precautions",
                        to="people.person",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.user",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "kind"),
                        name="one_precaution_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DISCREET"), _negated=True),
                            ("words", ""),
                            _connector="OR",
                        ),
                        name="discretion_says_no_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DISCREET"), _negated=True),
                            ("seen_by", "CALLERS"),
                            _connector="OR",
                        ),
                        name="who_must_be_careful_is_told",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="unreached",
            index=models.Index(
                condition=models.Q(("status", "OPEN")),
                fields=["team", "due_at"],
                name="unreached_worklist",
            ),
        ),
        migrations.AddConstraint(
            model_name="unreached",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "OPEN")),
                fields=("person", "programme"),
                name="unreached_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="unreached",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("status", "ENDED"),
                        models.Q(("ended_as", ""), _negated=True),
                    ),
                    models.Q(("ended_as", ""), ("ended_at", None), ("status", "OPEN")),
                    _connector="OR",
                ),
                name="unreached_ends_with_what_was_found",
            ),
        ),
    ]
