"""Of a check-in only what is looked up is indexed: each way costs every asking there is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkins", "0006_again")]
    operations = [
        migrations.AlterField(
            model_name="checkin",
            name="enrolment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checkins",
                to="enrolments.enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="checkin",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checkins",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="checkin",
            name="programme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.programme",
            ),
        ),
        migrations.AlterField(
            model_name="checkin",
            name="pack",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.packversion",
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="programme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.programme",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="pack",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.packversion",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveIndex(model_name="checkin", name="checkin_due"),
        migrations.RemoveIndex(model_name="checkin", name="checkin_open"),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("status", "DUE")),
                fields=["opens_at", "id"],
                name="checkin_due",
            ),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("status", "OPEN")),
                fields=["closes_at", "id"],
                name="checkin_open",
            ),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["programme", "due_on"], name="checkin_by_programme"),
        ),
    ]
