"""Who decides about imports, who hears of them."""

from importlib import import_module

from django.db import migrations

from openprotect.base.isolation import APP, grant, protect

SEE_EVENTS = import_module("openprotect.events.migrations.0002_isolation").SEE
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
DECIDES = "(SELECT context_role()) IN ('STEWARD', 'WORKER')"
# Events of imports are about no person and no programme: counts, ids and who decided.
OF_IMPORTS = """
((SELECT context_role()) IN ('STEWARD', 'LEAD', 'GOVERNANCE')
 AND person_id IS NULL AND programme_id IS NULL AND name LIKE 'import.%')
"""

SEE_IMPORTS_TOO = f"CREATE POLICY app_see ON events_event FOR SELECT TO {APP} USING ({SEE_EVENTS} OR {OF_IMPORTS})"


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_review"),
        ("accounts", "0004_steward"),
        ("events", "0002_isolation"),
        ("people", "0002_isolation"),
    ]
    operations = [
        # Nobody's details are in these tables; but what becomes of an import is a steward's to say.
        protect("records_changeset", see="true", add=BY_WORKER, change=DECIDES, imports=True),
        protect("records_changesetcount", see="true", add=BY_WORKER, imports=True),
        protect(
            "records_changesetproblem", see="true", add=BY_WORKER, change=DECIDES, imports=True
        ),
        grant("records_proposal", app="SELECT, UPDATE", imports="SELECT, INSERT, UPDATE"),
        protect("records_proposal", see=DECIDES, change=DECIDES, imports=True),
        migrations.RunSQL(
            [
                "DROP POLICY app_see ON events_event",
                SEE_IMPORTS_TOO,
            ],
            "",
        ),
    ]
