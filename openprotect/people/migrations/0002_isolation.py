"""Who may see a person: by role, organisation and a purpose whose legal basis is in force."""

from django.db import migrations

from openprotect.base.isolation import grant, protect

SEE = """
CASE (SELECT context_role())
    WHEN 'WORKER' THEN person_is_live(id, true)
    WHEN 'CALLER' THEN id = ANY ((SELECT people_claimed())::uuid[])
    WHEN 'PRACTICE' THEN practice_id = (SELECT context_organisation())
        AND (person_is_live(id, true) OR person_has_open_alert(id))
    WHEN 'LOCALITY' THEN practice_id = ANY ((SELECT context_practices())::uuid[])
        AND person_is_live(id, false)
    WHEN 'SURVEILLANCE' THEN practice_id = ANY ((SELECT context_practices())::uuid[])
        AND person_is_live(id, false)
    WHEN 'PARTNER' THEN id = ANY ((SELECT people_alerted())::uuid[])
    ELSE false
END
"""

SEE_ACCESS = """
(SELECT context_role()) IN ('GOVERNANCE', 'WORKER')
OR ((SELECT context_role()) = 'PRACTICE'
    AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("accounts", "0002_context")]
    operations = [
        grant("people_person", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT, UPDATE"),
        grant(
            "people_registration", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT, UPDATE"
        ),
        protect(
            "people_person",
            imports=True,
            see=SEE,
            add="(SELECT context_role()) = 'WORKER'",
            change="(SELECT context_role()) IN ('WORKER', 'CALLER', 'PRACTICE')",
        ),
        protect(
            "people_registration",
            imports=True,
            see="EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)",
            add="(SELECT context_role()) = 'WORKER'",
            change="(SELECT context_role()) = 'WORKER'",
        ),
        protect("governance_access", imports=True, see=SEE_ACCESS, add="true"),
    ]
