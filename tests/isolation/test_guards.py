"""Each guard in Python is taken away in turn, and nothing leaks: the second wall holds."""

from contextlib import ExitStack

import pytest
from django.db import transaction

from tests.isolation.guards import for_everybody, guards, marked, replaced, without
from tests.isolation.visiting import Visits, is_theirs, ours, seen_by, spread, things
from tests.sizes import size

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ONE_EACH = (
    "caller one",
    "practice PRA",
    "practice after the end",
    "locality LOC",
    "surveillance after the end",
    "partner COU",
    "lead",
    "clinical lead",
    "governance",
)


def leaks(visits, address, who, turn, most):
    """Whoever sings on a page although the words of the role do not show them."""
    world = visits.world
    others = [fact for fact in things(world, address) if not is_theirs(who, fact)]
    seen = seen_by(world, who)
    for fact in spread(others, most, turn):
        for method in ("get", "post"):
            heard = visits(who, address.filled(world, fact.id), method).heard - seen
            yield from (f"{method} {address} as {who.name}: {name}" for name in heard)


def leaks_of_list(visits, address, who):
    heard = visits(who, address.filled(visits.world)).heard - seen_by(visits.world, who)
    yield from (f"{address} as {who.name}: {name}" for name in heard)


def leaks_anywhere(visits, turn, *, pages=None, most=1):
    """Every page by every role that it is for."""
    everybody = [*(visits.world.staff[name] for name in ONE_EACH), visits.world.answering]
    for number, address in enumerate(ours() if pages is None else pages):
        for who in everybody:
            may = who.role in address.roles or (address.is_by_link and who.role == "PERSON")
            if may and address.about:
                yield from leaks(visits, address, who, turn + number, most)
            elif may:
                yield from leaks_of_list(visits, address, who)


def test_there_are_guards_to_take_away():
    names = {f"{each.__module__.split('.')[1]}.{each.__name__}" for each in guards()}

    assert {
        "alerts.visible_to",
        "calls.visible_to",
        "checkins.for_answering",
        "enrolments.visible_to",
        "people.practices_in_reach",
        "people.visible_to",
    } <= names


def asking(visits):
    """By guard, the pages that ask it: without it, no other page could answer differently."""
    pages, asked = {guard: [] for guard in guards()}, set()
    with ExitStack() as heard:
        for guard in pages:
            heard.enter_context(replaced(guard, _noting(guard, asked)))
        for address in ours():
            asked.clear()
            assert list(leaks_anywhere(visits, 0, pages=[address])) == []
            for guard in asked:
                pages[guard].append(address)
    return pages


def _noting(guard, asked):
    def noting(*given, **named):
        asked.add(guard)
        return guard(*given, **named)

    return noting


def test_nothing_leaks_when_a_guard_is_taken_away(world, say):
    visits, found = Visits(world), []
    pages = asking(visits)
    for turn, (guard, those) in enumerate(pages.items(), 1):
        with without(guard):
            found += leaks_anywhere(visits, turn, pages=those)

    say(f"guards removed {len(pages)}, pages visited {visits.made}, leaks {len(found)}")
    assert found == []
    assert sum(map(bool, pages.values())) > len(pages) / 2, "guards that no page asks"


def test_nothing_leaks_when_all_guards_are_taken_away_at_once(world):
    with ExitStack() as taken:
        for guard in guards():
            taken.enter_context(without(guard))
        for address in marked():
            taken.enter_context(for_everybody(address.page))

        assert list(leaks_anywhere(Visits(world), 0, most=size(1, 2))) == []


def test_nothing_leaks_when_a_page_forgets_for_whom_it_is(world, say):
    visits, found = Visits(world), []
    for turn, address in enumerate(marked()):
        with for_everybody(address.page):
            found += list(leaks_anywhere(visits, turn, pages=[address]))

    say(f"marks removed {len(marked())}, pages visited {visits.made}, leaks {len(found)}")
    assert found == []


def test_a_leak_would_be_heard(world, owner):
    """With the second wall gone as well, the first page sings."""
    visits = Visits(world)
    tables = ("people_person", "enrolments_enrolment", "alerts_alert", "calls_call")
    for table in tables:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        (practices,) = (each for each in guards() if each.__name__ == "practices_in_reach")
        with without(practices), transaction.atomic():
            found = next(leaks_anywhere(visits, 0), None)
            transaction.set_rollback(True)
    finally:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")

    assert found
