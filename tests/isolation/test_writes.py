"""What each session could change, in one blind statement, and whether it could make rows up."""

import json
from collections import Counter
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from openprotect.accounts.actions import acting_as
from tests.isolation.facts import KEYS
from tests.isolation.looking import looking
from tests.isolation.words import CLINICAL, WORDS, may_see

pytestmark = pytest.mark.django_db

# By table: a change that reads nothing, so that only the right to change rows stands in its way,
# and the roles that may make it to what they see.
STAFF = ["WORKER", "CALLER", *CLINICAL]
SAYING = ["WORKER", "CALLER", "PERSON", *CLINICAL]
CHANGES = {
    "people_person": ("has_stopped_contact = true", ["WORKER", "PRACTICE"]),
    "people_registration": ("from_on = '2020-01-01'", ["WORKER"]),
    "enrolments_enrolment": ("preview_ends_at = now()", ["WORKER", "PRACTICE"]),
    "enrolments_reason": ("title = ''", []),
    "enrolments_decision": ("reason = 'x'", []),
    "enrolments_absence": ("words = 'x'", ["WORKER", "PRACTICE"]),
    "enrolments_request": ("answer = 'x'", ["WORKER"]),
    "cohorts_change": ("reason = 'x'", []),
    "checkins_checkin": ("ended_because = 'x'", ["WORKER", "CALLER", "PRACTICE", "PERSON"]),
    "checkins_answer": ("value = '1'", []),
    "checkins_response": ("answers = '{}'", []),
    "checkins_conflict": ("answers = '{}'", []),
    "checkins_link": ("wrong_tries = 0", ["WORKER"]),
    "checkins_excuse": ("noted_at = now()", STAFF),
    "checkins_rhythm": ("chosen_at = now()", STAFF),
    "checkins_standin": ("at = now()", SAYING),
    "calls_call": ("due_at = now()", ["WORKER", "CALLER", "SUPERVISOR"]),
    "calls_attempt": ("note = ''", []),
    "calls_draft": ("note = ''", ["CALLER"]),
    "calls_standing": ("reasons = '[]'", ["WORKER"]),
    "calls_besttime": ("ended_at = now()", STAFF),
    "messages_message": ("wording = ''", ["WORKER"]),
    "contacts_claim": ("outcome = ''", []),
    "contacts_precaution": ("words = 'x'", ["WORKER", *CLINICAL]),
    "contacts_unreached": ("due_at = now()", ["WORKER", *CLINICAL]),
    "contacts_tried": ("note = 'x'", []),
    "contacts_exchange": ("results = '[]'", ["WORKER", "PARTNER", "CLIENT"]),
    "programmes_rehearsed": ("was = 'x'", []),
    "messages_reply": ("note = 'x'", ["WORKER"]),
    "people_choice": ("via = 'TEXT'", SAYING),
    "people_need": ("via = 'TEXT'", SAYING),
    "people_wish": ("words = 'x'", ["WORKER"]),
    "alerts_alert": ("note = ''", ["WORKER", "PARTNER", *CLINICAL]),
    "alerts_handover": ("because = 'x'", []),
    "alerts_evaluation": ("findings = 0", []),
    "alerts_medicinescare": ("pharmacy = ''", [*CLINICAL]),
    "alerts_finding": ("reason = ''", ["WORKER"]),
    "alerts_followup": (
        "helped = 'YES', answered_at = now(), asked_by_id = context_user()",
        ["WORKER", "PERSON", "CALLER"],
    ),
    "referrals_referral": ("note = ''", ["WORKER", "PARTNER", "CLIENT", *CLINICAL]),
    "referrals_document": ("because = ''", ["WORKER"]),
    "referrals_notice": ("because = ''", ["WORKER"]),
    "referrals_tasklink": ("tries = 0", ["WORKER"]),
    "events_event": ("problem = ''", ["WORKER"]),
    "governance_access": ("why = ''", []),
    "accounts_membership": ("purpose = 'x'", ["WORKER"]),
    "accounts_ability": ("noted_at = now()", ["LEAD", "SUPERVISOR"]),
    "accounts_loan": ("words = 'x'", []),
    "accounts_pause": ("because = 'x'", ["CALLER", "SUPERVISOR"]),
    "floor_coaching": ("went_well = 'x'", []),
    "floor_line": ("note = 'x'", ["CALLER", "SUPERVISOR"]),
    "floor_review": ("words = 'x'", []),
    "floor_sheet": ("number = 9", []),
    "accounts_shift": ("calls_an_hour = 5", ["LEAD", "SUPERVISOR"]),
    "records_changesetproblem": ("file = 'x'", ["WORKER", "STEWARD"]),
    "records_proposal": ("score = 1", ["WORKER", "STEWARD"]),
}
PARENTS = (
    "enrolment_id", "checkin_id", "call_id", "alert_id", "response_id", "referral_id",
    "unreached_id",
)  # fmt: skip


def attempt(statement, *values):
    """How many rows a statement changed; it is undone. None when the rights forbid it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
            return cursor.rowcount
    except DatabaseError as refused:
        if isinstance(refused.__cause__, InsufficientPrivilege):
            return None
        raise


def test_a_blind_update_changes_no_more_than_its_session_may_see_and_change(world, say):
    assert CHANGES.keys() == WORDS.keys()
    tried = Counter()
    for who, token in looking(world):
        for table, (change, roles) in CHANGES.items():
            may = [fact for fact in world.facts if fact.table == table and may_see(who, fact)]
            with acting_as(token):
                changed = attempt(f"UPDATE {table} SET {change}")
            tried[changed is None] += 1
            assert (changed or 0) == (len(may) if who.role in roles else 0), (who.name, table)

    say(f"blind updates tried {sum(tried.values())}, not even allowed {tried[True]}, too wide 0")


def test_nobody_deletes_anything(world):
    for _, token in looking(world):
        for table in WORDS:
            with acting_as(token):
                assert attempt(f"DELETE FROM {table}") is None


def test_nobody_adds_a_row_about_somebody_whom_they_do_not_see(world, past_row_security, say):
    tried = 0
    for who, token in looking(world):
        if who.role == "WORKER":
            continue
        with acting_as(token):
            for fact in unseen(world, who):
                tried += 1
                forged = copy_of(past_row_security, fact, by=who.user_id)
                assert insert(fact.table, forged) is None, (who.name, fact)

    say(f"rows made up about strangers {tried}, taken 0")


def test_nobody_hangs_a_row_about_their_own_people_onto_somebody_else(
    world, past_row_security, say
):
    tried = 0
    for who, token in looking(world):
        if who.role == "WORKER":
            continue
        with acting_as(token):
            for fact, strangers in pairs(world, who):
                forged = copy_of(past_row_security, fact, by=who.user_id)
                other = copy_of(past_row_security, strangers, by=who.user_id)
                for parent in (name for name in PARENTS if name in forged):
                    tried += 1
                    crossed = {**forged, parent: other[parent]}
                    assert insert(fact.table, crossed) is None, (who.name, fact, parent)

    say(f"rows hung onto strangers {tried}, taken 0")


def unseen(world, who, most=3):
    """A few rows of each table about people whom this session does not see."""
    left = Counter(dict.fromkeys(WORDS, most))
    for fact in world.facts:
        person = fact.body and not WORDS["people_person"](who, fact)
        if fact.body and str(fact.body.person.pk) == who.person:
            continue  # nobody is a stranger to themselves, though they read nothing
        if person and fact.table != "governance_access" and left[fact.table]:
            left[fact.table] -= 1
            yield fact


def pairs(world, who):
    """A row about somebody seen, and one of the same kind about somebody who is not."""
    others = {fact.table: fact for fact in unseen(world, who, most=1)}
    met = set()
    for fact in world.facts:
        about = fact.body and WORDS["people_person"](who, fact)
        if about and fact.table in others and fact.table not in met:
            met.add(fact.table)
            yield fact, others[fact.table]


def copy_of(past_row_security, fact, *, by):
    key = KEYS.get(fact.table, "id")
    query = f"SELECT to_jsonb(t) FROM {fact.table} t WHERE {key}::text = %s"
    row = past_row_security.execute(query, [fact.id]).fetchone()[0]
    fresh = {"id": str(uuid4()) if "-" in fact.id else int(fact.id) + 10**9} if "id" in row else {}
    return {**row, **fresh, **({"by_id": by} if by and "by_id" in row else {})}


def insert(table, row):
    columns = ", ".join(f'"{name}"' for name in row)
    return attempt(
        f"INSERT INTO {table} ({columns})"
        f" SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
        json.dumps(row),
    )
