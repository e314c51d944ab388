"""Enrolments are seen with their person, and counted by leads; reasons only by clinical roles."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
COUNTED = """
((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
IS_PRACTICE = "(SELECT context_role()) = 'PRACTICE'"
IN_PURPOSE = f"({IS_PRACTICE} OR programme_id = ANY ((SELECT live_programmes())::uuid[]))"
# In review or vetoed, somebody is known to their practice alone, whatever else they are in.
DECIDED = f"({IS_PRACTICE} OR status IN ('ACTIVE', 'LEFT'))"
CLINICAL = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
OWN_PRACTICE = """
(SELECT context_role()) = 'PRACTICE' AND practice_id = (SELECT context_organisation())
AND programme_id = ANY ((SELECT live_programmes())::uuid[])
"""
BY_PRACTICE = f"((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})"


def with_enrolment(table: str) -> str:
    """As the enrolment it belongs to, which must be of the same person."""
    return (
        "EXISTS (SELECT 1 FROM enrolments_enrolment e"
        f" WHERE e.id = enrolment_id AND e.person_id = {table}.person_id)"
    )


def why(table: str) -> dict[str, str]:
    """Reasons and decisions: read by clinical roles, added by the practice."""
    seen = with_enrolment(table)
    return {
        "see": f"{BY_WORKER} OR ({CLINICAL} AND {seen})",
        "add": f"{BY_WORKER} OR ({IS_PRACTICE} AND {seen})",
    }


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
            see=f"{BY_WORKER} OR {COUNTED} OR ({OF_A_SEEN_PERSON} AND {IN_PURPOSE} AND {DECIDED})",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR {BY_PRACTICE}",
        ),
        anchor("enrolments_enrolment", "person_id", "programme_id"),
        protect("enrolments_reason", imports=True, **why("enrolments_reason")),
        protect("enrolments_decision", **why("enrolments_decision")),
        grant("enrolments_request", app="SELECT, INSERT, UPDATE"),
        protect(
            "enrolments_request",
            see=f"{BY_WORKER} OR ({OWN_PRACTICE})",
            add=OWN_PRACTICE,
            change=BY_WORKER,
        ),
    ]
