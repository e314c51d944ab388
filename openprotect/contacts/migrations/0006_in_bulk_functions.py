"""The ledger asked for many messages of ours at once, as exactly as for one.

What nothing stands in the way of is taken in one statement; everybody else is asked about one by
one, by the function that judges every ask.
"""

from django.db import migrations

from openprotect.base.isolation import definer

# 1. One lock for each person, in order, so that nobody else is told yes meanwhile.
# 2. Slots whose time is over are free.
# 3. Nothing stands in the way: known by this number, to be contacted this way, once among these
#    asks; no slot is held on the topic, no stranger's rows, no window, no cap that is reached.
# 4. The others are judged one by one.
CLAIM = """
DECLARE
    here session_context := context();
    done uuid[];
    claims uuid[];
    each record;
    said contact_answer;
BEGIN
    IF here.role IS DISTINCT FROM 'WORKER' THEN
        RAISE EXCEPTION 'this session may not ask the ledger' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(w.id::text, 7))
       FROM (SELECT p.id FROM people_person p WHERE p.nhs_number = ANY (numbers)
              ORDER BY p.id OFFSET 0) w;
    UPDATE contacts_claim c SET status = 'LAPSED', settled_at = the_moment
     WHERE c.status = 'HELD' AND c.until <= the_moment AND c.key = ANY (keys);
    WITH asked AS MATERIALIZED (
        SELECT a.*, p.id AS person, row_number() OVER (PARTITION BY p.id ORDER BY a.turn) AS nth,
               p.died_on IS NULL AND NOT p.is_restricted AND NOT p.has_stopped_contact AS may_be
          FROM unnest(subjects, numbers, keys, programmes, channels, topics, safeties)
               WITH ORDINALITY AS a (asks, number, key, programme, way, about, safety, turn)
          JOIN people_person p ON p.nhs_number = a.number),
    made AS (
        INSERT INTO contacts_claim (id, key, person_id, programme_id, subject_id, channel, topic,
            is_safety, status, answer, asked_at, wanted_at, until, covered_by, outcome, by_id)
        SELECT id_at(the_moment, gen_random_uuid()::text), a.key, a.person, a.programme, a.asks,
               a.way, a.about, false, 'HELD', 'YES', the_moment, the_moment, the_moment + hold, '',
               '', here.user_id
          FROM asked a
         WHERE a.may_be AND NOT a.safety AND a.nth = 1
           AND NOT EXISTS (SELECT FROM contacts_precaution q WHERE q.person_id = a.person
                            AND q.ended_at IS NULL AND a.way = ANY (q.closes))
           AND NOT EXISTS (SELECT FROM contacts_claim c
                            WHERE c.status = 'HELD' AND NOT c.is_safety AND c.key = a.key
                              AND c.topic = a.about)
           AND NOT EXISTS (SELECT FROM contacts_claim c
                            WHERE c.person_id IS NULL AND c.key = a.key)
           AND NOT EXISTS (SELECT FROM contacts_limit l
                            WHERE l.starts_at <= the_moment
                              AND (l.ends_at IS NULL OR l.ends_at > the_moment)
                              AND ((l.kind = 'WINDOW' AND l.what = a.about)
                                   OR (l.kind = 'CAP' AND l.what IN (a.way, 'ANY')
                                       AND l.most <= (SELECT count(*) FROM contacts_claim c
                                            WHERE c.person_id = a.person AND c.status = 'MADE'
                                              AND c.settled_at > the_moment - l.hours * interval '1 hour'
                                              AND c.outcome NOT IN ('NO_ANSWER', 'WRONG_DETAILS')
                                              AND l.what IN (c.channel, 'ANY'))
                                          + (SELECT count(*) FROM contacts_claim c
                                            WHERE c.person_id = a.person AND c.status = 'HELD'
                                              AND c.settled_at IS NULL))))
        RETURNING id, subject_id)
    SELECT array_agg(m.subject_id), array_agg(m.id) INTO done, claims FROM made m;
    RETURN QUERY SELECT u.*, 'YES', the_moment + hold, '' FROM unnest(done, claims) AS u;
    FOR each IN
        SELECT a.* FROM unnest(subjects, numbers, keys, programmes, channels, topics, safeties)
               WITH ORDINALITY AS a (asks, number, key, programme, way, about, safety, turn)
         WHERE done IS NULL OR NOT a.asks = ANY (done) ORDER BY a.turn
    LOOP
        said := claim_contact(each.number, each.key, each.programme, NULL, each.asks, each.way,
            each.about, the_moment, hold, each.safety, true, NULL, the_moment);
        RETURN QUERY SELECT each.asks, said.claim_id, said.answer, said.until, said.covered_by;
    END LOOP;
END
"""

SETTLE = """
DECLARE
    here session_context := context();
    done uuid[];
BEGIN
    IF here.role IS DISTINCT FROM 'WORKER' OR the_outcome = '' THEN
        RAISE EXCEPTION 'this session may not settle many contacts' USING ERRCODE = '42501';
    END IF;
    WITH made AS (
        UPDATE contacts_claim c SET status = 'MADE', settled_at = the_moment,
               outcome = the_outcome, by_id = here.user_id
         WHERE c.subject_id = ANY (subjects) AND c.status = 'HELD' RETURNING c.subject_id)
    SELECT array_agg(m.subject_id) INTO done FROM made m;
    PERFORM settle_contact(NULL, u.subject, the_outcome, the_moment)
       FROM unnest(subjects) AS u (subject) WHERE done IS NULL OR NOT u.subject = ANY (done);
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_in_bulk"),
        ("events", "0006_in_bulk"),
    ]
    operations = [
        definer(
            "claim_contacts(subjects uuid[], numbers text[], keys text[], programmes uuid[],"
            " channels text[], topics text[], safeties boolean[], hold interval,"
            " the_moment timestamptz)",
            "TABLE(subject uuid, claim_id uuid, answer text, until timestamptz, covered_by text)",
            CLAIM,
            volatile=True,
        ),
        definer(
            "settle_contacts(subjects uuid[], the_outcome text, the_moment timestamptz)",
            "void",
            SETTLE,
            volatile=True,
        ),
    ]
