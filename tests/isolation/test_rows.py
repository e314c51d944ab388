"""Role by table: which rows of which people each session sees, and which it could change."""

import pytest
from django.db import connection

from openprotect.accounts.actions import acting_as
from tests import given
from tests.isolation.words import WORDS, may_see
from tests.isolation.world import NOBODY, WORKER

pytestmark = pytest.mark.django_db


def looking(world):
    """Everybody who may look, with a token of theirs."""
    yield NOBODY, ""
    yield WORKER, given.sign_in_with_key("worker", given.WORKER_KEY)
    yield world.answering, world.person_token
    for someone in world.staff.values():
        yield someone, given.token_of(someone.user)


def seen(table):
    key = "response_id" if table == "alerts_evaluation" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}::text FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def test_the_facts_are_about_every_row_there_is(world, administrator):
    for table in WORDS:
        counted = administrator.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

        assert counted == len({each.id for each in world.facts if each.table == table}), table


def test_each_session_sees_exactly_the_rows_that_the_words_of_its_role_say(world, say):
    wrong, tried = [], 0
    for who, token in looking(world):
        with acting_as(token):
            shown = {table: seen(table) for table in WORDS}
        for fact in world.facts:
            tried += 1
            if (fact.id in shown[fact.table]) != may_see(who, fact):
                wrong.append((who.name, fact, fact.id in shown[fact.table]))

    say(f"rows tried {tried}, leaks {sum(is_seen for *_, is_seen in wrong)}")
    assert [_said(*each) for each in wrong] == []


def _said(name, fact, is_seen):
    person = fact.body.person.family_name if fact.body else ""
    verb = "sees" if is_seen else "misses"
    return f"{name} {verb} {fact.table} of {person} ({fact.purpose} {fact.owner})"
