"""Who may see a person, asked once a statement and not once a person.

The programmes that are open to a session are looked up once in each statement, and each person is
then only looked for in them. Who sees whom has not changed. Asked by hand, the new function tells of
a person whose id one holds already whether they are in a programme that one names, and no more.
"""

from django.db import migrations

from openprotect.base.isolation import APP, definer

AMONG = """
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM enrolments_enrolment e
         WHERE e.person_id = person AND e.programme_id = ANY (programmes)
           AND (with_previews OR e.status IN ('ACTIVE', 'LEFT'))
    );
END
"""
WITH_PREVIEWS = "person_is_among(id, (SELECT live_programmes())::uuid[], true)"
WITHOUT = "person_is_among(id, (SELECT live_programmes())::uuid[], false)"
SEE = f"""
CASE (SELECT context_role())
    WHEN 'WORKER' THEN {WITH_PREVIEWS}
    WHEN 'CALLER' THEN id = ANY ((SELECT people_claimed())::uuid[])
    WHEN 'PRACTICE' THEN practice_id = (SELECT context_organisation())
        AND ({WITH_PREVIEWS} OR person_has_open_alert(id))
    WHEN 'LOCALITY' THEN practice_id = ANY ((SELECT context_practices())::uuid[]) AND {WITHOUT}
    WHEN 'SURVEILLANCE' THEN practice_id = ANY ((SELECT context_practices())::uuid[])
        AND {WITHOUT}
    WHEN 'PARTNER' THEN id = ANY ((SELECT people_alerted())::uuid[])
    ELSE false
END
"""
CHANGE = f"(SELECT context_role()) IN ('WORKER', 'PRACTICE') AND {SEE}"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_choices_isolation"),
        ("accounts", "0007_quicker_context"),
        ("enrolments", "0002_isolation"),
    ]
    operations = [
        definer(
            "person_is_among(person uuid, programmes uuid[], with_previews boolean)",
            "boolean",
            AMONG,
        ),
        migrations.RunSQL(
            [
                f"ALTER POLICY app_see ON people_person TO {APP} USING ({SEE})",
                f"ALTER POLICY app_change ON people_person TO {APP} USING ({CHANGE})",
            ],
            migrations.RunSQL.noop,
        ),
    ]
