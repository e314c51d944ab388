"""Who is excused, asked at other times, or answered for: known to those who care for the person."""

from django.db import migrations

from openprotect.base.isolation import DEFINER, anchor, definer, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_STAFF = f"""
((SELECT context_role()) IN ('WORKER', 'CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')
 AND {OF_A_SEEN_PERSON})
"""
OWN = "(checkin_id = (SELECT context_checkin()) AND person_id = (SELECT context_person()))"
OF_THEIR_CHECKIN = (
    "EXISTS (SELECT 1 FROM checkins_checkin c WHERE c.id = checkin_id"
    " AND c.person_id = checkins_standin.person_id)"
)
OF_THEIR_ENROLMENT = (
    "EXISTS (SELECT 1 FROM enrolments_enrolment e WHERE e.id = enrolment_id"
    " AND e.person_id = checkins_rhythm.person_id)"
)

# As before, and closed for whoever refused every way of contact, from the moment they said so.
USABLE = """
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM checkins_link l
          JOIN checkins_checkin c ON c.id = l.checkin_id
          JOIN people_person p ON p.id = l.person_id
          JOIN programmes_programme g ON g.id = c.programme_id
         WHERE l.token_digest = sha256(convert_to(token, 'UTF8'))
           AND l.locked_at IS NULL AND l.valid_until > openprotect_now()
           AND c.status = 'OPEN' AND c.closes_at > openprotect_now()
           AND p.died_on IS NULL AND NOT p.is_restricted AND NOT p.has_stopped_contact
           AND p.birth_date IS NOT NULL
           AND g.status = 'LIVE'
           AND NOT EXISTS (
                SELECT 1 FROM people_choice o WHERE o.person_id = p.id AND o.way = ''
                   AND o.answer = 'REFUSED' AND o.ended_at IS NULL
                   AND (o.programme_id IS NULL OR o.programme_id = g.id))
           AND EXISTS (
                SELECT 1 FROM governance_legalbasis b WHERE b.purpose = g.purpose
                   AND b.starts_at <= openprotect_now() AND b.ends_at > openprotect_now())
    );
END
"""


class Migration(migrations.Migration):
    dependencies = [("checkins", "0004_episodes"), ("people", "0005_choices_isolation")]
    operations = [
        grant("checkins_excuse", app="SELECT, INSERT, UPDATE"),
        grant("checkins_rhythm", app="SELECT, INSERT, UPDATE"),
        grant("checkins_standin", app="SELECT, INSERT, UPDATE"),
        anchor("checkins_excuse", "person_id", "from_on"),
        anchor("checkins_rhythm", "person_id", "enrolment_id", "every_days"),
        anchor("checkins_standin", "person_id", "checkin_id"),
        protect("checkins_excuse", see=BY_STAFF, add=BY_STAFF, change=BY_STAFF),
        protect(
            "checkins_rhythm",
            see=BY_STAFF,
            add=f"{BY_STAFF} AND {OF_THEIR_ENROLMENT}",
            change=BY_STAFF,
        ),
        protect(
            "checkins_standin",
            see=f"{OWN} OR {BY_STAFF}",
            add=f"({OWN} OR {BY_STAFF}) AND {OF_THEIR_CHECKIN}",
            change=f"{OWN} OR {BY_STAFF}",
        ),
        migrations.RunSQL(
            [f"SET ROLE {DEFINER}", "DROP FUNCTION link_is_usable(text)", "RESET ROLE"], ""
        ),
        definer("link_is_usable(token text)", "boolean", USABLE),
    ]
