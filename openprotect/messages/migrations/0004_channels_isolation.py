"""What providers post is taken in by whoever knows the secret, and read by the worker alone."""

from django.db import migrations

from openprotect.base.isolation import anchor, definer, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
BY_ANYBODY_AT_WORK = "(SELECT context_role()) IS NOT NULL AND (SELECT context_role()) <> 'PERSON'"
BY_LEAD = "(SELECT context_role()) IN ('WORKER', 'LEAD')"
# A text of nobody's waits for the surveillance team; one of a person is seen with that person.
SEE_REPLY = """
(SELECT context_role()) = 'WORKER'
OR ((SELECT context_role()) = 'SURVEILLANCE' AND person_id IS NULL)
OR ((SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE')
    AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""
DEAL_WITH = """
(SELECT context_role()) = 'WORKER'
OR ((SELECT context_role()) = 'SURVEILLANCE' AND person_id IS NULL
    AND (dealt_with_by_id IS NULL OR dealt_with_by_id = (SELECT context_user())))
"""

# Kept as it came, once, before anything is made of it; how often it came is counted.
TAKE_IN = """
DECLARE
    kept uuid;
BEGIN
    INSERT INTO messages_notice (id, kind, digest, body, received_at, times, status)
        VALUES (gen_random_uuid(), kind_of, sha256(convert_to(kind_of || said, 'UTF8')), said,
                openprotect_now(), 1, 'WAITING')
        ON CONFLICT (digest) DO UPDATE SET times = messages_notice.times + 1
        RETURNING id INTO kept;
    RETURN kept;
END
"""

TURN_AWAY = """
BEGIN
    INSERT INTO messages_turnedaway ("on", why, digest, times)
        VALUES (openprotect_now()::date, because, of_body, 1)
        ON CONFLICT ("on", why, digest) DO UPDATE SET times = messages_turnedaway.times + 1;
END
"""


class Migration(migrations.Migration):
    dependencies = [("messages", "0003_channels"), ("people", "0005_choices_isolation")]
    operations = [
        grant("messages_pause", app="SELECT, INSERT, UPDATE", definer=""),
        grant("messages_outage", app="SELECT, INSERT, UPDATE", definer=""),
        grant("messages_notice", app="SELECT, UPDATE", definer="SELECT, INSERT, UPDATE"),
        grant("messages_turnedaway", app="SELECT", definer="SELECT, INSERT, UPDATE"),
        grant("messages_reply", app="SELECT, INSERT, UPDATE"),
        anchor("messages_notice", "digest", "body", "kind"),
        anchor("messages_reply", "person_id", "notice_id", "words"),
        protect("messages_pause", see=BY_ANYBODY_AT_WORK, add=BY_WORKER, change=BY_WORKER),
        protect("messages_outage", see=BY_ANYBODY_AT_WORK, add=BY_LEAD, change=BY_WORKER),
        protect("messages_notice", see=BY_WORKER, change=BY_WORKER),
        protect("messages_turnedaway", see=BY_LEAD),
        protect("messages_reply", see=SEE_REPLY, add=BY_WORKER, change=DEAL_WITH),
        definer("take_in_notice(kind_of text, said text)", "uuid", TAKE_IN, volatile=True),
        definer("turn_away(because text, of_body bytea)", "void", TURN_AWAY, volatile=True),
    ]
