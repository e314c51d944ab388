"""What came in equals what it became, and whatever is lost, doubled or forgotten shows."""

import pytest
from django.db import connection, connections, transaction

from openprotect.alerts.models import Alert
from openprotect.calls.models import Call
from openprotect.checkins.models import Checkin
from openprotect.enrolments.models import Enrolment
from openprotect.messages.models import Message
from openprotect.pathway.table import PATHWAY
from openprotect.reports.queries.reconcile import Equation, balance
from tests.database import SuiteDatabase
from tests.reports.mixed import three_days

OWED = {name: len(steps) for name, steps in PATHWAY.items()}
ONE = "ctid IN (SELECT ctid FROM {table} WHERE {where} LIMIT 1)"


def equations():
    return balance(OWED)


def off():
    return [each.name for each in equations() if each.off_by]


def lost(table, where="true"):
    return f"DELETE FROM {table} WHERE {ONE.format(table=table, where=where)}"


def changed(table, values, where="true"):
    return f"UPDATE {table} SET {values} WHERE {ONE.format(table=table, where=where)}"


def event(name):
    return lost("events_event", f"name = '{name}'")


NEVER_ASKED = """
e.status = 'ACTIVE' AND NOT EXISTS (SELECT FROM checkins_checkin c WHERE c.enrolment_id = e.id)
AND EXISTS (SELECT FROM people_person p WHERE p.id = e.person_id AND NOT p.is_restricted)
"""
MISSED = "id IN (SELECT enrolment_id FROM enrolments_absence WHERE settled_as = '')"
TICKED_OFF = """
INSERT INTO events_event
       (name, subject_id, at, detail, followed_up_at, attempts, try_at, problem)
VALUES ('enrolment.left', gen_random_uuid(), now(), '{}', now(), 0, now(), '')
"""
ANSWERED = "status = 'ANSWERED', answered_at = now()"
FAULTS = [
    ("rows imported", "an import is gone, its counts remain", lost("records_changeset")),
    (
        "rows imported",
        "counts of an import are gone",
        "UPDATE records_changesetcount SET changeset_id = gen_random_uuid()",
    ),
    ("people found or added", "why somebody is here is gone", lost("enrolments_reason")),
    (
        "people found or added",
        "somebody is in no state at all",
        changed("enrolments_enrolment", "status = 'LOST'", "status = 'PREVIEW'"),
    ),
    (
        "people enrolled",
        "somebody was forgotten by the last run of the rules",
        changed(
            "enrolments_enrolment",
            "found_by = gen_random_uuid(), looked_for_by = gen_random_uuid()",
            "status = 'ACTIVE' AND found_by IS NOT NULL",
        ),
    ),
    (
        "people enrolled",
        "somebody is found and missed at once",
        changed("enrolments_enrolment", "found_by = looked_for_by", MISSED),
    ),
    (
        "people no longer found",
        "that somebody is no longer found is said nowhere",
        lost("events_event", f"name = 'enrolment.no_longer_found' AND subject_{MISSED}"),
    ),
    (
        "people taken in",
        "somebody was taken in days ago and never asked",
        changed("enrolments_enrolment e", "active_from = now() - interval '3 days'", NEVER_ASKED),
    ),
    (
        "check-ins opened",
        "an open check-in fell back to due",
        changed("checkins_checkin", "status = 'DUE'", "status = 'OPEN'"),
    ),
    (
        "invitations owed",
        "an invitation is gone",
        lost("messages_message", "kind = 'INVITE' AND status = 'SENT'"),
    ),
    (
        "check-ins answered",
        "a check-in says answered, and nothing is stored",
        changed("checkins_checkin", ANSWERED, "status = 'MISSED'"),
    ),
    (
        "responses stored",
        "that a response was evaluated is not noted",
        lost("alerts_evaluation", "findings + failures = 0"),
    ),
    (
        "rules that asked for an alert",
        "a finding has lost its response",
        changed("alerts_finding", "response_id = NULL", "response_id IS NOT NULL"),
    ),
    (
        "rules that asked for an alert",
        "a rule matched once more than was raised",
        changed("alerts_evaluation", "findings = findings + 1"),
    ),
    (
        "alerts raised",
        "an alert is gone",
        lost("alerts_alert", "rule = 'conflicting-answers'"),
    ),
    ("alerts raised", "an alert that nobody raised", event("alert.raised")),
    (
        "alerts raised",
        "the team that owns alerts has closed",
        "UPDATE places_team SET closed_on = opened_on WHERE function = 'surveillance'",
    ),
    (
        "outcomes to tell",
        "the word of an outcome is gone",
        lost("messages_message", "kind = 'CLOSED'"),
    ),
    (
        "messages due",
        "a message says sent, and nothing says that it was",
        changed("messages_message", "status = 'UNKNOWN'", "status = 'SENT'"),
    ),
    ("messages due", "that a message failed is said nowhere", event("message.failed")),
    ("calls due", "a call is gone", lost("calls_call", "status = 'WAITING'")),
    ("calls due", "a call that nobody asked for", event("call.due")),
    (
        "calls handed to a team",
        "nobody took over from a call",
        changed("alerts_finding", "rule = 'another'", "rule = 'not-reached'"),
    ),
    ("referrals made", "a referral is gone", lost("referrals_referral")),
    ("referrals made", "a referral that nobody made", event("referral.offered")),
    (
        "posts from providers",
        "what a provider posted has come to nothing",
        changed("messages_notice", "status = 'LOST'", "kind = 'RECEIPT'"),
    ),
    ("texts to us", "a text is gone", lost("messages_reply", "person_id IS NULL")),
    (
        "texts to us",
        "no alert came of what somebody texted",
        changed("messages_reply", "id = gen_random_uuid()", "person_id IS NOT NULL"),
    ),
    ("documents written", "a document is gone", lost("referrals_document")),
    ("notices due to teams", "that a team was told is said nowhere", event("notice.sent")),
    (
        "contacts we made",
        "somebody was rung, and the ledger does not know",
        lost("contacts_claim", "channel = 'CALL' AND status = 'MADE'"),
    ),
    (
        "asks of the contact ledger",
        "a slot is held for nothing, and for good",
        changed(
            "contacts_claim",
            "status = 'HELD', until = 'infinity', settled_at = NULL",
            "status = 'RELEASED'",
        ),
    ),
    (
        "accesses recorded",
        "a note of access was rewritten",
        changed("governance_access", "why = 'nothing special'"),
    ),
    (
        "accesses recorded",
        "a note of access is about somebody else",
        changed("governance_access", "person_id = gen_random_uuid()"),
    ),
    (
        "steps that events ask for",
        "that a step was done is not noted",
        lost("events_done", "step = 'evaluate_the_response'"),
    ),
    (
        "steps that events ask for",
        "an event was ticked off undone",
        TICKED_OFF,
    ),
]


def test_an_equation_says_by_how_much_it_is_off():
    balanced, wrong = Equation("x", 3, {"a": 1, "b": 2}), Equation("x", 1003, {"a": 1})

    assert (balanced.off_by, str(balanced)) == (0, "x: 3 = 1 a + 2 b")
    assert str(wrong) == "x: 1,003 = 1 a   OFF BY +1,002"


@pytest.mark.django_db
def test_a_service_that_has_done_nothing_yet_is_balanced(worker):
    assert off() == []


@pytest.mark.django_db
def test_three_days_with_somebody_in_every_situation_are_balanced(worker):
    three_days()
    everything_happened()

    assert [str(each) for each in equations() if each.off_by] == []
    assert [each.name for each in equations() if not each.left] == []


def everything_happened():
    def states(model):
        return set(model.objects.values_list("status", flat=True))

    assert states(Enrolment) == {"PREVIEW", "VETOED", "ACTIVE", "LEFT"}
    assert states(Checkin) >= {"OPEN", "ANSWERED", "MISSED", "CANCELLED"}
    assert states(Message) >= {"SENT", "DELIVERED", "FAILED", "CANCELLED"}
    assert states(Call) >= {"WAITING", "DONE", "HANDED_ON"}
    assert states(Alert) == {"RAISED", "CLOSED"}


@pytest.mark.django_db
def test_what_was_followed_owes_no_step_that_a_later_version_adds(worker):
    three_days()
    later = {name: steps + 1 for name, steps in OWED.items()}

    assert [str(each) for each in balance(later) if each.off_by] == []


@pytest.mark.django_db(transaction=True)
def test_every_planted_fault_turns_its_own_equation_off_and_no_other(
    worker_committing, own_database
):
    three_days()
    missed = {}

    with above_all_roles(own_database):
        names = {each.name for each in equations()}
        for equation, what, statement in FAULTS:
            if (found := off_after(statement)) != [equation]:
                missed[what] = found

    assert missed == {}
    assert {equation for equation, _, _ in FAULTS} == names
    assert len(names) >= 15


def off_after(statement):
    """Which equations are off once a fault is planted, which is then undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Not even constraints hold back whoever damages a database on purpose.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount, statement
        found = off()
        transaction.set_rollback(True)
    return found


class above_all_roles:
    """Use the administrator's account, which row security does not bind, for a while."""

    def __init__(self, database):
        self.database = database

    def __enter__(self):
        admin = self.database.here.admin
        connections.close_all()
        connections.databases["default"].update(
            USER=admin.get("user", ""), PASSWORD=admin.get("password", "")
        )

    def __exit__(self, *_):
        self.database.log_in_as(SuiteDatabase.wanted_role)
