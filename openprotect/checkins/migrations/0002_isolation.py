"""Check-ins and answers: the person by link sees only their own; leads count; partners see none."""

from django.db import migrations

from openprotect.base.isolation import anchor, definer, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
BY_WORKER = "(SELECT context_role()) = 'WORKER'"
COUNTED = """
((SELECT context_role()) = 'LEAD' AND programme_id = ANY ((SELECT live_programmes())::uuid[]))
"""
BY_ROLE = "(SELECT context_role()) IN"
IN_PURPOSE = (
    "((SELECT context_role()) = 'PRACTICE'"
    " OR programme_id = ANY ((SELECT live_programmes())::uuid[]))"
)
OWN = "(checkin_id = (SELECT context_checkin()) AND person_id = (SELECT context_person()))"
OWN_CHECKIN = "(id = (SELECT context_checkin()) AND person_id = (SELECT context_person()))"
# A call handler reads and writes what is said in this call, and nothing of earlier days.
IN_CALL = f"""
({BY_ROLE} ('CALLER') AND checkin_id = ANY ((SELECT checkins_claimed())::uuid[])
 AND {OF_A_SEEN_PERSON})
"""


def of_clinical(table: str, roles: str) -> str:
    """As the check-in it belongs to, which must be of the same person."""
    return (
        f"({BY_ROLE} ({roles}) AND EXISTS (SELECT 1 FROM checkins_checkin c"
        f" WHERE c.id = checkin_id AND c.person_id = {table}.person_id))"
    )


def answers(table: str) -> dict[str, str]:
    """What was said: leads count check-ins, and read no answer; partners read none."""
    readers = of_clinical(table, "'PRACTICE', 'LOCALITY', 'SURVEILLANCE'")
    writers = of_clinical(table, "'PRACTICE'")
    return {
        "see": f"{BY_WORKER} OR {OWN} OR {IN_CALL} OR {readers}",
        "add": f"{BY_WORKER} OR {OWN} OR {IN_CALL} OR {writers}",
    }


WITH_RESPONSE = """
EXISTS (SELECT 1 FROM checkins_response r
         WHERE r.id = response_id AND r.person_id = checkins_conflict.person_id)
"""

# A link opens its check-in when the birth date is right. Every unusable state answers the same
# word; five wrong dates make the link unusable, and the worker turns that into a call.
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
           AND EXISTS (
                SELECT 1 FROM governance_legalbasis b WHERE b.purpose = g.purpose
                   AND b.starts_at <= openprotect_now() AND b.ends_at > openprotect_now())
    );
END
"""

OPEN_LINK = """
DECLARE
    found checkins_link;
    born_on date;
BEGIN
    IF NOT link_is_usable(token) THEN
        RETURN 'unusable';
    END IF;
    SELECT l.* INTO found FROM checkins_link l
     WHERE l.token_digest = sha256(convert_to(token, 'UTF8')) FOR UPDATE;
    SELECT p.birth_date INTO born_on FROM people_person p WHERE p.id = found.person_id;
    IF found.locked_at IS NOT NULL THEN
        RETURN 'unusable';
    END IF;
    IF born IS DISTINCT FROM born_on THEN
        UPDATE checkins_link SET wrong_tries = wrong_tries + 1,
            locked_at = CASE WHEN wrong_tries >= 4 THEN openprotect_now() END
            WHERE id = found.id;
        RETURN CASE WHEN found.wrong_tries >= 4 THEN 'unusable' ELSE 'wrong' END;
    END IF;
    INSERT INTO accounts_session (id, token_digest, person_id, checkin_id, opened_at, expires_at)
        VALUES (gen_random_uuid(), session_token, found.person_id, found.checkin_id,
                openprotect_now(), openprotect_now() + interval '4 hours');
    RETURN 'open';
END
"""

# A visitor of a demonstration holds everybody's phone; the birth date is what they cannot know.
DEMO_BIRTH_DATE = """
BEGIN
    RETURN (
        SELECT p.birth_date FROM checkins_link l JOIN people_person p ON p.id = l.person_id
         WHERE l.token_digest = sha256(convert_to(token, 'UTF8'))
           AND (SELECT is_demonstration FROM governance_installation));
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("checkins", "0001_initial"),
        ("enrolments", "0002_isolation"),
        ("programmes", "0002_rights"),
    ]
    operations = [
        grant("checkins_checkin", app="SELECT, INSERT, UPDATE"),
        grant("checkins_link", app="SELECT, INSERT, UPDATE", definer="SELECT, UPDATE"),
        grant("checkins_answer", app="SELECT, INSERT"),
        grant("checkins_response", app="SELECT, INSERT"),
        grant("checkins_conflict", app="SELECT, INSERT"),
        protect(
            "checkins_checkin",
            see=(
                f"{BY_WORKER} OR {COUNTED} OR {OWN_CHECKIN}"
                f" OR ({BY_ROLE} ('CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')"
                f" AND {OF_A_SEEN_PERSON} AND {IN_PURPOSE})"
            ),
            add=BY_WORKER,
            change=(
                f"{BY_WORKER} OR {OWN_CHECKIN} OR ({BY_ROLE} ('CALLER', 'PRACTICE')"
                f" AND {OF_A_SEEN_PERSON} AND {IN_PURPOSE})"
            ),
        ),
        anchor("checkins_checkin", "person_id", "programme_id", "enrolment_id"),
        protect("checkins_link", see=BY_WORKER, add=BY_WORKER, change=BY_WORKER),
        protect("checkins_answer", **answers("checkins_answer")),
        protect("checkins_response", **answers("checkins_response")),
        protect(
            "checkins_conflict",
            see=answers("checkins_conflict")["see"],
            add=f"({answers('checkins_conflict')['add']}) AND {WITH_RESPONSE}",
        ),
        definer("link_is_usable(token text)", "boolean", USABLE),
        definer("demonstration_birth_date(token text)", "date", DEMO_BIRTH_DATE),
        definer(
            "open_link(token text, born date, session_token bytea)",
            "text",
            OPEN_LINK,
            volatile=True,
        ),
    ]
