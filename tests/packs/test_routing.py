"""Every concern has a team and two due times."""

from datetime import timedelta

import pytest

from tests.packs.given import changed, said, shipped

PHARMACY = '[medication.today]\nfunction = "pharmacy"'


def test_a_concern_goes_to_its_team_within_its_times():
    route = shipped().routing.route("clinical", "now")

    assert (route.function, route.fallback) == ("surveillance", "surveillance")
    assert route.accept_within == timedelta(minutes=30)
    assert route.resolve_within == timedelta(hours=4)
    assert not route.is_backstop


def test_a_concern_nobody_planned_for_goes_to_surveillance_loudly():
    route = shipped().routing.route("spiritual", "now")

    assert route.function == "surveillance"
    assert route.is_backstop


def test_every_rule_of_the_table_has_a_route():
    pack = shipped()

    assert not any(pack.routing.route(r.kind, r.urgency).is_backstop for r in pack.triage.rules)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[medication.today]", "[medication.later]", "'later' is not known here"),
        ("[medication.today]", "[medicine.today]", "Did you mean 'medication'?"),
        (PHARMACY, '[medication.today]\nfunction = "chemist"', "'chemist' is not known here"),
        ('"30 minutes"', '"30 min"', "must be a length of time"),
        ('"30 minutes"', '"9 hours"', "is shorter than accept_within"),
        ('"30 minutes"', "30", "must be words in quotes"),
        ("[medication.today]", "[medication.today", "routing.toml:"),
        ("fallback =", "fall_back =", "'fall_back' is not known here. Did you mean 'fallback'?"),
    ],
)
def test_a_faulty_route_is_refused_in_words(old, new, words):
    assert any(words in line for line in said(changed("routing.toml", old, new)))


@pytest.mark.parametrize("pair", ["medication.today", "data.now", "data.today", "welfare.today"])
def test_a_missing_route_refuses_the_pack(pair):
    kind = pair.split(".")[0]
    other = "[x.y]" if kind == "medication" else f"[{kind}.week]"
    files = changed("routing.toml", f"[{pair}]", other)

    assert any(f"{pair}: no team is named" in line for line in said(files))


def test_a_fault_names_its_line():
    files = changed("routing.toml", '"30 minutes"', '"soon"')
    line = files["routing.toml"].decode().splitlines().index('accept_within = "soon"') + 1

    assert any(f"routing.toml:{line}:1:clinical.now.accept_within:" in each for each in said(files))
