"""What is written during a call, and the outcome of a call that an emergency ended."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from openprotect.base.isolation import grant, protect

# Whoever holds the call reads what others wrote in it; each writes only their own.
HELD = """
(SELECT context_role()) = 'CALLER'
AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)
AND EXISTS (SELECT 1 FROM calls_call c WHERE c.id = call_id AND c.person_id = calls_draft.person_id)
"""
OWN = f"({HELD}) AND by_id = (SELECT context_user())"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_context"),
        ("calls", "0002_isolation"),
        ("people", "0002_isolation"),
    ]
    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000)),
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
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="calls.call",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "by"), name="one_draft_of_a_call_handler"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="attempt",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("ANSWERED", "Spoke to them and went through the questions"),
                    ("NO_ANSWER", "No answer"),
                    ("VOICEMAIL", "Voicemail or answering machine"),
                    ("CALL_BACK", "Asked us to ring another time"),
                    ("HANDED_OVER", "Emergency: stopped the questions and handed over"),
                    ("REFUSED", "Did not want to answer today"),
                    ("STOP", "Asked us to stop contacting them"),
                    ("WRONG_NUMBER", "Wrong number, wrong person, or the line is dead"),
                    ("DIED", "Somebody said that this person has died"),
                ],
                max_length=20,
            ),
        ),
        grant("calls_draft", app="SELECT, INSERT, UPDATE"),
        protect(
            "calls_draft",
            see=f"(SELECT context_role()) = 'WORKER' OR ({HELD})",
            add=OWN,
            change=f"({HELD})",
        ),
    ]
