"""What to mind is seen with its person; the ledger keeps to it, and tells nobody why."""

from importlib import import_module

from django.db import migrations

from openprotect.base.isolation import DEFINER, anchor, definer, grant, protect

LEDGER = import_module("openprotect.contacts.migrations.0002_ledger")
# A way that is closed to somebody is closed to every body, in the word that tells nothing.
STOPS = "IF who.died_on IS NOT NULL OR who.is_restricted OR who.has_stopped_contact THEN"
STOPS_OR_CLOSES = """IF who.died_on IS NOT NULL OR who.is_restricted OR who.has_stopped_contact
       OR EXISTS (SELECT 1 FROM contacts_precaution q WHERE q.person_id = who.id
                   AND q.ended_at IS NULL AND the_channel = ANY (q.closes)) THEN"""
CLAIM = LEDGER.CLAIM.replace(STOPS, STOPS_OR_CLOSES)
KINDS = (
    "text, text, uuid, uuid, uuid, text, text, timestamptz, interval, boolean, boolean, uuid,"
    " timestamptz"
)

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
IN_PURPOSE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
CLINICAL = f"""
((SELECT context_role()) IN ('PRACTICE', 'LOCALITY', 'SURVEILLANCE') AND {OF_A_SEEN_PERSON})
"""
CALLER = f"((SELECT context_role()) = 'CALLER' AND seen_by = 'CALLERS' AND {OF_A_SEEN_PERSON})"
IN_THEIRS = f"({CLINICAL} AND ((SELECT context_role()) = 'PRACTICE' OR {IN_PURPOSE}))"
WITH_LADDER = """
EXISTS (SELECT 1 FROM contacts_unreached u
 WHERE u.id = unreached_id AND u.person_id = contacts_tried.person_id)
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_reaching"), ("people", "0002_isolation")]
    operations = [
        migrations.RunSQL(
            [f"SET ROLE {DEFINER}", f"DROP FUNCTION claim_contact({KINDS})", "RESET ROLE"], ""
        ),
        definer(f"claim_contact({LEDGER.ASK})", "contact_answer", CLAIM, volatile=True),
        grant("contacts_precaution", app="SELECT, INSERT, UPDATE"),
        protect(
            "contacts_precaution",
            see=f"{BY_WORKER} OR {CLINICAL} OR {CALLER}",
            add=f"{BY_WORKER} OR {CLINICAL}",
            change=f"{BY_WORKER} OR {CLINICAL}",
        ),
        anchor("contacts_precaution", "person_id"),
        grant("contacts_unreached", app="SELECT, INSERT, UPDATE"),
        protect(
            "contacts_unreached",
            see=f"{BY_WORKER} OR {IN_THEIRS} OR ((SELECT context_role()) = 'LEAD' AND {IN_PURPOSE})",
            add=BY_WORKER,
            change=f"{BY_WORKER} OR {IN_THEIRS}",
        ),
        anchor("contacts_unreached", "person_id", "programme_id", "enrolment_id"),
        grant("contacts_tried", app="SELECT, INSERT"),
        protect(
            "contacts_tried",
            see=f"{BY_WORKER} OR ({CLINICAL} AND {WITH_LADDER})",
            add=f"({BY_WORKER} OR {CLINICAL}) AND {WITH_LADDER}",
        ),
    ]
