from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_in_bulk_functions")]

    operations = [
        migrations.AddField(
            model_name="precaution", name="review_on", field=models.DateField(null=True)
        ),
    ]
