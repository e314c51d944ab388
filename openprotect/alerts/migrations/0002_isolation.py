"""Alerts are seen with their person, and counted by leads; only care roles change them."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
COUNTED = """
((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
OF_OWN_TEAM = """
EXISTS (SELECT 1 FROM places_team t
         WHERE t.id = team_id AND t.organisation_id = (SELECT context_organisation()))
"""
# A partner sees what was handed to it, and no other alert of the same person.
BY_CARE = f"""
(((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
 OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON}
     AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
 OR ((SELECT context_role()) = 'PARTNER' AND {OF_OWN_TEAM}
     AND programme_id = ANY ((SELECT live_programmes())::uuid[])))
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("checkins", "0002_isolation")]
    operations = [
        grant("alerts_alert", app="SELECT, INSERT, UPDATE"),
        grant("alerts_evaluation", app="SELECT, INSERT"),
        protect(
            "alerts_alert",
            see=f"{BY_WORKER} OR {COUNTED} OR {BY_CARE}",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR {BY_CARE}",
        ),
        anchor("alerts_alert", "person_id", "programme_id", "enrolment_id"),
        protect(
            "alerts_evaluation",
            see=(
                f"{BY_WORKER} OR ((SELECT context_role()) IN ('PRACTICE', 'LOCALITY',"
                " 'SURVEILLANCE') AND EXISTS (SELECT 1 FROM checkins_response r"
                " WHERE r.id = response_id AND r.person_id = alerts_evaluation.person_id))"
            ),
            add=BY_WORKER,
        ),
    ]
