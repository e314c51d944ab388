"""What changed for single people is read by a clinical lead of the purpose, while it is lawful.

No name, address or phone number is in these rows, and their page shows no NHS number. Whom a run
found stays with the role of cohort runs.
"""

from django.db import migrations

from openprotect.base.isolation import grant, protect

OF_THE_PURPOSE = """
(SELECT context_role()) = 'CLINICAL' AND EXISTS (
    SELECT 1 FROM cohorts_run r JOIN programmes_programme p ON p.key = r.pack
     WHERE r.id = run_id AND p.id = ANY ((SELECT live_programmes())::uuid[]))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0002_difference"),
        ("accounts", "0003_clinical_lead"),
        ("programmes", "0002_rights"),
    ]
    operations = [
        grant("cohorts_change", app="SELECT", imports="SELECT, INSERT"),
        protect("cohorts_change", imports=True, see=OF_THE_PURPOSE),
    ]
