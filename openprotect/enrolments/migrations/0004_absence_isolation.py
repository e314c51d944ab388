"""Absences are seen with their enrolment and counted by leads; reminders name nobody."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
IS_PRACTICE = "(SELECT context_role()) = 'PRACTICE'"
CLINICAL = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
IN_PURPOSE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
COUNTED = f"((SELECT context_role()) = 'LEAD' AND {IN_PURPOSE})"
OF_THE_ENROLMENT = (
    "EXISTS (SELECT 1 FROM enrolments_enrolment e WHERE e.id = enrolment_id"
    " AND e.person_id = enrolments_absence.person_id)"
)


class Migration(migrations.Migration):
    dependencies = [("enrolments", "0003_absence")]
    operations = [
        grant("enrolments_absence", app="SELECT, INSERT, UPDATE", imports="SELECT, INSERT, UPDATE"),
        protect(
            "enrolments_absence",
            imports=True,
            see=f"{BY_WORKER} OR {COUNTED} OR ({CLINICAL} AND {OF_THE_ENROLMENT})",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR ({IS_PRACTICE} AND {OF_THE_ENROLMENT})",
        ),
        anchor("enrolments_absence", "person_id", "enrolment_id", "programme_id"),
        grant("enrolments_reminder", app="SELECT, INSERT"),
        protect(
            "enrolments_reminder",
            see=(
                f"{BY_WORKER} OR {COUNTED} OR ({IS_PRACTICE} AND {IN_PURPOSE}"
                " AND practice_id = (SELECT context_organisation()))"
            ),
            add=BY_WORKER,
        ),
    ]
