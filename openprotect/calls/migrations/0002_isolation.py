"""Calls: the queue is open to call handlers, but not whom it is about until they hold the call."""

from django.db import migrations

from openprotect.base.isolation import grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
BY_CALLER = """
((SELECT context_role()) = 'CALLER' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
SEE = f"""
{BY_WORKER} OR {BY_CALLER}
OR ((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
OR ((SELECT context_role()) <> 'PARTNER' AND {OF_A_SEEN_PERSON})
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("people", "0002_isolation")]
    operations = [
        grant("calls_call", app="SELECT, INSERT, UPDATE"),
        grant("calls_attempt", app="SELECT, INSERT"),
        protect("calls_call", see=SEE, add=BY_WORKER, change=f"{BY_WORKER} OR {BY_CALLER}"),
        protect(
            "calls_attempt",
            see=(
                f"{BY_WORKER} OR by_id = (SELECT context_user())"
                f" OR ((SELECT context_role()) <> 'PARTNER' AND {OF_A_SEEN_PERSON})"
            ),
            add=f"(SELECT context_role()) = 'CALLER' AND {OF_A_SEEN_PERSON}",
        ),
    ]
