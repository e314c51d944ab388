"""Calls: the queue is open to call handlers, but not whom it is about until they hold the call."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
BY_CALLER = """
((SELECT context_role()) = 'CALLER' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
SEE = f"""
{BY_WORKER} OR {BY_CALLER}
OR ((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
OR ((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON}
    AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
WITH_CALL = """
EXISTS (SELECT 1 FROM calls_call c WHERE c.id = call_id AND c.person_id = calls_attempt.person_id)
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("people", "0002_isolation")]
    operations = [
        grant("calls_call", app="SELECT, INSERT, UPDATE"),
        grant("calls_attempt", app="SELECT, INSERT"),
        protect("calls_call", see=SEE, add=BY_WORKER, change=f"{BY_WORKER} OR {BY_CALLER}"),
        # What a call handler may take becomes theirs to read, so it stays about whom it was.
        anchor("calls_call", "person_id", "programme_id", "enrolment_id"),
        protect(
            "calls_attempt",
            see=(
                f"{BY_WORKER} OR ((SELECT context_role()) IN ('CALLER', 'PRACTICE', 'LOCALITY',"
                f" 'SURVEILLANCE') AND {OF_A_SEEN_PERSON} AND {WITH_CALL})"
            ),
            add=(
                "(SELECT context_role()) = 'CALLER' AND by_id = (SELECT context_user())"
                f" AND {OF_A_SEEN_PERSON} AND {WITH_CALL}"
            ),
        ),
    ]
