"""Who sees why a call stands where it does; supervisors assign calls; outcomes by their new names."""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, anchor, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
IN_PURPOSE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
BY_CALLER = f"((SELECT context_role()) = 'CALLER' AND {IN_PURPOSE})"
BY_SUPERVISOR = f"((SELECT context_role()) = 'SUPERVISOR' AND {IN_PURPOSE})"
# As before, and by whoever staffs the day: the queue, but not whom it is about.
SEE_CALL = f"""
{BY_WORKER} OR {BY_CALLER} OR {BY_SUPERVISOR}
OR ((SELECT context_role()) = 'LEAD' AND {IN_PURPOSE})
OR ((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON}
    AND {IN_PURPOSE})
"""
CHANGE_CALL = f"{BY_WORKER} OR {BY_CALLER} OR {BY_SUPERVISOR}"
# That a call was given to somebody is said by who gave it, though they do not see whom it is about.
SAY_ASSIGNED = f"""
WITH CHECK ((SELECT context_role()) = 'SUPERVISOR' AND name = 'call.assigned' AND {IN_PURPOSE}
AND by_id = (SELECT context_user()) AND followed_up_at IS NULL
AND EXISTS (SELECT 1 FROM calls_call c WHERE c.id = subject_id
               AND c.person_id = events_event.person_id))
"""
# The reasons may tell of somebody's health: never for call handlers, not even of a call they hold.
SEE_STANDING = f"""
{BY_WORKER}
OR ((SELECT context_role()) IN ('SUPERVISOR', 'LEAD') AND {IN_PURPOSE})
OR ((SELECT context_role()) = 'SURVEILLANCE' AND {OF_A_SEEN_PERSON} AND {IN_PURPOSE})
"""
BY_STAFF = f"""
((SELECT context_role()) IN ('WORKER', 'CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')
 AND {OF_A_SEEN_PERSON})
"""
RENAMED = """
CASE outcome WHEN 'CALL_BACK' THEN 'RESCHEDULED' WHEN 'STOP' THEN 'OPTED_OUT' ELSE outcome END
"""


def renamed(table: str) -> str:
    return f"UPDATE {table} SET outcome = {RENAMED} WHERE outcome IN ('CALL_BACK', 'STOP')"


class Migration(migrations.Migration):
    dependencies = [("calls", "0005_queue"), ("people", "0005_choices_isolation")]
    operations = [
        migrations.RunSQL(
            [
                f"ALTER POLICY app_see ON calls_call TO {APP} USING ({SEE_CALL})",
                f"ALTER POLICY app_change ON calls_call TO {APP} USING ({CHANGE_CALL})",
                f"CREATE POLICY assigned_add ON events_event FOR INSERT TO {APP} {SAY_ASSIGNED}",
            ],
            migrations.RunSQL.noop,
        ),
        grant("calls_standing", app="SELECT, INSERT, UPDATE"),
        anchor("calls_standing", "call_id", "person_id", "programme_id"),
        protect("calls_standing", see=SEE_STANDING, add=BY_WORKER, change=BY_WORKER),
        grant("calls_besttime", app="SELECT, INSERT, UPDATE"),
        anchor("calls_besttime", "person_id", "rings_from", "rings_until"),
        protect("calls_besttime", see=BY_STAFF, add=BY_STAFF, change=BY_STAFF),
        # Row security is forced, so that the role that migrates would rename nothing at all.
        migrations.RunSQL(
            [
                f"GRANT UPDATE ON calls_attempt, calls_call TO {DEFINER}",
                f"SET ROLE {DEFINER}",
                renamed("calls_attempt"),
                renamed("calls_call"),
                "RESET ROLE",
                f"REVOKE UPDATE ON calls_attempt, calls_call FROM {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
    ]
