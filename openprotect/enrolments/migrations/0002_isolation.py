"""Enrolments are seen with their person, and counted by leads; reasons only by clinical roles."""

from django.db import migrations

from openprotect.base.isolation import grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
COUNTED = """
((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
CLINICAL = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
OWN_PRACTICE = """
(SELECT context_role()) = 'PRACTICE' AND practice_id = (SELECT context_organisation())
"""
BY_PRACTICE = f"((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})"


class Migration(migrations.Migration):
    dependencies = [("enrolments", "0001_initial"), ("people", "0002_isolation")]
    operations = [
        grant(
            "enrolments_enrolment",
            app="SELECT, INSERT, UPDATE",
            imports="SELECT, INSERT, UPDATE",
        ),
        grant("enrolments_reason", app="SELECT, INSERT", imports="SELECT, INSERT"),
        grant("enrolments_decision", app="SELECT, INSERT"),
        protect(
            "enrolments_enrolment",
            imports=True,
            see=f"{BY_WORKER} OR {COUNTED} OR {OF_A_SEEN_PERSON}",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR {BY_PRACTICE}",
        ),
        protect(
            "enrolments_reason",
            imports=True,
            see=f"{BY_WORKER} OR ({CLINICAL} AND {OF_A_SEEN_PERSON})",
            add=f"{BY_WORKER} OR {BY_PRACTICE}",
        ),
        protect(
            "enrolments_decision",
            see=f"{BY_WORKER} OR ({CLINICAL} AND {OF_A_SEEN_PERSON})",
            add=f"{BY_WORKER} OR {BY_PRACTICE}",
        ),
        grant("enrolments_request", app="SELECT, INSERT, UPDATE"),
        protect(
            "enrolments_request",
            see=f"{BY_WORKER} OR ({OWN_PRACTICE})",
            add=OWN_PRACTICE,
            change=BY_WORKER,
        ),
    ]
