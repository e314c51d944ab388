"""Reading what a person is asked, and storing what they sent, each in one call that is planned once.

Row security holds as for any statement: the functions run as whoever calls them.
"""

from django.db import migrations

from openprotect.base.isolation import APP

# One check-in of one person, the answers so far, and the response if there is one. None
# where no legal basis is in force.
ASKED = """
CREATE FUNCTION asked_here(the_checkin uuid, the_person uuid, moment timestamptz) RETURNS TABLE (
    asked checkins_checkin, so_far text, last_answer bigint, sent checkins_response
) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    SELECT c.* INTO asked FROM checkins_checkin c
      JOIN programmes_programme g ON g.id = c.programme_id
     WHERE c.id = the_checkin AND c.person_id = the_person
       AND EXISTS (SELECT FROM governance_legalbasis b
                    WHERE b.purpose = g.purpose AND b.starts_at <= moment AND b.ends_at > moment);
    IF asked.id IS NULL THEN
        RETURN;
    END IF;
    SELECT r.* INTO sent FROM checkins_response r WHERE r.checkin_id = asked.id;
    SELECT jsonb_object_agg(a.link_id, a.value) FILTER (WHERE jsonb_typeof(a.value) <> 'null')::text,
           coalesce(max(a.id), 0)
      INTO so_far, last_answer
      FROM (SELECT DISTINCT ON (w.link_id) w.link_id, w.value, w.id FROM checkins_answer w
             WHERE w.checkin_id = asked.id ORDER BY w.link_id, w.id DESC) a;
    RETURN NEXT;
END
$body$
"""

# True when it was stored. False says that something is out of the ordinary, and nothing was done:
# not open, sent before, answered for somebody, changed meanwhile, a number that was used before.
TAKE_IN = """
CREATE FUNCTION take_in_checkin(
    the_checkin uuid, the_response uuid, the_submission uuid, said jsonb, fingerprint text, way text,
    who uuid, moment timestamptz, seen bigint, noted text, because text
) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    c checkins_checkin;
BEGIN
    BEGIN
        UPDATE checkins_checkin k SET status = 'ANSWERED', answered_at = moment, ended_because = ''
         WHERE k.id = the_checkin AND k.status = 'OPEN' AND (way = 'PHONE' OR moment < k.closes_at)
        RETURNING k.* INTO c;
        IF c.id IS NULL THEN
            RETURN false;
        END IF;
        IF (way = 'WEB'
            AND EXISTS (SELECT FROM checkins_standin s WHERE s.checkin_id = the_checkin))
           OR (seen IS NOT NULL AND seen <> (SELECT coalesce(max(a.id), 0) FROM checkins_answer a
                                              WHERE a.checkin_id = the_checkin))
        THEN
            RAISE EXCEPTION 'somebody has to look closer' USING ERRCODE = 'OP001';
        END IF;
        INSERT INTO checkins_response (id, submission_id, checkin_id, person_id, programme_id,
            pack_id, answers, content_hash, channel, by_id, on_behalf, at)
        VALUES (the_response, the_submission, c.id, c.person_id, c.programme_id, c.pack_id, said,
            fingerprint, way, who, '', moment);
    EXCEPTION WHEN unique_violation OR SQLSTATE 'OP001' THEN
        RETURN false;
    END;
    PERFORM record_event('response.given', the_response, c.person_id, c.programme_id, who, moment,
        jsonb_build_object('channel', way), 'pathway', 'follow_up');
    IF noted <> '' THEN
        INSERT INTO governance_access (person_id, what, why) VALUES (c.person_id, noted, because);
    END IF;
    RETURN true;
END
$body$
"""
TAKES = "uuid, uuid, uuid, jsonb, text, text, uuid, timestamptz, bigint, text, text"


def _for_the_application(signature: str) -> list[str]:
    return [
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}",
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("checkins", "0007_in_bulk"),
        ("events", "0006_in_bulk"),
        ("governance", "0004_access_of_records"),
    ]
    operations = [
        migrations.RunSQL(
            [ASKED, *_for_the_application("asked_here(uuid, uuid, timestamptz)")],
            "DROP FUNCTION asked_here(uuid, uuid, timestamptz)",
        ),
        migrations.RunSQL(
            [TAKE_IN, *_for_the_application(f"take_in_checkin({TAKES})")],
            f"DROP FUNCTION take_in_checkin({TAKES})",
        ),
    ]
