"""Who is not reached, counted by where they live, how old they are and who looks after them."""

from django.db import migrations

from openprotect.base.isolation import definer

# Whoever leads sees numbers and nobody; so the database counts for them, within their purpose.
COUNTS = """
BEGIN
    IF ((context()).role IS DISTINCT FROM 'LEAD' AND (context()).role IS DISTINCT FROM 'SURVEILLANCE')
       OR NOT coalesce(the_programme = ANY (live_programmes()), false) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH them AS (
        SELECT o.code::text AS practice, p.deprivation_fifth::text AS fifth,
               CASE WHEN p.birth_date IS NULL THEN '' ELSE (
                    SELECT max(band) FROM unnest(ARRAY['00', '18', '40', '65', '75', '85']) band
                     WHERE extract(year FROM age(the_day, p.birth_date)) >= band::int) END AS old,
               EXISTS (SELECT FROM contacts_unreached u WHERE u.person_id = e.person_id
                        AND u.programme_id = the_programme AND u.status = 'OPEN') AS is_missed,
               EXISTS (SELECT FROM contacts_unreached u WHERE u.person_id = e.person_id
                        AND u.programme_id = the_programme AND u.status = 'ENDED'
                        AND u.ended_as IN ('REACHED', 'DETAILS', 'SEEN')) AS was_found
          FROM enrolments_enrolment e
          JOIN people_person p ON p.id = e.person_id
          JOIN places_organisation o ON o.id = e.practice_id
         WHERE e.programme_id = the_programme AND e.status = 'ACTIVE')
    SELECT g.kind, g.key, count(*), count(*) FILTER (WHERE is_missed),
           count(*) FILTER (WHERE was_found AND NOT is_missed)
      FROM them CROSS JOIN LATERAL
           (VALUES ('fifth', fifth), ('age', old), ('practice', practice)) g(kind, key)
     GROUP BY g.kind, g.key;
END
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_reviewed"), ("people", "0007_away_and_mistaken")]
    operations = [
        definer(
            "reach_counts(the_programme uuid, the_day date)",
            "TABLE(kind text, key text, people bigint, missed bigint, found bigint)",
            COUNTS,
        ),
    ]
