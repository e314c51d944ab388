"""Messages: sent by the worker, seen with their person, counted by leads."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
SEE = """
(SELECT context_role()) = 'WORKER'
OR ((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
OR ((SELECT context_role()) IN ('CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')
    AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)
    AND ((SELECT context_role()) = 'PRACTICE'
         OR programme_id = ANY ((SELECT live_programmes())::uuid[])))
"""


class Migration(migrations.Migration):
    dependencies = [("messages", "0001_initial"), ("people", "0002_isolation")]
    operations = [
        grant("messages_message", app="SELECT, INSERT, UPDATE"),
        anchor("messages_message", "person_id", "programme_id"),
        protect("messages_message", see=SEE, add=BY_WORKER, change=BY_WORKER),
    ]
