"""A practice may know of a patient it had that they are with another now, and nothing more."""

from django.db import migrations

from openprotect.base.isolation import definer

MOVED = """
BEGIN
    RETURN coalesce((context()).role = 'PRACTICE', false) AND EXISTS (
        SELECT 1 FROM enrolments_enrolment e
          JOIN people_registration r ON r.person_id = e.person_id
         WHERE e.id = the_enrolment AND r.to_on IS NOT NULL
           AND r.practice_id = (context()).organisation_id
           AND e.practice_id <> (context()).organisation_id);
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrolments", "0005_standstill"),
        ("people", "0007_away_and_mistaken"),
    ]
    operations = [definer("moved_away(the_enrolment uuid)", "boolean", MOVED)]
