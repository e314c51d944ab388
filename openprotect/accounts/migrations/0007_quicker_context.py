"""The same answers, asked once: the time and the session are looked up once in each function.

Every statement asks who is there, and every person that is looked at whether they may be seen, so
what these functions ask twice the whole service pays for. What they answer has not changed.
"""

from django.db import migrations

from openprotect.base.isolation import DEFINER

CONTEXT = """
DECLARE
    here session_context;
    token text := current_setting('openprotect.session', true);
    now timestamptz;
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
    now := openprotect_now();
    SELECT s.id, s.user_id, m.organisation_id, coalesce(m.role, 'PERSON'),
           coalesce(m.purpose, g.purpose, ''), s.person_id, s.checkin_id
      INTO here
      FROM accounts_session s
      LEFT JOIN accounts_membership m ON m.id = s.membership_id
      LEFT JOIN accounts_user u ON u.id = s.user_id
      LEFT JOIN checkins_checkin c ON c.id = s.checkin_id
      LEFT JOIN programmes_programme g ON g.id = c.programme_id
     WHERE s.token_digest = sha256(convert_to(token, 'UTF8'))
       AND s.ended_at IS NULL
       AND s.expires_at > now
       AND CASE WHEN s.person_id IS NULL THEN
                u.is_active AND m.starts_at <= now AND (m.ends_at IS NULL OR m.ends_at > now)
           ELSE EXISTS (
                SELECT 1 FROM governance_legalbasis b
                 WHERE b.purpose = g.purpose AND b.starts_at <= now AND b.ends_at > now)
           END;
    RETURN here;
END
"""

LIVE = """
DECLARE
    here session_context := context();
    now timestamptz;
BEGIN
    IF here.role IS NULL THEN
        RETURN '{}';
    END IF;
    now := openprotect_now();
    RETURN (
        SELECT coalesce(array_agg(p.id), '{}') FROM programmes_programme p
         WHERE (p.purpose = here.purpose OR here.role IN ('WORKER', 'PERSON'))
           AND EXISTS (
                SELECT 1 FROM governance_legalbasis b
                 WHERE b.purpose = p.purpose AND b.starts_at <= now AND b.ends_at > now)
    );
END
"""

# A person whose record a live programme opens, as `live_programmes` has them.
PERSON_IS_LIVE = """
DECLARE
    here session_context := context();
    now timestamptz;
BEGIN
    IF here.role IS NULL THEN
        RETURN false;
    END IF;
    now := openprotect_now();
    RETURN EXISTS (
        SELECT 1 FROM enrolments_enrolment e JOIN programmes_programme p ON p.id = e.programme_id
         WHERE e.person_id = person
           AND (e.status IN ('ACTIVE', 'LEFT')
                OR (with_previews AND here.role IN ('WORKER', 'PRACTICE')))
           AND (p.purpose = here.purpose OR here.role IN ('WORKER', 'PERSON'))
           AND EXISTS (
                SELECT 1 FROM governance_legalbasis b
                 WHERE b.purpose = p.purpose AND b.starts_at <= now AND b.ends_at > now)
    );
END
"""


def remade(signature: str, returns: str, body: str) -> migrations.RunSQL:
    """Another body for a function of the definer's; who owns it and may call it stays as it is."""
    made = (
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql STABLE"
        " SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
        f" AS $body${body}$body$"
    )
    return migrations.RunSQL([f"SET ROLE {DEFINER}", made, "RESET ROLE"], migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_one_task"),
        ("enrolments", "0001_initial"),
        ("programmes", "0001_initial"),
    ]
    operations = [
        remade("context()", "session_context", CONTEXT),
        remade("live_programmes()", "uuid[]", LIVE),
        remade("person_is_live(person uuid, with_previews boolean)", "boolean", PERSON_IS_LIVE),
    ]
