"""A key is a session of a partner's system: the database looks it up as it does everybody's."""

from django.db import migrations

from openprotect.base.isolation import definer, grant, protect

# Only the worker issues keys, and only for a system: a key opens no page, and no person.
OPEN = """
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    IF (context()).role IS DISTINCT FROM 'WORKER' OR NOT EXISTS (
        SELECT 1 FROM accounts_membership m WHERE m.id = member AND m.role = 'CLIENT') THEN
        RAISE EXCEPTION 'this session issues no keys' USING ERRCODE = '42501';
    END IF;
    INSERT INTO accounts_session (id, token_digest, user_id, membership_id, opened_at, expires_at)
    SELECT made, token, m.user_id, m.id, openprotect_now(), until FROM accounts_membership m
     WHERE m.id = member;
    RETURN made;
END
"""

END = """
BEGIN
    IF (context()).role IS DISTINCT FROM 'WORKER' THEN
        RAISE EXCEPTION 'this session ends no keys' USING ERRCODE = '42501';
    END IF;
    UPDATE accounts_session s SET ended_at = openprotect_now()
      FROM accounts_membership m
     WHERE s.id = session AND s.ended_at IS NULL AND m.id = s.membership_id AND m.role = 'CLIENT';
END
"""

# Counts a request of the key in hand; how many seconds to wait, when there were too many.
SPEND = """
DECLARE
    here session_context := context();
    this timestamptz := date_trunc('minute', openprotect_now());
    over boolean;
BEGIN
    UPDATE api_key SET used = CASE WHEN minute = this THEN used + 1 ELSE 1 END, minute = this
     WHERE session_id = here.session_id RETURNING used > a_minute INTO over;
    RETURN CASE WHEN over THEN 1 + extract(second FROM this + interval '1 minute' - openprotect_now())::int
                ELSE 0 END;
END
"""

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
OWN = "session_id = (SELECT (context()).session_id)"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("accounts", "0002_context")]
    operations = [
        definer(
            "open_client_session(member uuid, token bytea, until timestamptz)",
            "uuid",
            OPEN,
            volatile=True,
        ),
        definer("end_client_session(session uuid)", "void", END, volatile=True),
        definer("spend_request()", "integer", SPEND, volatile=True),
        grant("api_key", app="SELECT, INSERT, UPDATE", definer="SELECT, UPDATE"),
        protect(
            "api_key",
            see=f"{BY_WORKER} OR {OWN} OR (SELECT context_role()) = 'GOVERNANCE'",
            add=BY_WORKER,
            change=BY_WORKER,
        ),
        grant("api_repeatable", app="SELECT, INSERT, UPDATE"),
        protect("api_repeatable", see=OWN, add=OWN, change=OWN),
    ]
