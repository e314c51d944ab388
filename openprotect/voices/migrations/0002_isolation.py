"""A note is read by the team it is for, and by the leads of its programme; by nobody else."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

BY_WORKER = "(SELECT context_role()) = 'WORKER'"
LIVE = "programme_id = ANY ((SELECT live_programmes())::uuid[])"
LEAD = f"((SELECT context_role()) = 'LEAD' AND {LIVE})"
LEADS = f"((SELECT context_role()) IN ('LEAD', 'CLINICAL', 'LOCALITY') AND {LIVE})"
STAFF = "(SELECT context_role()) NOT IN ('PERSON', 'TASK', 'CLIENT', 'WORKER')"
OWN_TEAM = f"""
({STAFF} AND {LIVE} AND CASE WHEN to_user_id IS NULL
 THEN EXISTS (SELECT 1 FROM places_team t
               WHERE t.id = team_id AND t.organisation_id = (SELECT context_organisation()))
 ELSE to_user_id = (SELECT context_user()) END)
"""
OWN_WORDS = "by_id = (SELECT context_user())"


class Migration(migrations.Migration):
    dependencies = [
        ("voices", "0001_initial"),
        ("accounts", "0002_context"),
        ("programmes", "0002_rights"),
        ("referrals", "0002_isolation"),
    ]
    operations = [
        grant("voices_note", app="SELECT, INSERT, UPDATE"),
        grant("voices_wording", app="SELECT, INSERT"),
        grant("voices_feedback", app="SELECT, INSERT, UPDATE"),
        protect(
            "voices_note",
            see=f"{BY_WORKER} OR {LEAD} OR {OWN_TEAM} OR ({LEADS} AND {OWN_WORDS})",
            add=f"{BY_WORKER} OR ({LEADS} AND {OWN_WORDS})",
            change=f"{BY_WORKER} OR {OWN_TEAM}",
        ),
        anchor(
            "voices_note", "kind", "programme_id", "team_id", "to_user_id", "of_team_id", "by_id",
            "words", "at",
        ),
        protect(
            "voices_wording",
            see=f"{BY_WORKER} OR ({STAFF} AND {LIVE})",
            add=f"{LEAD} AND {OWN_WORDS}",
        ),
        protect(
            "voices_feedback",
            see=f"{BY_WORKER} OR {LEAD} OR ({STAFF} AND {LIVE} AND ({OWN_WORDS} OR state <> 'NEW'))",
            add=f"{STAFF} AND {LIVE} AND {OWN_WORDS}",
            change=LEAD,
        ),
        anchor("voices_feedback", "programme_id", "words", "by_id", "at", "page", "role"),
    ]  # fmt: skip
