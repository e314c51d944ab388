"""The ledger judges in the database: one ask, one answer, and nobody reads another body's rows.

Every ask goes through `claim_contact`, under one lock for each person, so that of two at once
exactly one gets the slot. It returns the answer, and by whom a topic is covered; never a person.
"""

from django.db import migrations

from openprotect.base.isolation import DEFINER, anchor, definer, grant, protect

ANSWER = """
CREATE TYPE contact_answer AS (claim_id uuid, answer text, until timestamptz, covered_by text)
"""

# 1. Who asks is settled by the session, never by what it says of itself.
# 2. Death, opt-out and restriction stop everybody, and all of them in the same word.
# 3. A slot asked for again by its own body is the same slot.
# 4. Unless it is a safety contact: another holds the topic, or has reached them about it lately,
#    or they were contacted as often as may be.
CLAIM = """
DECLARE
    here session_context := context();
    asker uuid;
    who people_person;
    found contacts_claim;
    rule contacts_limit;
    latest timestamptz;
    said contact_answer;
BEGIN
    IF here.role = 'WORKER' THEN
        asker := for_organisation;
    ELSIF here.role IN ('PARTNER', 'CLIENT') AND for_programme IS NULL
          AND live_programmes() <> '{}' THEN
        asker := here.organisation_id;
    ELSIF here.role IS DISTINCT FROM 'CALLER' OR NOT for_programme = ANY (live_programmes())
          OR NOT EXISTS (SELECT 1 FROM calls_call k WHERE k.id = the_subject
                          AND k.claimed_by_id = here.user_id) THEN
        RAISE EXCEPTION 'this session may not ask the ledger' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO who FROM people_person p WHERE p.nhs_number = the_number;
    IF who.id IS NULL THEN
        SELECT * INTO who FROM people_person p
         WHERE p.came_as = the_number AND p.came_as <> '' LIMIT 1;
    END IF;
    IF patiently THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(coalesce(who.id::text, the_key), 7));
    ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(coalesce(who.id::text, the_key), 7)) THEN
        RETURN (NULL, 'WAIT', the_moment + interval '1 minute', '')::contact_answer;
    END IF;
    -- Somebody in danger is rung however often they were rung: nothing of this holds that back.
    for_safety := for_safety OR (for_programme IS NOT NULL AND the_channel = 'CALL' AND EXISTS (
        SELECT 1 FROM alerts_alert a
         WHERE a.person_id = who.id AND a.urgency = 1 AND a.status <> 'CLOSED'));
    IF asker IS NOT NULL AND who.id IS NOT NULL THEN
        INSERT INTO governance_access (person_id, what, why)
        VALUES (who.id, 'contacts.claim', 'a body asked whether to contact them');
    END IF;
    UPDATE contacts_claim c SET status = 'LAPSED', settled_at = the_moment
     WHERE c.status = 'HELD' AND c.until <= the_moment
       AND (c.person_id = who.id OR c.key = the_key);
    said := (NULL, 'YES', greatest(the_wish, the_moment) + hold, '')::contact_answer;
    IF who.died_on IS NOT NULL OR who.is_restricted OR who.has_stopped_contact THEN
        said := (NULL, 'STOP', NULL, '')::contact_answer;
    END IF;
    IF said.answer = 'YES' THEN
        SELECT * INTO found FROM contacts_claim c
         WHERE c.status = 'HELD' AND (c.person_id = who.id OR c.key = the_key)
           AND c.topic = the_topic AND c.channel = the_channel
           AND c.programme_id IS NOT DISTINCT FROM for_programme
           AND c.organisation_id IS NOT DISTINCT FROM asker
           AND c.subject_id IS NOT DISTINCT FROM the_subject LIMIT 1;
        IF found.id IS NOT NULL THEN
            RETURN (found.id, 'YES', found.until, '')::contact_answer;
        END IF;
    END IF;
    IF said.answer = 'YES' AND NOT for_safety THEN
        SELECT * INTO found FROM contacts_claim c
         WHERE c.status = 'HELD' AND NOT c.is_safety AND c.topic = the_topic
           AND (c.person_id = who.id OR c.key = the_key) LIMIT 1;
        IF found.id IS NOT NULL THEN
            said := (NULL, 'COVERED', found.until, body_of_claim(found.id))::contact_answer;
            IF found.programme_id IS NOT DISTINCT FROM for_programme
               AND found.organisation_id IS NOT DISTINCT FROM asker THEN
                said := (NULL, 'WAIT', found.until, '')::contact_answer;
            END IF;
        END IF;
        FOR rule IN SELECT * FROM contacts_limit l
             WHERE said.answer = 'YES' AND l.starts_at <= the_moment
               AND (l.ends_at IS NULL OR l.ends_at > the_moment)
               AND (l.kind, l.what) IN (('WINDOW', the_topic), ('CAP', the_channel), ('CAP', 'ANY'))
             ORDER BY l.kind DESC, l.what
        LOOP
            EXIT WHEN said.answer <> 'YES';
            IF rule.kind = 'WINDOW' THEN
                SELECT * INTO found FROM contacts_claim c
                 WHERE c.status = 'MADE' AND c.outcome IN ('SPOKE', 'VISITED')
                   AND c.topic = the_topic AND (c.person_id = who.id OR c.key = the_key)
                   AND (c.programme_id IS DISTINCT FROM for_programme
                        OR c.organisation_id IS DISTINCT FROM asker)
                   AND c.settled_at > greatest(the_wish, the_moment) - rule.hours * interval '1 hour'
                 ORDER BY c.settled_at DESC LIMIT 1;
                IF found.id IS NOT NULL THEN
                    said := (NULL, 'COVERED', found.settled_at + rule.hours * interval '1 hour',
                             body_of_claim(found.id))::contact_answer;
                END IF;
            ELSE
                SELECT t.at INTO latest FROM (
                    SELECT CASE c.status WHEN 'MADE' THEN c.settled_at ELSE c.wanted_at END AS at
                      FROM contacts_claim c
                     WHERE (c.status = 'HELD'
                            OR (c.status = 'MADE' AND c.outcome NOT IN ('NO_ANSWER', 'WRONG_DETAILS')))
                       AND (c.channel = rule.what OR rule.what = 'ANY')
                       AND (c.person_id = who.id OR c.key = the_key)) t
                 WHERE t.at > greatest(the_wish, the_moment) - rule.hours * interval '1 hour'
                 ORDER BY t.at DESC OFFSET rule.most - 1 LIMIT 1;
                IF latest IS NOT NULL THEN
                    said := (NULL, 'WAIT', latest + rule.hours * interval '1 hour', '')::contact_answer;
                END IF;
            END IF;
        END LOOP;
    END IF;
    -- The same no, asked for again within a day, is no second contact avoided.
    SELECT c.id INTO said.claim_id FROM contacts_claim c
     WHERE c.status = 'REFUSED' AND said.answer <> 'YES' AND c.answer = said.answer
       AND (c.person_id = who.id OR c.key = the_key) AND c.topic = the_topic
       AND c.channel = the_channel AND c.until IS NOT DISTINCT FROM said.until
       AND c.programme_id IS NOT DISTINCT FROM for_programme
       AND c.organisation_id IS NOT DISTINCT FROM asker
       AND c.asked_at > the_moment - interval '1 day' LIMIT 1;
    IF said.claim_id IS NOT NULL THEN
        RETURN said;
    END IF;
    said.claim_id := gen_random_uuid();
    INSERT INTO contacts_claim (id, key, person_id, organisation_id, programme_id, subject_id,
        channel, topic, is_safety, status, answer, asked_at, wanted_at, until, covered_by, outcome,
        by_id, exchange_id)
    VALUES (said.claim_id, the_key, who.id, asker, for_programme, the_subject, the_channel,
        the_topic, for_safety AND said.answer = 'YES',
        CASE said.answer WHEN 'YES' THEN 'HELD' ELSE 'REFUSED' END, said.answer, the_moment,
        greatest(the_wish, the_moment), said.until, said.covered_by, '', here.user_id, the_exchange);
    RETURN said;
END
"""

BODY = """
BEGIN
    RETURN (SELECT coalesce(g.title, o.name) FROM contacts_claim c
              LEFT JOIN programmes_programme g ON g.id = c.programme_id
              LEFT JOIN places_organisation o ON o.id = c.organisation_id WHERE c.id = claim);
END
"""

# What came of a contact; without an outcome, the slot is given back unused. Told late, it counts.
SETTLE = """
DECLARE
    here session_context := context();
    found uuid;
BEGIN
    SELECT c.id INTO found FROM contacts_claim c
     WHERE CASE WHEN the_subject IS NULL THEN c.id = the_claim ELSE c.subject_id = the_subject END
       AND (c.status = 'HELD' OR (c.status IN ('LAPSED', 'RECALLED') AND the_outcome <> ''))
       AND CASE here.role
           WHEN 'WORKER' THEN true
           WHEN 'CALLER' THEN EXISTS (SELECT 1 FROM calls_call k
                WHERE k.id = c.subject_id AND k.claimed_by_id = here.user_id)
           WHEN 'PARTNER' THEN c.organisation_id = here.organisation_id
           WHEN 'CLIENT' THEN c.organisation_id = here.organisation_id
           ELSE false END
     ORDER BY c.status = 'HELD' DESC, c.asked_at DESC LIMIT 1 FOR UPDATE;
    UPDATE contacts_claim SET settled_at = the_moment, outcome = the_outcome, by_id = here.user_id,
           status = CASE WHEN the_outcome = '' THEN 'RELEASED' ELSE 'MADE' END
     WHERE id = found;
    RETURN found;
END
"""

LAPSE = """
DECLARE
    many integer;
BEGIN
    IF (context()).role IS DISTINCT FROM 'WORKER' THEN
        RETURN 0;
    END IF;
    UPDATE contacts_claim SET status = 'LAPSED', settled_at = the_moment
     WHERE status = 'HELD' AND until <= the_moment;
    GET DIAGNOSTICS many = ROW_COUNT;
    RETURN many;
END
"""

RECALL = """
DECLARE
    many integer;
BEGIN
    IF (context()).role IS DISTINCT FROM 'WORKER' THEN
        RETURN 0;
    END IF;
    UPDATE contacts_claim SET status = 'RECALLED', settled_at = the_moment
     WHERE status = 'HELD' AND organisation_id IS NOT NULL
       AND (person_id = the_person OR key = the_key);
    GET DIAGNOSTICS many = ROW_COUNT;
    RETURN many;
END
"""

# Set by nobody in particular until somebody does: modest ones, so that no body floods a person.
# A window is for how long one body's word with somebody speaks for all others on that topic.
DEFAULTS = """
INSERT INTO contacts_limit (id, kind, what, most, hours, set_by, because, starts_at)
SELECT gen_random_uuid(), kind, what, most, hours, 'Default of this software',
       'Holds until the system sets its own', '2000-01-01T00:00Z'
  FROM (VALUES ('CAP', 'CALL', 7, 168), ('CAP', 'TEXT', 21, 168), ('CAP', 'EMAIL', 14, 168),
               ('CAP', 'LETTER', 3, 168), ('CAP', 'VISIT', 3, 168),
               ('WINDOW', 'welfare', 0, 48), ('WINDOW', 'food', 0, 48),
               ('WINDOW', 'medicines', 0, 48), ('WINDOW', 'company', 0, 48),
               ('WINDOW', 'money', 0, 168), ('WINDOW', 'housing', 0, 168),
               ('WINDOW', 'vaccination', 0, 168), ('WINDOW', 'screening', 0, 168),
               ('WINDOW', 'appointment', 0, 168)) AS d(kind, what, most, hours)
"""

# Which people here a list of keyed digests means (HMAC-SHA-256). The blocks come of a key that only
# the partner and this installation have; who lacks it cannot make a digest, nor try numbers out.
BEHIND = """
BEGIN
    IF (context()).role NOT IN ('WORKER', 'PARTNER', 'CLIENT') THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT t.digest, t.number FROM (
        SELECT encode(sha256(outer_block || sha256(inner_block || convert_to(p.nhs_number, 'UTF8'))),
                      'hex') AS digest, p.nhs_number::text AS number FROM people_person p) t
     WHERE t.digest = ANY (digests);
END
"""

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
IS_BODY = "(SELECT context_role()) IN ('PARTNER', 'CLIENT') AND (SELECT live_programmes()) <> '{}'"
OWN = f"({IS_BODY} AND organisation_id = (SELECT context_organisation()))"
COUNTED = """
((SELECT context_role()) = 'LEAD' AND EXISTS (SELECT 1 FROM enrolments_enrolment e
  WHERE e.person_id = contacts_claim.person_id
    AND e.programme_id = ANY ((SELECT live_programmes())::uuid[])))
"""
WITH_PERSON = f"""
((SELECT context_role()) IN ('CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')
 AND {OF_A_SEEN_PERSON})
"""
SETS = "(SELECT context_role()) IN ('WORKER', 'LEAD', 'GOVERNANCE')"
ASK = (
    "the_number text, the_key text, for_programme uuid, for_organisation uuid, the_subject uuid,"
    " the_channel text, the_topic text, the_wish timestamptz, hold interval, for_safety boolean,"
    " patiently boolean, the_exchange uuid, the_moment timestamptz"
)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_initial"),
        ("people", "0003_renumbered"),
        ("enrolments", "0002_isolation"),
    ]
    operations = [
        migrations.RunSQL(ANSWER, "DROP TYPE contact_answer"),
        migrations.RunSQL(
            "CREATE INDEX person_by_earlier_number ON people_person (came_as) WHERE came_as <> ''",
            "DROP INDEX person_by_earlier_number",
        ),
        definer("body_of_claim(claim uuid)", "text", BODY, to=DEFINER),
        definer(f"claim_contact({ASK})", "contact_answer", CLAIM, volatile=True),
        definer(
            "settle_contact(the_claim uuid, the_subject uuid, the_outcome text,"
            " the_moment timestamptz)",
            "uuid",
            SETTLE,
            volatile=True,
        ),
        definer(
            "numbers_behind(inner_block bytea, outer_block bytea, digests text[])",
            "TABLE(digest text, number text)",
            BEHIND,
        ),
        definer("lapse_contacts(the_moment timestamptz)", "integer", LAPSE, volatile=True),
        definer(
            "recall_contacts(the_person uuid, the_key text, the_moment timestamptz)",
            "integer",
            RECALL,
            volatile=True,
        ),
        migrations.RunSQL(DEFAULTS, ""),
        migrations.RunSQL(f"GRANT USAGE ON SEQUENCE governance_access_id_seq TO {DEFINER}", ""),
        grant("contacts_claim", app="SELECT", definer="SELECT, INSERT, UPDATE"),
        protect("contacts_claim", see=f"{BY_WORKER} OR {OWN} OR {WITH_PERSON} OR {COUNTED}"),
        anchor("contacts_claim", "key", "person_id", "organisation_id", "programme_id"),
        grant("contacts_exchange", app="SELECT, INSERT, UPDATE"),
        protect(
            "contacts_exchange",
            see=f"{BY_WORKER} OR {OWN}",
            add=f"{BY_WORKER} OR {OWN}",
            change=f"{BY_WORKER} OR {OWN}",
        ),
        grant("contacts_limit", app="SELECT, INSERT, UPDATE"),
        protect("contacts_limit", see="true", add=SETS, change=SETS),
    ]
