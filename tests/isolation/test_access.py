"""Whoever is shown was noted as seen, in the same breath; what cannot be noted is not shown."""

import pytest
from django.db import connection, transaction

from openprotect.accounts.actions import acting_as
from openprotect.accounts.rules import Role
from openprotect.governance.actions import record_access
from tests.isolation.guards import replaced
from tests.isolation.visiting import Visits, is_theirs, ours, spread, things

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def visited(visits, most=2):
    """Every page that may show somebody, by each role that it is for; who, where and the answer."""
    world = visits.world
    for address in ours():
        for who in world.staff.values():
            if who.role not in address.roles:
                continue
            theirs = [fact for fact in things(world, address) if is_theirs(who, fact)]
            for fact in spread(theirs, most) if address.about else [None]:
                path = address.filled(world, fact.id if fact else "")
                yield who, path, visits(who, path), fact


@pytest.fixture(scope="module")
def tour(world, django_db_blocker):
    """All of those visits, undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = list(visited(Visits(world)))
        transaction.set_rollback(True)
    return found


def test_who_is_shown_is_who_is_noted(world, tour, say):
    wrong, shown, beside = [], 0, 0
    names = {body.person.pk: body.name for body in world.people.values()}
    for who, path, answer, fact in tour:
        what = f"{path} as {who.name}"
        noted = {names[each] for each in answer.noted}
        named = {fact.body.name} if fact and fact.body else set()
        shown += len(answer.heard)
        # A clinical lead is shown evidence without a name: noted, and never to be heard.
        beside += 0 if "clinical lead" in who.name else len(noted - answer.heard - named)
        wrong += [(what, sorted(answer.heard - noted))] if answer.heard - noted else []

    say(f"people shown {shown}, without a note {len(wrong)}, noted and not shown {beside}")
    assert wrong == []
    assert shown > 100
    assert beside < shown / 20


def test_a_page_that_forgets_to_note_is_noticed(world):
    visits = Visits(world)

    with replaced(record_access, lambda *_, **__: None):
        assert any(each.heard and not each.noted for _, _, each, _ in visited(visits, most=1))


@pytest.fixture
def no_notes(owner):
    """The access log takes nothing: full, locked or forbidden, it is the same to a page."""
    owner.execute("REVOKE INSERT ON governance_access FROM openprotect_app")
    yield
    owner.execute("GRANT INSERT ON governance_access TO openprotect_app")


def test_what_cannot_be_noted_is_not_shown(world, tour, no_notes, say):
    """Each page again that has just shown somebody."""
    visits = Visits(world)
    showing = [(who, path) for who, path, answer, _ in tour if answer.heard]

    open_ones = [f"{path} as {who.name}" for who, path in showing if visits(who, path).heard]

    say(f"pages visited without an access log {visits.made}, fail-open {len(open_ones)}")
    assert open_ones == []
    assert visits.made > 100


def test_a_note_cannot_be_made_in_the_name_of_another(world):
    """Who, in which role and on which basis is the database's to write, whatever is sent."""
    nurse, other = world.staff["practice PRA"], world.staff["surveillance"]
    visits = Visits(world)

    with acting_as(visits.tokens[nurse.name]), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO governance_access (person_id, what, why, user_id, role, purpose, at, leaf)"
            " VALUES (%s, 'x', 'x', %s, 'SURVEILLANCE', 'other', '2020-01-01', 'x')"
            " RETURNING user_id, role, purpose, at > '2026-01-01'",
            [world.people["PRA", "active"].person.pk, other.user.pk],
        )
        assert cursor.fetchone() == (nurse.user.pk, Role.PRACTICE, nurse.purpose, True)
