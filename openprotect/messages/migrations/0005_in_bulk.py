"""Of a message only what is looked up is indexed: each way costs every text there is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messages", "0004_channels_isolation")]
    operations = [
        migrations.AlterField(
            model_name="message",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="programme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.programme",
            ),
        ),
        migrations.RemoveIndex(model_name="message", name="message_by_subject"),
        migrations.RemoveIndex(model_name="message", name="message_due"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status__in", ["DUE", "SENDING"])),
                fields=["due_at", "id"],
                name="message_due",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="a_message_is_due_once_a_way"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "kind", "person", "channel"),
                name="a_message_is_due_once_a_way",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status__in", ["SENT", "UNKNOWN"])),
                fields=["made_at", "id"],
                name="message_open_ended",
            ),
        ),
    ]
