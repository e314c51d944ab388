"""The call floor: words to a call handler are for them and their supervisors, never for others.

A supervisor sees how calls stand, in counts, times and codes, and whom none of them is about.
"""

from django.db import migrations

from openprotect.base.isolation import APP, anchor, definer, grant, protect

ROLE = "(SELECT context_role())"
ME = "(SELECT context_user())"
IN_PURPOSE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
BY_WORKER = f"{ROLE} = 'WORKER'"
SUPERVISES = f"({ROLE} = 'SUPERVISOR' AND {IN_PURPOSE})"
HOLDS = f"({ROLE} = 'CALLER' AND holder_id = {ME} AND {IN_PURPOSE})"
THEIRS = f"({ROLE} = 'CALLER' AND caller_id = {ME} AND {IN_PURPOSE})"
OF_THE_CALL = """
EXISTS (SELECT 1 FROM calls_call c WHERE c.id = call_id AND c.programme_id = {table}.programme_id)
"""
OF_A_SHEET = "EXISTS (SELECT 1 FROM floor_sheet s WHERE s.id = sheet_id)"
OF_OWN_SHEET = f"""
EXISTS (SELECT 1 FROM floor_sheet s JOIN calls_call c ON c.programme_id = s.programme_id
         WHERE s.id = sheet_id AND s.holder_id = {ME} AND c.id = call_id
           AND c.claimed_by_id = {ME})
"""
# A supervisor's hand on a call is noted with its person, whom they do not see.
ABOUT_A_CALL = f"""
{ROLE} = 'SUPERVISOR' AND by_id = {ME} AND name IN ('call.assigned', 'call.put_back')
AND EXISTS (SELECT 1 FROM calls_call c WHERE c.id = subject_id
             AND c.person_id = events_event.person_id
             AND c.programme_id = events_event.programme_id)
"""
NEXT = """
BEGIN
    IF NOT for_programme = ANY (live_programmes()) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT coalesce(max(s.number), 0) + 1 FROM floor_sheet s
             WHERE s.programme_id = for_programme);
END
"""


def policy(table, verb, condition, how="USING"):
    return migrations.RunSQL(
        f"CREATE POLICY floor_{verb.lower()} ON {table} FOR {verb} TO {APP} {how} ({condition})",
        f"DROP POLICY floor_{verb.lower()} ON {table}",
    )


def words_to_a_caller(table):
    return protect(
        table,
        see=f"{BY_WORKER} OR {SUPERVISES} OR {THEIRS}",
        add=f"{SUPERVISES} AND by_id = {ME} AND {OF_THE_CALL.format(table=table)}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("floor", "0001_initial"),
        ("accounts", "0009_floor_isolation"),
        ("calls", "0006_queue_isolation"),
        ("checkins", "0002_isolation"),
        ("enrolments", "0002_isolation"),
        ("events", "0002_isolation"),
    ]
    operations = [
        grant("floor_coaching", app="SELECT, INSERT"),
        grant("floor_review", app="SELECT, INSERT"),
        grant("floor_sheet", app="SELECT, INSERT"),
        grant("floor_line", app="SELECT, INSERT, UPDATE"),
        words_to_a_caller("floor_coaching"),
        words_to_a_caller("floor_review"),
        protect("floor_sheet", see=f"{BY_WORKER} OR {SUPERVISES} OR {HOLDS}", add=HOLDS),
        protect(
            "floor_line",
            see=OF_A_SHEET,
            add=f"{ROLE} = 'CALLER' AND {OF_OWN_SHEET}",
            change=f"{ROLE} IN ('CALLER', 'SUPERVISOR') AND {OF_A_SHEET}",
        ),
        anchor("floor_line", "sheet_id", "call_id", "place"),
        definer("next_sheet_number(for_programme uuid)", "integer", NEXT),
        # As a programme lead counts, so does whoever staffs its floor: rows, and nobody's name.
        policy("checkins_checkin", "SELECT", SUPERVISES),
        policy("enrolments_enrolment", "SELECT", SUPERVISES),
        policy("events_event", "SELECT", f"{SUPERVISES} AND name LIKE 'call.%'"),
        policy("events_event", "INSERT", ABOUT_A_CALL, "WITH CHECK"),
    ]
