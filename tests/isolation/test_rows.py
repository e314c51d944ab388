"""Role by table: which rows of which people each session sees, and which it could change."""

import pytest
from django.db import connection, transaction

from openprotect.accounts.actions import acting_as
from tests.isolation.facts import KEYS
from tests.isolation.looking import looking
from tests.isolation.words import WORDS, may_see

pytestmark = pytest.mark.django_db


def seen(table):
    key = KEYS.get(table, "id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}::text FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def test_the_facts_are_about_every_row_there_is(world, past_row_security):
    for table in WORDS:
        counted = past_row_security.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

        assert counted == len({each.id for each in world.facts if each.table == table}), table


def look(world, tables=tuple(WORDS)):
    """Every row seen or missed against the words of a role, and how many were looked at."""
    wrong, tried = [], 0
    facts = [fact for fact in world.facts if fact.table in tables]
    for who, token in looking(world):
        with acting_as(token):
            shown = {table: seen(table) for table in tables}
        for fact in facts:
            tried += 1
            if (fact.id in shown[fact.table]) != may_see(who, fact):
                wrong.append(_said(who.name, fact, fact.id in shown[fact.table]))
    return wrong, tried


def test_each_session_sees_exactly_the_rows_that_the_words_of_its_role_say(world, say):
    wrong, tried = look(world)

    say(f"rows tried {tried}, leaks and losses {len(wrong)}")
    assert wrong == []


def test_a_table_that_has_lost_its_protection_is_noticed(world, owner, say):
    """Each table in turn: what the look above would miss, it does not prove."""
    noticed = []
    for table in WORDS:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        try:
            with transaction.atomic():
                noticed += [table] if look(world, [table])[0] else []
                transaction.set_rollback(True)
        finally:
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")

    say(f"tables laid open {len(WORDS)}, noticed {len(noticed)}")
    assert noticed == list(WORDS)


def _said(name, fact, is_seen):
    person = fact.body.name if fact.body else ""
    verb = "sees" if is_seen else "misses"
    return f"{name} {verb} {fact.table} of {person} ({fact.purpose} {fact.owner})"
