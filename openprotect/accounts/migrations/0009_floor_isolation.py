"""Who works on the call floor, and lending: of staff, never of a patient.

A loan is answered and ended by the database's own functions, since memberships are rights.
"""

from django.db import migrations

from openprotect.base.isolation import APP, DEFINER, definer, grant, protect

ROLE = "(SELECT context_role())"
ME = "(SELECT context_user())"
PURPOSE = "(SELECT (context()).purpose)"
HERE = "(SELECT context_organisation())"
LEADS = f"{ROLE} IN ('LEAD', 'SUPERVISOR')"
AT_THE_FLOOR = f"{ROLE} IN ('CALLER', 'LEAD', 'SUPERVISOR')"
RINGS_HERE = """
EXISTS (SELECT 1 FROM accounts_membership m
         WHERE m.user_id = {table}.user_id AND m.role = 'CALLER' AND m.purpose = {purpose})
"""
OF_THE_FLOOR = f"""
({LEADS} AND role = 'CALLER' AND (purpose = {PURPOSE} OR organisation_id = {HERE}))
"""
READS = f"{ROLE} IN ('WORKER', 'GOVERNANCE')"


def rings_here(table):
    return RINGS_HERE.format(table=table, purpose=PURPOSE)


# Accepted, the home membership rests for as long as the loan runs: whoever is lent rings for the
# borrowing programme alone. What begins and ends are dates, so no job has to run for it.
ANSWER = """
DECLARE
    here session_context := context();
    now timestamptz := openprotect_now();
    asked accounts_loan;
    home accounts_membership;
    begins timestamptz;
    made uuid := gen_random_uuid();
    later uuid;
BEGIN
    SELECT * INTO asked FROM accounts_loan WHERE id = chosen FOR UPDATE;
    IF asked.id IS NULL OR here.role IS NULL OR here.role NOT IN ('LEAD', 'SUPERVISOR')
       OR asked.to_organisation_id <> here.organisation_id OR asked.purpose <> here.purpose THEN
        RETURN NULL;
    END IF;
    IF asked.status <> 'OFFERED' THEN
        RETURN 'SETTLED';
    END IF;
    IF NOT accepts THEN
        UPDATE accounts_loan SET status = 'DECLINED', answer = said, answered_at = now,
            answered_by_id = here.user_id WHERE id = chosen;
        RETURN 'DECLINED';
    END IF;
    begins := greatest(asked.starts_at, now);
    IF asked.until <= begins THEN
        RETURN 'LATE';
    END IF;
    SELECT * INTO home FROM accounts_membership WHERE id = asked.home_id FOR UPDATE;
    IF home.role <> 'CALLER' OR home.organisation_id <> asked.from_organisation_id
       OR home.starts_at >= begins OR (home.ends_at IS NOT NULL AND home.ends_at <= now)
       OR NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = asked.user_id AND u.is_active) THEN
        RETURN 'GONE';
    END IF;
    INSERT INTO accounts_membership (id, user_id, organisation_id, role, purpose, starts_at, ends_at)
        VALUES (made, asked.user_id, asked.to_organisation_id, 'CALLER', asked.purpose, begins,
                asked.until);
    IF home.ends_at IS NULL OR home.ends_at > asked.until THEN
        later := gen_random_uuid();
        INSERT INTO accounts_membership
            (id, user_id, organisation_id, role, purpose, starts_at, ends_at)
            VALUES (later, home.user_id, home.organisation_id, home.role, home.purpose,
                    asked.until, home.ends_at);
    END IF;
    UPDATE accounts_membership SET ends_at = least(coalesce(ends_at, begins), begins)
        WHERE id = home.id;
    UPDATE accounts_loan SET status = 'ACCEPTED', answer = said, answered_at = now,
        answered_by_id = here.user_id, borrowed_id = made, again_id = later WHERE id = chosen;
    RETURN 'ACCEPTED';
END
"""

END = """
DECLARE
    here session_context := context();
    now timestamptz := openprotect_now();
    asked accounts_loan;
BEGIN
    SELECT * INTO asked FROM accounts_loan WHERE id = chosen FOR UPDATE;
    IF asked.id IS NULL OR here.role IS NULL OR here.role NOT IN ('LEAD', 'SUPERVISOR')
       OR here.organisation_id NOT IN (asked.from_organisation_id, asked.to_organisation_id)
       OR (here.organisation_id = asked.to_organisation_id AND asked.purpose <> here.purpose) THEN
        RETURN NULL;
    END IF;
    IF asked.status = 'OFFERED' AND here.organisation_id = asked.from_organisation_id THEN
        UPDATE accounts_loan SET status = 'WITHDRAWN', ended_at = now, ended_by_id = here.user_id
            WHERE id = chosen;
        RETURN 'WITHDRAWN';
    END IF;
    IF asked.status <> 'ACCEPTED' OR asked.until <= now THEN
        RETURN 'SETTLED';
    END IF;
    UPDATE accounts_membership
       SET starts_at = least(starts_at, now - interval '1 second'), ends_at = now
     WHERE id = asked.borrowed_id;
    UPDATE accounts_membership SET starts_at = now WHERE id = asked.again_id;
    UPDATE accounts_loan SET status = 'RETURNED', ended_at = now, ended_by_id = here.user_id
        WHERE id = chosen;
    RETURN 'RETURNED';
END
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_floor")]
    operations = [
        grant("accounts_ability", app="SELECT, INSERT, UPDATE"),
        grant("accounts_pause", app="SELECT, INSERT, UPDATE"),
        grant("accounts_shift", app="SELECT, INSERT, UPDATE"),
        grant("accounts_loan", app="SELECT, INSERT", definer="SELECT, UPDATE"),
        migrations.RunSQL(f"GRANT INSERT, UPDATE ON accounts_membership TO {DEFINER}", ""),
        # A supervisor or lead sees who rings for their programme, and whom their own body employs.
        migrations.RunSQL(
            f"CREATE POLICY floor_see ON accounts_membership FOR SELECT TO {APP}"
            f" USING ({OF_THE_FLOOR})",
            "DROP POLICY floor_see ON accounts_membership",
        ),
        protect(
            "accounts_ability",
            see=f"user_id = {ME} OR {READS} OR ({LEADS} AND {rings_here('accounts_ability')})",
            add=f"{LEADS} AND noted_by_id = {ME} AND {rings_here('accounts_ability')}",
            change=f"{LEADS} AND {rings_here('accounts_ability')}",
        ),
        protect(
            "accounts_pause",
            see=f"user_id = {ME} OR {READS} OR ({LEADS} AND {rings_here('accounts_pause')})",
            add=(
                f"by_id = {ME} AND (({ROLE} = 'CALLER' AND user_id = {ME})"
                f" OR ({ROLE} = 'SUPERVISOR' AND {rings_here('accounts_pause')}))"
            ),
            change=(
                f"({ROLE} = 'CALLER' AND user_id = {ME} AND by_id = {ME})"
                f" OR ({ROLE} = 'SUPERVISOR' AND {rings_here('accounts_pause')})"
            ),
        ),
        protect(
            "accounts_shift",
            see=f"user_id = {ME} OR {READS} OR ({AT_THE_FLOOR} AND purpose = {PURPOSE})",
            add=f"{LEADS} AND told_by_id = {ME} AND purpose = {PURPOSE}",
            change=f"{LEADS} AND purpose = {PURPOSE}",
        ),
        protect(
            "accounts_loan",
            see=(
                f"user_id = {ME} OR {READS} OR ({LEADS}"
                f" AND {HERE} IN (from_organisation_id, to_organisation_id))"
            ),
            add=(
                f"{LEADS} AND from_organisation_id = {HERE} AND offered_by_id = {ME}"
                " AND status = 'OFFERED' AND borrowed_id IS NULL AND again_id IS NULL"
                " AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.id = home_id"
                "   AND m.user_id = accounts_loan.user_id AND m.role = 'CALLER'"
                f"  AND m.organisation_id = {HERE})"
            ),
        ),
        definer(
            "answer_loan(chosen uuid, accepts boolean, said text)", "text", ANSWER, volatile=True
        ),
        definer("end_loan(chosen uuid)", "text", END, volatile=True),
    ]
