"""A referral is seen by those who care for the person and by its receiver, who sees no more."""

from django.db import migrations

from openprotect.base.isolation import anchor, definer, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
LIVE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
COUNTED = f"((SELECT context_role()) = 'LEAD' AND {LIVE})"
CARE = f"""
(((SELECT context_role()) = 'PRACTICE' AND {OF_A_SEEN_PERSON})
 OR ((SELECT context_role()) IN ('LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON} AND {LIVE}))
"""
RECEIVED = f"""
((SELECT context_role()) IN ('PARTNER', 'CLIENT', 'LOCALITY', 'PRACTICE', 'SURVEILLANCE') AND {LIVE}
 AND EXISTS (SELECT 1 FROM places_team t WHERE t.id = to_team_id
                AND t.organisation_id = (SELECT context_organisation())))
"""
THIS_TASK = f"((SELECT context_role()) = 'TASK' AND id = (SELECT context_referral()) AND {LIVE})"
SEE = f"{BY_WORKER} OR {COUNTED} OR {CARE} OR {RECEIVED} OR {THIS_TASK}"
WORK = f"{BY_WORKER} OR {CARE} OR {RECEIVED} OR {THIS_TASK}"
ASK = f"""
by_id = (SELECT context_user()) AND status = 'OFFERED' AND {CARE}
AND EXISTS (SELECT 1 FROM alerts_alert a WHERE a.id = alert_id
               AND a.person_id = referrals_referral.person_id
               AND a.enrolment_id = referrals_referral.enrolment_id
               AND a.programme_id = referrals_referral.programme_id)
"""
WITH_REFERRAL = "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = referral_id)"

# The one task that the session in hand was opened for.
CONTEXT_REFERRAL = """
BEGIN
    RETURN (SELECT l.referral_id FROM referrals_tasklink l
             WHERE l.session_id = (context()).session_id LIMIT 1);
END
"""

# What a link stands for, while its task is open, it is not too old, and the basis holds.
OPEN_LINK = """
SELECT l.* INTO found FROM referrals_tasklink l
  JOIN referrals_referral r ON r.id = l.referral_id
  JOIN programmes_programme g ON g.id = r.programme_id
 WHERE l.token_digest = token AND l.expires_at > openprotect_now()
   AND r.status IN ('OFFERED', 'ACCEPTED', 'ON_HOLD')
   AND EXISTS (SELECT 1 FROM governance_legalbasis b
                WHERE b.purpose = g.purpose AND b.starts_at <= openprotect_now()
                  AND b.ends_at > openprotect_now())
"""

TASK_IS_OPEN = f"""
DECLARE
    found referrals_tasklink;
BEGIN
    {OPEN_LINK};
    RETURN found.id IS NOT NULL;
END
"""

# A code is due to the mailbox; where it goes is the answer, empty when too many were asked for.
ASK_CODE = f"""
DECLARE
    found referrals_tasklink;
    now timestamptz := openprotect_now();
    box referrals_mailbox;
BEGIN
    {OPEN_LINK} FOR UPDATE OF l;
    IF found.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF (SELECT count(*) FROM referrals_notice n WHERE n.referral_id = found.referral_id
           AND n.kind = 'CODE' AND n.due_at > now - interval '1 hour') >= 3 THEN
        RETURN '';
    END IF;
    SELECT m.* INTO box FROM referrals_mailbox m JOIN referrals_referral r
        ON r.to_team_id = m.team_id WHERE r.id = found.referral_id;
    IF NOT EXISTS (SELECT 1 FROM referrals_notice n WHERE n.referral_id = found.referral_id
                      AND n.kind = 'CODE' AND n.status IN ('DUE', 'SENDING')) THEN
        INSERT INTO referrals_notice (id, referral_id, person_id, kind, status, due_at, attempts,
                                      because)
        VALUES (gen_random_uuid(), found.referral_id, found.person_id, 'CODE', 'DUE', now, 0, '');
    END IF;
    RETURN CASE WHEN box.phone <> '' THEN box.phone ELSE box.email END;
END
"""

# The code is right once, for a quarter of an hour, at the fifth try at the latest.
OPEN_TASK = f"""
DECLARE
    found referrals_tasklink;
    now timestamptz := openprotect_now();
    acting uuid;
    member uuid;
    made uuid := gen_random_uuid();
BEGIN
    {OPEN_LINK} FOR UPDATE OF l;
    IF found.id IS NULL THEN
        RETURN 'unusable';
    END IF;
    IF found.code_digest IS NULL OR found.tries >= 5
       OR found.code_made_at < now - interval '15 minutes'
       OR found.code_digest <> sha256(convert_to(found.id::text || ':' || code, 'UTF8')) THEN
        UPDATE referrals_tasklink SET tries = least(tries + 1, 100) WHERE id = found.id;
        RETURN 'wrong';
    END IF;
    SELECT m.user_id, m.id INTO acting, member
      FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
      JOIN referrals_referral r ON r.id = found.referral_id
      JOIN places_team t ON t.id = r.to_team_id
      JOIN programmes_programme g ON g.id = r.programme_id
     WHERE u.login = 'by-link-' || t.id AND m.role = 'TASK' AND u.is_active
       AND m.organisation_id = t.organisation_id AND m.purpose = g.purpose
       AND (m.ends_at IS NULL OR m.ends_at > now) LIMIT 1;
    IF member IS NULL THEN
        RETURN 'unusable';
    END IF;
    INSERT INTO accounts_session (id, token_digest, user_id, membership_id, opened_at, expires_at)
        VALUES (made, session_token, acting, member, now, now + interval '1 hour');
    UPDATE referrals_tasklink SET session_id = made, code_digest = NULL WHERE id = found.id;
    RETURN 'open';
END
"""


# A receiver who does not see the person still answers what it was asked, under its own name.
SAID = """
CREATE POLICY app_add_of_referral ON events_event FOR INSERT TO openprotect_app WITH CHECK (
    by_id = (SELECT context_user()) AND name LIKE 'referral.%' AND followed_up_at IS NULL
    AND EXISTS (SELECT 1 FROM referrals_referral r
                 WHERE r.id = subject_id AND r.person_id = events_event.person_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("alerts", "0005_one_need_isolation"),
        ("events", "0002_isolation"),
    ]
    operations = [
        grant("referrals_referral", app="SELECT, INSERT, UPDATE"),
        grant("referrals_mailbox", app="SELECT, INSERT, UPDATE"),
        grant("referrals_notice", app="SELECT, INSERT, UPDATE", definer="SELECT, INSERT"),
        grant("referrals_tasklink", app="SELECT, INSERT, UPDATE", definer="SELECT, UPDATE"),
        definer("context_referral()", "uuid", CONTEXT_REFERRAL),
        protect("referrals_referral", see=SEE, add=ASK, change=WORK),
        anchor(
            "referrals_referral", "person_id", "alert_id", "enrolment_id", "programme_id",
            "to_team_id", "from_team_id", "shown", "what",
        ),
        # Of teams, not of people: staff must see where a link would go.
        protect(
            "referrals_mailbox",
            see="(SELECT context_role()) IS NOT NULL AND (SELECT context_role()) <> 'PERSON'",
            add="by_id = (SELECT context_user())"
            " AND (SELECT context_role()) IN ('LEAD', 'LOCALITY', 'SURVEILLANCE')",
            change="(SELECT context_role()) IN ('LEAD', 'LOCALITY', 'SURVEILLANCE')",
        ),
        protect(
            "referrals_notice",
            see=f"{BY_WORKER} OR ((SELECT context_role()) IN ('PRACTICE', 'LOCALITY',"
            f" 'SURVEILLANCE') AND {WITH_REFERRAL})",
            add=BY_WORKER,
            change=BY_WORKER,
        ),
        protect("referrals_tasklink", see=BY_WORKER, add=BY_WORKER, change=BY_WORKER),
        migrations.RunSQL(SAID, "DROP POLICY app_add_of_referral ON events_event"),
        definer("task_is_open(token bytea)", "boolean", TASK_IS_OPEN),
        definer("ask_task_code(token bytea)", "text", ASK_CODE, volatile=True),
        definer(
            "open_task(token bytea, code text, session_token bytea)",
            "text",
            OPEN_TASK,
            volatile=True,
        ),
    ]  # fmt: skip
