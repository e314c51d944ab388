"""Findings are seen with their alert; the person answers a follow-up; staff open a need again."""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, definer, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
CARE = "(SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')"


def with_alert(table: str) -> str:
    return f"""
    EXISTS (SELECT 1 FROM alerts_alert a
             WHERE a.id = alert_id AND a.person_id = {table}.person_id)
    """


OWN = "(SELECT context_role()) = 'PERSON' AND person_id = (SELECT context_person())"
# Nobody but the worker raises an alert, except as the successor of a closed one they see.
OPENED_AGAIN = f"""
({CARE} AND status = 'RAISED' AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)
 AND is_closed_alert(follows_id, person_id, enrolment_id, programme_id, response_id))
"""

ADD_POLICY = (
    "CREATE POLICY app_add ON alerts_alert FOR INSERT TO openprotect_app"
    f" WITH CHECK ({BY_WORKER} OR {OPENED_AGAIN})"
)

IS_CLOSED_ALERT = """
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM alerts_alert a
         WHERE a.id = alert AND a.status = 'CLOSED' AND a.person_id = person
           AND a.enrolment_id = enrolment AND a.programme_id = programme
           AND a.response_id IS NOT DISTINCT FROM response);
END
"""

# Given back before it was accepted, it was declined: the next in line is somebody else.
GIVE_BACK = """
BEGIN
    UPDATE alerts_alert a
       SET instead = CASE WHEN a.status = 'RAISED' THEN 'DECLINED' ELSE '' END,
           passed_by = CASE WHEN a.status = 'RAISED' THEN a.passed_by || a.team_id ELSE '{}' END,
           team_id = to_team, status = 'RAISED', accepted_at = NULL, accepted_by_id = NULL,
           accept_by = greatest(accept_until, a.raised_at)
     WHERE a.id = alert AND a.status <> 'CLOSED' AND (context()).role = 'PARTNER'
       AND a.programme_id = ANY (live_programmes())
       AND EXISTS (SELECT 1 FROM places_team t WHERE t.id = a.team_id
                      AND t.organisation_id = (context()).organisation_id)
       AND EXISTS (SELECT 1 FROM places_team t WHERE t.id = to_team
                      AND t.function IN ('surveillance', 'locality'));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this alert is not yours to give back';
    END IF;
END
"""

# Yes or no; who works where is not told.
STAFFED = """
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
         WHERE m.organisation_id = organisation AND m.role = working_as
           AND m.purpose = working_for AND u.is_active AND m.starts_at <= moment
           AND (m.ends_at IS NULL OR m.ends_at > moment));
END
"""

# What is there already: each alert was asked for by its one rule. What these rows refer to is looked
# at now: a table may not be altered while that is still to be done.
FIRST_FINDINGS = """
INSERT INTO alerts_finding
    (id, alert_id, person_id, source_id, response_id, rule, urgency, reason, standing, at)
SELECT gen_random_uuid(), id, person_id, source_id, response_id, rule, urgency, reason, 'RAISED',
       raised_at FROM alerts_alert;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""


# What somebody who came in by a link makes happen when they say whether it helped.
HELP_ANSWERED = """
((SELECT context_role()) = 'PERSON' AND by_id IS NULL AND person_id = (SELECT context_person())
 AND name = 'alert.help_answered' AND followed_up_at IS NULL
 AND EXISTS (SELECT 1 FROM alerts_followup f WHERE f.alert_id = subject_id))
"""

ADD_OF_FOLLOW_UP = (
    f"CREATE POLICY app_add_of_follow_up ON events_event FOR INSERT TO {APP}"
    f" WITH CHECK ({HELP_ANSWERED})"
)
SEE_OF_FOLLOW_UP = (
    f"CREATE POLICY app_see_of_follow_up ON events_event FOR SELECT TO {APP}"
    f" USING ({HELP_ANSWERED})"
)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_one_alert_a_need"), ("events", "0002_isolation")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE alerts_alert NO FORCE ROW LEVEL SECURITY",
                FIRST_FINDINGS,
                "ALTER TABLE alerts_alert FORCE ROW LEVEL SECURITY",
            ],
            migrations.RunSQL.noop,
        ),
        grant("alerts_finding", app="SELECT, INSERT, UPDATE"),
        grant("alerts_followup", app="SELECT, INSERT, UPDATE"),
        protect(
            "alerts_finding",
            see=f"{BY_WORKER} OR ({CARE} AND {with_alert('alerts_finding')})",
            add=BY_WORKER,
            change=BY_WORKER,
        ),
        protect(
            "alerts_followup",
            see=f"{BY_WORKER} OR ({OWN}) OR ({CARE} AND {with_alert('alerts_followup')})",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR ({OWN})",
        ),
        migrations.RunSQL(
            [
                ADD_OF_FOLLOW_UP,
                SEE_OF_FOLLOW_UP,
            ],
            migrations.RunSQL.noop,
        ),
        definer(
            "is_closed_alert(alert uuid, person uuid, enrolment uuid, programme uuid,"
            " response uuid)",
            "boolean",
            IS_CLOSED_ALERT,
        ),
        migrations.RunSQL(
            [
                "DROP POLICY app_add ON alerts_alert",
                ADD_POLICY,
                f"SET ROLE {DEFINER}",
                "DROP FUNCTION give_back_alert(uuid, uuid, timestamptz)",
                "RESET ROLE",
            ],
            migrations.RunSQL.noop,
        ),
        definer(
            "give_back_alert(alert uuid, to_team uuid, accept_until timestamptz)",
            "void",
            GIVE_BACK,
            volatile=True,
        ),
        definer(
            "team_is_staffed(organisation uuid, working_as text, working_for text,"
            " moment timestamptz)",
            "boolean",
            STAFFED,
        ),
    ]
