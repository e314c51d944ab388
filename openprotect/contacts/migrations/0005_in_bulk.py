"""Of a claim only what is looked up is indexed: each way costs every contact there is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_reaching_rights")]
    operations = [
        migrations.AlterField(
            model_name="claim",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="programme",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.programme",
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("status__in", ["HELD", "MADE"])),
                fields=["person", "settled_at"],
                name="claim_that_counts",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("person", None)), fields=["key"], name="claim_of_a_stranger"
            ),
        ),
    ]
