from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose NHS number was replaced keeps, beside it, the one they came with."""

    dependencies = [
        ("people", "0002_isolation"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="came_as",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        # In the database alone: Django would ask back for a default of its own, and whoever adds a
        # person does not see them before they are in a programme. The code before this needs it.
        migrations.RunSQL(
            "ALTER TABLE people_person ALTER COLUMN came_as SET DEFAULT ''",
            "ALTER TABLE people_person ALTER COLUMN came_as DROP DEFAULT",
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("came_as", ""),
                    models.Q(
                        models.Q(("came_as", models.F("nhs_number")), _negated=True),
                        ("came_as__regex", "^[0-9]{10}$"),
                    ),
                    _connector="OR",
                ),
                name="person_came_as_another_number",
            ),
        ),
    ]
