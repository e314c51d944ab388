"""What somebody said last time: for themselves in their own check-in, or read out in their call.

Nobody sees more by it than that one set of answers, while they answer the asking that follows it.
"""

from django.db import migrations

from openprotect.base.isolation import definer

# Answered by somebody else, in two ways, or followed by words that were never sent: nothing.
LAST_TIME = """
BEGIN
    IF asked IS DISTINCT FROM (SELECT context_checkin())
       AND NOT ((SELECT context_role()) = 'CALLER'
                AND asked = ANY ((SELECT checkins_claimed())::uuid[])) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH enrolled AS (
        SELECT c.enrolment_id, c.person_id, c.due_on FROM checkins_checkin c WHERE c.id = asked
    ), latest AS (
        SELECT r.* FROM enrolled e
          JOIN checkins_checkin c ON c.enrolment_id = e.enrolment_id
           AND c.person_id = e.person_id AND c.due_on < e.due_on
          JOIN checkins_response r ON r.checkin_id = c.id
         ORDER BY c.due_on DESC, r.id DESC LIMIT 1
    )
    SELECT l.answers::text,
           coalesce((SELECT jsonb_agg(jsonb_build_array(a.link_id, a.value) ORDER BY a.id)
                       FROM checkins_answer a WHERE a.checkin_id = l.checkin_id), '[]')::text,
           l.at, l.pack_id
      FROM latest l
     WHERE l.on_behalf = ''
       AND NOT EXISTS (SELECT 1 FROM checkins_conflict f WHERE f.checkin_id = l.checkin_id)
       AND NOT EXISTS (
            SELECT 1 FROM checkins_answer a JOIN checkins_checkin c ON c.id = a.checkin_id
             WHERE c.enrolment_id = (SELECT enrolment_id FROM enrolled)
               AND c.id <> l.checkin_id AND a.at >= l.at);
END
"""


class Migration(migrations.Migration):
    dependencies = [("checkins", "0005_episodes_isolation")]
    operations = [
        definer(
            "answers_of_last_time(asked uuid)",
            "TABLE (said text, before text, said_at timestamptz, version uuid)",
            LAST_TIME,
        )
    ]
