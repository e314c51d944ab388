"""The start page of the demonstration: a visitor may be anybody who works there."""

from openprotect.accounts.rules import Role
from openprotect.cli.demonstration import seeding
from openprotect.web.demo.pages import PARTS


def test_every_role_of_the_cast_can_be_tried_by_a_visitor(monkeypatch):
    place = object()
    monkeypatch.setattr(seeding.places, "the_system", lambda on: place)
    monkeypatch.setattr(seeding.places, "locality_of", lambda practice, on: place)
    monkeypatch.setattr(seeding.places, "team_for", lambda kind, practice, on: None)
    monkeypatch.setattr(seeding, "busiest_practice", lambda: place)
    cast = {each.login: each for each in seeding._cast(at=seeding.datetime(2026, 3, 1))}

    offered = {each.login: each.name for each in PARTS}

    assert {login: cast[login].name for login in offered} == offered
    assert {cast[login].role for login in offered} == {each.role for each in cast.values()}
    assert Role.SUPERVISOR in {cast[login].role for login in offered}
