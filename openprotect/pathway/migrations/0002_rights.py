"""Any process may note that it lives; heartbeats name nobody."""

from django.db import migrations

from openprotect.base.isolation import grant


class Migration(migrations.Migration):
    dependencies = [("pathway", "0001_initial"), ("accounts", "0002_context")]
    operations = [grant("pathway_heartbeat", app="SELECT, INSERT, UPDATE")]
