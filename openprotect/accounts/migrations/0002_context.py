"""Who is there: the session that is in hand, looked up by the database itself.

The application puts a secret token into a setting; these functions turn it into a user, an
organisation, a role and a purpose. Setting anything else has no effect, and the tables they read
are closed to the application. Written in PL/pgSQL so that tables of later migrations may be named.
"""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, IMPORT, OWNER, definer, grant, protect

CONTEXT_TYPE = """
CREATE TYPE session_context AS (
    session_id uuid, user_id uuid, organisation_id uuid, role text, purpose text,
    person_id uuid, checkin_id uuid
)
"""

CONTEXT = """
DECLARE
    here session_context;
    token text := current_setting('openprotect.session', true);
BEGIN
    IF token IS NULL OR token = '' THEN
        RETURN NULL;
    END IF;
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
       AND s.expires_at > openprotect_now()
       AND CASE WHEN s.person_id IS NULL THEN
                u.is_active AND m.starts_at <= openprotect_now()
                AND (m.ends_at IS NULL OR m.ends_at > openprotect_now())
           ELSE EXISTS (
                SELECT 1 FROM governance_legalbasis b
                 WHERE b.purpose = g.purpose AND b.starts_at <= openprotect_now()
                   AND b.ends_at > openprotect_now())
           END;
    RETURN here;
END
"""

# Practices of the organisation in hand: itself, or all that lie in it or belong to it today.
PRACTICES = """
BEGIN
    RETURN (
        WITH RECURSIVE within(id) AS (
            SELECT (context()).organisation_id
            UNION
            SELECT r.child_id FROM places_relationship r JOIN within w ON r.parent_id = w.id
             WHERE r.kind IN ('MEMBER_OF', 'LIES_IN') AND r.from_on <= openprotect_now()::date
               AND (r.to_on IS NULL OR r.to_on >= openprotect_now()::date)
        )
        SELECT coalesce(array_agg(o.id), '{}') FROM within w
          JOIN places_organisation o ON o.id = w.id WHERE o.kind = 'PRACTICE'
    );
END
"""

# Programmes whose purpose has a legal basis in force now, and is the purpose of this session.
LIVE = """
DECLARE
    here session_context := context();
BEGIN
    IF here.role IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(p.id), '{}') FROM programmes_programme p
         WHERE (p.purpose = here.purpose OR here.role IN ('WORKER', 'PERSON'))
           AND EXISTS (
                SELECT 1 FROM governance_legalbasis b
                 WHERE b.purpose = p.purpose AND b.starts_at <= openprotect_now()
                   AND b.ends_at > openprotect_now())
    );
END
"""

# A person whose record a live programme opens. Before the practice's review, and after its veto,
# only the practice itself and the worker see them.
PERSON_IS_LIVE = """
DECLARE
    live uuid[] := live_programmes();
    all_of_them boolean := with_previews AND (context()).role IN ('WORKER', 'PRACTICE');
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM enrolments_enrolment e
         WHERE e.person_id = person AND e.programme_id = ANY (live)
           AND (all_of_them OR e.status IN ('ACTIVE', 'LEFT'))
    );
END
"""

# People with an open alert that a team of the organisation in hand owns.
ALERTED = """
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT a.person_id), '{}') FROM alerts_alert a
          JOIN places_team t ON t.id = a.team_id
         WHERE a.status <> 'CLOSED' AND t.organisation_id = (context()).organisation_id
           AND a.programme_id = ANY (live_programmes())
    );
END
"""

# Direct care: an open alert about someone registered here stays workable when all else has ended.
HAS_OPEN_ALERT = """
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM alerts_alert a JOIN people_person p ON p.id = a.person_id
         WHERE a.person_id = person AND a.status <> 'CLOSED'
           AND p.practice_id = (context()).organisation_id
    );
END
"""

# What a partner was asked to do, also once it is done.
OWN_ALERT = """
BEGIN
    RETURN (context()).role = 'PARTNER' AND EXISTS (
        SELECT 1 FROM alerts_alert a JOIN places_team t ON t.id = a.team_id
         WHERE a.id = alert AND t.organisation_id = (context()).organisation_id
           AND a.programme_id = ANY (live_programmes())
    );
END
"""

# People whose call this call handler holds now.
CLAIMED = """
BEGIN
    RETURN (
        SELECT coalesce(array_agg(c.person_id), '{}') FROM calls_call c
         WHERE c.status = 'CLAIMED' AND c.claimed_by_id = (context()).user_id
           AND c.leased_until > openprotect_now() AND c.programme_id = ANY (live_programmes())
    );
END
"""

# The check-ins that those calls go through: what was said on other days is not theirs to read.
CHECKINS_CLAIMED = """
BEGIN
    RETURN (
        SELECT coalesce(array_agg(c.checkin_id), '{}') FROM calls_call c
          JOIN checkins_checkin k ON k.id = c.checkin_id AND k.person_id = c.person_id
         WHERE c.status = 'CLAIMED' AND c.claimed_by_id = (context()).user_id
           AND c.leased_until > openprotect_now() AND c.programme_id = ANY (live_programmes())
    );
END
"""

STAMP_ACCESS = """
DECLARE
    here session_context := context();
BEGIN
    IF here.session_id IS NULL AND session_user <> 'openprotect_import' THEN
        RAISE EXCEPTION 'access cannot be recorded: nobody is signed in';
    END IF;
    NEW.at := openprotect_now();
    NEW.user_id := here.user_id;
    NEW.organisation_id := here.organisation_id;
    NEW.role := coalesce(here.role, 'IMPORT');
    NEW.purpose := coalesce(here.purpose, '');
    NEW.basis_id := (
        SELECT b.id FROM governance_legalbasis b
         WHERE b.purpose = here.purpose AND b.starts_at <= NEW.at AND b.ends_at > NEW.at
         ORDER BY b.ends_at DESC LIMIT 1);
    NEW.leaf := sha256(convert_to(jsonb_build_array(
        NEW.id, NEW.at, NEW.user_id, NEW.organisation_id, NEW.role, NEW.purpose, NEW.basis_id,
        NEW.person_id, NEW.what, NEW.why)::text, 'UTF8'));
    RETURN NEW;
END
"""

STAMP_TRIGGER = """
CREATE TRIGGER stamped BEFORE INSERT ON governance_access FOR EACH ROW EXECUTE FUNCTION stamp_access()
"""

SALT = """
BEGIN
    RETURN coalesce(
        (SELECT c.salt FROM accounts_credential c JOIN accounts_user u ON u.id = c.user_id
          WHERE u.login = login_name),
        substring(sha256(convert_to('no such login: ' || login_name, 'UTF8')) FROM 1 FOR 16));
END
"""

# Five wrong keys in a row make the next try wait, longer each time, a quarter of an hour at most;
# nobody is locked out for good.
OPEN_SESSION = """
DECLARE
    found accounts_credential;
    held accounts_membership;
    made uuid := gen_random_uuid();
    now timestamptz := openprotect_now();
BEGIN
    SELECT c.* INTO found FROM accounts_credential c JOIN accounts_user u ON u.id = c.user_id
     WHERE u.login = login_name AND u.is_active FOR UPDATE OF c;
    IF found.user_id IS NULL OR (found.retry_at IS NOT NULL AND found.retry_at > now) THEN
        RETURN NULL;
    END IF;
    IF found.key_digest <> sha256(key) THEN
        UPDATE accounts_credential SET failures = failures + 1,
            retry_at = CASE WHEN failures >= 4
                THEN now + least(interval '15 minutes', interval '5 seconds' * 2 ^ least(failures - 4, 12)) END
            WHERE user_id = found.user_id;
        RETURN NULL;
    END IF;
    SELECT m.* INTO held FROM accounts_membership m
     WHERE m.user_id = found.user_id AND m.starts_at <= now AND (m.ends_at IS NULL OR m.ends_at > now)
     ORDER BY m.starts_at, m.id LIMIT 1;
    IF held.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE accounts_credential SET failures = 0, retry_at = NULL WHERE user_id = found.user_id;
    INSERT INTO accounts_session (id, token_digest, user_id, membership_id, opened_at, expires_at)
        VALUES (made, token, found.user_id, held.id, now,
                now + CASE WHEN held.role = 'WORKER' THEN interval '1 year' ELSE interval '12 hours' END);
    RETURN made;
END
"""

OPEN_DEMO_SESSION = """
DECLARE
    made uuid := gen_random_uuid();
    now timestamptz := openprotect_now();
BEGIN
    INSERT INTO accounts_session (id, token_digest, user_id, membership_id, opened_at, expires_at)
    SELECT made, token, m.user_id, m.id, now, now + interval '90 days'
      FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
     WHERE u.login = login_name AND u.is_active AND m.role <> 'WORKER'
       AND m.starts_at <= now AND (m.ends_at IS NULL OR m.ends_at > now)
       AND (SELECT is_demonstration FROM governance_installation)
     ORDER BY m.starts_at, m.id LIMIT 1;
    RETURN CASE WHEN FOUND THEN made END;
END
"""

SWITCH_MEMBERSHIP = """
DECLARE
    here session_context := context();
BEGIN
    UPDATE accounts_session SET membership_id = chosen
     WHERE id = here.session_id AND EXISTS (
        SELECT 1 FROM accounts_membership m WHERE m.id = chosen AND m.user_id = here.user_id);
    RETURN FOUND;
END
"""

CLOSE_SESSION = """
BEGIN
    UPDATE accounts_session SET ended_at = openprotect_now()
     WHERE token_digest = sha256(convert_to(current_setting('openprotect.session', true), 'UTF8'))
       AND ended_at IS NULL;
END
"""

BY_WORKER = "context_role() = 'WORKER'"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("governance", "0002_clock"),
        ("places", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(CONTEXT_TYPE, "DROP TYPE session_context"),
        definer("context()", "session_context", CONTEXT, to=f"{APP}, {IMPORT}"),
        definer("context_role()", "text", "BEGIN RETURN (context()).role; END"),
        definer("context_organisation()", "uuid", "BEGIN RETURN (context()).organisation_id; END"),
        definer("context_user()", "uuid", "BEGIN RETURN (context()).user_id; END"),
        definer("context_person()", "uuid", "BEGIN RETURN (context()).person_id; END"),
        definer("context_checkin()", "uuid", "BEGIN RETURN (context()).checkin_id; END"),
        definer("context_practices()", "uuid[]", PRACTICES),
        definer("live_programmes()", "uuid[]", LIVE),
        definer("person_is_live(person uuid, with_previews boolean)", "boolean", PERSON_IS_LIVE),
        definer("people_alerted()", "uuid[]", ALERTED),
        definer("person_has_open_alert(person uuid)", "boolean", HAS_OPEN_ALERT),
        definer("people_claimed()", "uuid[]", CLAIMED),
        definer("checkins_claimed()", "uuid[]", CHECKINS_CLAIMED),
        definer("own_alert(alert uuid)", "boolean", OWN_ALERT),
        definer("salt_of(login_name text)", "bytea", SALT),
        definer(
            "open_session(login_name text, key bytea, token bytea)",
            "uuid",
            OPEN_SESSION,
            volatile=True,
        ),
        definer(
            "open_demo_session(login_name text, token bytea)",
            "uuid",
            OPEN_DEMO_SESSION,
            volatile=True,
        ),
        definer("switch_membership(chosen uuid)", "boolean", SWITCH_MEMBERSHIP, volatile=True),
        definer("close_session()", "void", CLOSE_SESSION, volatile=True),
        definer("stamp_access()", "trigger", STAMP_ACCESS, volatile=True, to=f"{APP}, {IMPORT}"),
        migrations.RunSQL(
            [
                # Whoever makes a trigger must be allowed to run its function.
                f"SET ROLE {DEFINER}",
                f"GRANT EXECUTE ON FUNCTION stamp_access() TO {OWNER}",
                "RESET ROLE",
                STAMP_TRIGGER,
            ],
            "",
        ),
        grant("accounts_user", app="SELECT, INSERT, UPDATE"),
        grant("accounts_membership", app="SELECT, INSERT, UPDATE"),
        grant("accounts_credential", app="INSERT", definer="SELECT, UPDATE"),
        grant("accounts_session", app="", definer="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            f"GRANT SELECT ON places_organisation, places_relationship, places_team TO {DEFINER}",
            "",
        ),
        # Who belongs where decides who sees whom: an area or a team is not for the application to
        # move. Imports of places do, under their own role.
        *(
            protect(table, see="true", add=BY_WORKER, change=BY_WORKER, imports=True)
            for table in ("places_organisation", "places_relationship", "places_team")
        ),
        protect("accounts_user", see="true", add=BY_WORKER, change=BY_WORKER, owner=True),
        protect(
            "accounts_membership",
            see="user_id = (SELECT context_user()) OR (SELECT context_role()) IN ('WORKER', 'GOVERNANCE')",
            add=BY_WORKER,
            change=BY_WORKER,
            owner=True,
        ),
        protect("accounts_credential", see="false", add=BY_WORKER, owner=True),
        protect("accounts_session", see="false"),
        protect(
            "governance_legalbasis",
            imports=True,
            see="true",
            add="context_role() IN ('WORKER', 'GOVERNANCE')",
            owner=True,
        ),
    ]
