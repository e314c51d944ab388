"""Drafts name no person. Nobody signs what they wrote, and no lead publishes what is not signed."""

from django.db import migrations
from django.db.migrations import RunSQL

from openprotect.base.isolation import APP, grant, protect

READ = "(SELECT context_role()) IN ('WORKER', 'LEAD', 'CLINICAL', 'GOVERNANCE')"
WRITE = "(SELECT context_role()) IN ('WORKER', 'LEAD', 'CLINICAL')"
EDITED_BY_ME = f"{WRITE} AND by_id IS NOT DISTINCT FROM (SELECT context_user())"
BY_THE_WORKER = "((SELECT context_role()) = 'WORKER' AND by_id IS NULL)"
SIGNED_BY_ME = """
(SELECT context_role()) = 'CLINICAL' AND by_id = (SELECT context_user())
AND NOT EXISTS (
  SELECT 1 FROM programmes_edit e
  WHERE e.draft_id = programmes_signature.draft_id AND e.by_id = programmes_signature.by_id
)
"""
SIGNED_BY_TWO = """
(SELECT context_role()) = 'WORKER'
OR ((SELECT context_role()) = 'LEAD' AND (
  SELECT count(DISTINCT s.by_id) FROM programmes_signature s
  WHERE s.content_hash = programmes_packversion.content_hash
) >= 2)
"""
ONLY_SIGNED = f"""
CREATE POLICY app_add ON programmes_packversion FOR INSERT TO {APP} WITH CHECK ({SIGNED_BY_TWO})
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_drafts"), ("accounts", "0002_context")]
    operations = [
        grant("programmes_draft", app="SELECT, INSERT, UPDATE", definer=""),
        grant("programmes_edit", app="SELECT, INSERT", definer=""),
        grant("programmes_signature", app="SELECT, INSERT", definer=""),
        protect("programmes_draft", see=READ, add=WRITE, change=WRITE),
        protect("programmes_edit", see=READ, add=f"({EDITED_BY_ME}) OR {BY_THE_WORKER}"),
        protect("programmes_signature", see=READ, add=SIGNED_BY_ME),
        RunSQL(
            ["DROP POLICY app_add ON programmes_packversion", ONLY_SIGNED],
            RunSQL.noop,
        ),
    ]
