"""Only a steward of the whole system decides about the records, which are the system's."""

from django.db import migrations

STEWARD = """
((SELECT context_role()) = 'STEWARD' AND EXISTS (
    SELECT 1 FROM places_organisation o
     WHERE o.id = (SELECT context_organisation()) AND o.kind = 'SYSTEM'))
"""
DECIDES = f"((SELECT context_role()) = 'WORKER' OR {STEWARD})"
SEEN_AND_CHANGED = ("records_changesetproblem", "records_proposal")


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_review_rights"),
        ("places", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            [
                *(
                    f"ALTER POLICY {policy} ON {table} USING ({DECIDES})"
                    for table in SEEN_AND_CHANGED
                    for policy in ("app_see", "app_change")
                ),
                f"ALTER POLICY app_change ON records_changeset USING ({DECIDES})",
            ],
            "",
        ),
    ]
