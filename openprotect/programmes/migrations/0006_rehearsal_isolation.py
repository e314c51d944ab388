"""Rehearsals are counts; whom they are about is known to their own practice alone."""

from django.db import migrations

from openprotect.base.isolation import grant, protect

READ = "(SELECT context_role()) IN ('WORKER', 'LEAD', 'CLINICAL', 'GOVERNANCE', 'PRACTICE')"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
ASKED_BY_ME = """
((SELECT context_role()) IN ('LEAD', 'CLINICAL') AND asked_by_id = (SELECT context_user()))
"""
OF_OUR_PATIENT = """
((SELECT context_role()) = 'PRACTICE'
 AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0005_rehearsal"), ("people", "0002_isolation")]
    operations = [
        grant("programmes_rehearsal", app="SELECT, INSERT, UPDATE", definer=""),
        grant("programmes_rehearsed", app="SELECT, INSERT"),
        protect("programmes_rehearsal", see=READ, add=ASKED_BY_ME, change=BY_WORKER),
        protect("programmes_rehearsed", see=f"{BY_WORKER} OR {OF_OUR_PATIENT}", add=BY_WORKER),
    ]
