from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_client"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("PERSON", "person"),
                    ("CALLER", "call handler"),
                    ("PRACTICE", "practice"),
                    ("LOCALITY", "locality team"),
                    ("SURVEILLANCE", "surveillance team"),
                    ("PARTNER", "partner"),
                    ("CLIENT", "partner's system"),
                    ("LEAD", "programme lead"),
                    ("CLINICAL", "clinical lead"),
                    ("GOVERNANCE", "information governance lead"),
                    ("STEWARD", "records steward"),
                    ("TASK", "partner, one task by link"),
                    ("WORKER", "background worker"),
                ],
                max_length=20,
            ),
        ),
    ]
