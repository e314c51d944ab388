"""Every address by every role: one's own is there, anybody else's is not, and says nothing."""

from types import SimpleNamespace

import pytest
from django.urls import path

from openprotect.accounts.rules import Role
from openprotect.web.access import is_said
from tests.isolation.urls import ABOUT, UnknownParameter, addresses
from tests.isolation.visiting import Visits, is_theirs, ours, seen_by, spread, things
from tests.sizes import size

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OPEN = {
    "/",
    "/api/v1/openapi.json",
    "/c",
    "/c/",
    "/c/<path:token>",
    "/code",
    "/demo/",
    "/demo/be/<slug:login>",
    "/demo/clock",
    "/demo/outbox",
    "/health",
    "/inbound/receipts",
    "/inbound/texts",
    "/real",
    "/sign-in",
    "/task/<str:token>/",
    "/task/<str:token>/code/",
}
NOT_THERE = {404, 405}


def test_every_page_says_for_whom_it_is():
    assert [str(each) for each in addresses() if not is_said(each.page)] == []


def test_the_open_pages_are_exactly_these():
    assert {str(each) for each in ours() if each.is_open} == OPEN


def test_every_parameter_of_an_address_is_known():
    assert {each.about for each in addresses()} <= {"", *ABOUT}


def test_an_unknown_parameter_is_noticed():
    (new,) = addresses([path("visits/<uuid:visit_id>/", SimpleNamespace, name="visit")])

    with pytest.raises(UnknownParameter, match="visit_id"):
        _ = new.about


def test_what_is_somebody_elses_is_not_there(world, say):
    visits, faults = Visits(world), []
    for turn, address in enumerate(each for each in ours() if each.about):
        for who in world.staff.values():
            if Role(who.role) in address.roles:
                faults += strangers(world, visits, address, who, turn)

    say(f"addresses about somebody else's tried {visits.made}, leaks {len(faults)}")
    assert faults == []


def strangers(world, visits, address, who, turn):
    others = [fact for fact in things(world, address) if not is_theirs(who, fact)]
    for fact in spread(others, size(2, 4), turn):
        for method in ("get", "post"):
            answer = visits(who, address.filled(world, fact.id), method)
            if answer.status not in NOT_THERE or answer.heard:
                whose = fact.body.name if fact.body else fact.table
                yield f"{method} {address} of {whose} as {who.name}: {answer.status}"


# No locality's team holds an alert in the world, so it can ask nobody else to help.
NOT_HELD = ["/referrals/for/<uuid:alert_id>/ as LOCALITY"]


def test_what_is_ones_own_is_there(world):
    visits, missing = Visits(world), []
    for address in (each for each in ours() if each.about):
        for role in address.roles:
            theirs = [
                (who, fact)
                for who in world.staff.values()
                for fact in things(world, address)
                if who.role == role and is_theirs(who, fact)
            ]
            found = (
                visits(who, address.filled(world, fact.id), method).status not in NOT_THERE
                for who, fact in spread(theirs, 40)
                for method in ("get", "post")
            )
            missing += [] if any(found) else [f"{address} as {role}"]

    assert missing == NOT_HELD


def test_no_page_opens_for_another_role_or_for_nobody(world, say):
    """One of each role, in turn, and nobody at all."""
    visits, faults = Visits(world), []
    nobody = SimpleNamespace(name="nobody", role="")
    alike = [[w for w in world.staff.values() if w.role == role] for role in Role]
    for turn, address in enumerate(each for each in ours() if not each.is_open):
        fact = things(world, address)[0] if address.about else None
        where = address.filled(world, fact.id if fact else "")
        for who in [*(each[turn % len(each)] for each in alike if each), nobody]:
            if who.role in address.roles:
                continue
            answer = visits(who, where)
            closed = answer.status in {302, 401, 403, 404, 405} or address.is_by_link
            if answer.heard or answer.noted or not closed:
                faults.append(f"{address} as {who.name}: {answer.status}")

    say(f"pages tried in another role {visits.made}, opened {len(faults)}")
    assert faults == []


def test_a_list_shows_nobody_who_may_not_be_seen(world, say):
    """To those whom it is for; that it shows nothing to others, the test above has seen."""
    visits, faults = Visits(world), []
    for address in (each for each in ours() if not each.about):
        for who in [*world.staff.values(), world.answering]:
            if who is world.answering or address.is_open or who.role in address.roles:
                heard = visits(who, address.filled(world)).heard - seen_by(world, who)
                faults += [f"{address} as {who.name}: {name}" for name in heard]

    say(f"lists tried {visits.made}, leaks {len(faults)}")
    assert faults == []
