"""Programmes, packs and adaptations name no person: rights by role, and no version is changed."""

from django.db import migrations

from openprotect.base.isolation import grant, protect

BY_LEAD = "(SELECT context_role()) IN ('WORKER', 'LEAD')"
BY_LOCALITY = """
(SELECT context_role()) = 'WORKER'
OR ((SELECT context_role()) = 'LOCALITY' AND locality_id = (SELECT context_organisation()))
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial"), ("accounts", "0002_context")]
    operations = [
        grant("programmes_packversion", app="SELECT, INSERT", imports="SELECT"),
        grant("programmes_programme", app="SELECT, INSERT, UPDATE", imports="SELECT"),
        grant("programmes_adaptation", app="SELECT, INSERT, UPDATE", imports="SELECT"),
        protect("programmes_packversion", see="true", add=BY_LEAD, imports=True, owner=True),
        protect(
            "programmes_programme",
            see="true",
            add=BY_LEAD,
            change=BY_LEAD,
            imports=True,
            owner=True,
        ),
        protect(
            "programmes_adaptation", see="true", add=BY_LOCALITY, change=BY_LOCALITY, imports=True
        ),
    ]
