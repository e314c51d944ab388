"""The database says whose record it was: an id where the service knows them, else the number."""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, IMPORT, OWNER, definer

STAMP_ACCESS = """
DECLARE
    here session_context := context();
    known uuid;
BEGIN
    IF here.session_id IS NULL AND session_user <> 'openprotect_import' THEN
        RAISE EXCEPTION 'access cannot be recorded: nobody is signed in';
    END IF;
    IF NEW.person_id IS NULL THEN
        SELECT p.id INTO known FROM people_person p WHERE p.nhs_number = NEW.nhs_number;
        NEW.person_id := known;
        NEW.nhs_number := CASE WHEN known IS NULL THEN NEW.nhs_number ELSE '' END;
    END IF;
    NEW.at := openprotect_now();
    NEW.user_id := here.user_id;
    NEW.organisation_id := here.organisation_id;
    NEW.role := coalesce(here.role, 'IMPORT');
    NEW.purpose := coalesce(here.purpose, '');
    NEW.basis_id := (
        SELECT b.id FROM governance_legalbasis b
         WHERE b.purpose = here.purpose AND b.starts_at <= NEW.at AND b.ends_at > NEW.at
         ORDER BY b.ends_at DESC LIMIT 1);
    NEW.leaf := sha256(convert_to(jsonb_build_array(
        NEW.id, NEW.at, NEW.user_id, NEW.organisation_id, NEW.role, NEW.purpose, NEW.basis_id,
        coalesce(NEW.person_id::text, NEW.nhs_number), NEW.what, NEW.why)::text, 'UTF8'));
    RETURN NEW;
END
"""

TRIGGER = """
CREATE TRIGGER stamped BEFORE INSERT ON governance_access
FOR EACH ROW EXECUTE FUNCTION stamp_access()
"""

# A practice also sees who looked before its patient was in a programme.
SEE_ACCESS = """
(SELECT context_role()) IN ('GOVERNANCE', 'WORKER')
OR ((SELECT context_role()) = 'PRACTICE' AND EXISTS (
    SELECT 1 FROM people_person p
     WHERE p.id = person_id OR p.nhs_number = governance_access.nhs_number))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0003_access_by_number"),
        ("people", "0002_isolation"),
        ("accounts", "0002_context"),
    ]
    operations = [
        migrations.RunSQL(
            [
                "DROP TRIGGER stamped ON governance_access",
                f"SET ROLE {DEFINER}",
                "DROP FUNCTION stamp_access()",
                "RESET ROLE",
            ],
            "",
        ),
        definer("stamp_access()", "trigger", STAMP_ACCESS, volatile=True, to=f"{APP}, {IMPORT}"),
        migrations.RunSQL(
            [
                # Whoever makes a trigger must be allowed to run its function.
                f"SET ROLE {DEFINER}",
                f"GRANT EXECUTE ON FUNCTION stamp_access() TO {OWNER}",
                "RESET ROLE",
                TRIGGER,
                f"ALTER POLICY app_see ON governance_access USING ({SEE_ACCESS})",
            ],
            "",
        ),
    ]
