from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_quicker_sight")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="deprivation_fifth",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        # For code that does not know the column yet. Not known to Django: it would ask for the
        # value back, which whoever writes a person may not be allowed to read.
        migrations.RunSQL(
            "ALTER TABLE people_person ALTER deprivation_fifth SET DEFAULT 0",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="person",
            name="refuted_death_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(model_name="wish", name="from_on", field=models.DateField(null=True)),
        migrations.AddField(model_name="wish", name="to_on", field=models.DateField(null=True)),
        migrations.AlterField(
            model_name="wish",
            name="kind",
            field=models.CharField(
                choices=[
                    ("CALL", "to be rung"),
                    ("DETAILS", "to change how they are reached"),
                    ("HOSPITAL", "not to be asked while in hospital"),
                    ("AWAY", "not to be asked while away"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_on", None), ("to_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="wish_ends_after_it_begins",
            ),
        ),
    ]
