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

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"

STAY = """
CREATE FUNCTION stay_about_one_person() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $body$
BEGIN
    RAISE EXCEPTION 'a row of % is about one person for good', TG_TABLE_NAME;
END
$body$
"""

SEE_ACCESS = """
(SELECT context_role()) IN ('GOVERNANCE', 'WORKER')
OR ((SELECT context_role()) = 'PRACTICE'
    AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("accounts", "0002_context")]
    operations = [
        migrations.RunSQL(STAY, "DROP FUNCTION stay_about_one_person"),
        grant("people_person", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT, UPDATE"),
        grant(
            "people_registration", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT, UPDATE"
        ),
        protect(
            "people_person",
            imports=True,
            see=SEE,
            add="(SELECT context_role()) = 'WORKER'",
            # What one may change is also what one may see: an update need not read anything.
            change=f"(SELECT context_role()) IN ('WORKER', 'PRACTICE') AND {SEE}",
        ),
        protect(
            "people_registration",
            imports=True,
            see=OF_A_SEEN_PERSON,
            add="(SELECT context_role()) = 'WORKER'",
            change=f"(SELECT context_role()) = 'WORKER' AND {OF_A_SEEN_PERSON}",
        ),
        protect("governance_access", imports=True, see=SEE_ACCESS, add="true"),
    ]
