"""The clock of the service, the access log's own hand, and who may write either."""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, IMPORT, definer, grant

INSTALLATION = """
CREATE TABLE governance_installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    is_demonstration boolean NOT NULL DEFAULT false,
    clock_ahead_by interval NOT NULL DEFAULT interval '0',
    CONSTRAINT only_a_demonstration_moves_its_clock
        CHECK (is_demonstration OR clock_ahead_by = interval '0')
)
"""

NOW = """
BEGIN
    RETURN statement_timestamp() + (SELECT clock_ahead_by FROM governance_installation);
END
"""

MOVE_CLOCK = """
BEGIN
    UPDATE governance_installation SET clock_ahead_by = clock_ahead_by + ahead
        WHERE is_demonstration AND ahead > interval '0';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the clock moves in a demonstration only, and only forward';
    END IF;
END
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                INSTALLATION,
                "INSERT INTO governance_installation DEFAULT VALUES",
                f"GRANT SELECT ON governance_installation TO {APP}, {IMPORT}",
                f"GRANT SELECT, UPDATE ON governance_installation TO {DEFINER}",
            ],
            "DROP TABLE governance_installation",
        ),
        definer("openprotect_now()", "timestamptz", NOW, to=f"{APP}, {IMPORT}"),
        definer("openprotect_move_clock(ahead interval)", "void", MOVE_CLOCK, volatile=True),
        grant("governance_legalbasis", app="SELECT, INSERT", imports="SELECT"),
        grant(
            "governance_access",
            app="SELECT, INSERT",
            imports="INSERT",
            definer="SELECT, INSERT",
        ),
        migrations.RunSQL(
            f"GRANT USAGE ON SEQUENCE governance_access_id_seq TO {APP}, {IMPORT}", ""
        ),
    ]
