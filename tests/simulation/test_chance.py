"""Chance that comes the same twice, and differs for another seed."""

import uuid

from openprotect.simulation.chance import Dice, seeded_ids


def test_the_same_seed_draws_the_same_about_the_same():
    assert [Dice(1).chance("a", n) for n in range(9)] == [Dice(1).chance("a", n) for n in range(9)]


def test_another_seed_and_another_subject_draw_otherwise():
    drawn = {Dice(seed).chance(about, 7) for seed in (1, 2) for about in ("a", "b")}

    assert len(drawn) == 4


def test_as_many_draws_fall_below_a_share_as_it_says():
    dice = Dice(3)

    hits = sum(dice.happens(0.21, "unreachable", number) for number in range(20_000))

    assert 0.20 < hits / 20_000 < 0.22


def test_every_thing_is_chosen_sooner_or_later():
    assert {Dice(1).one_of("abc", number) for number in range(100)} == set("abc")


def test_ids_follow_from_the_seed_only_meanwhile():
    with seeded_ids(1):
        first = [uuid.uuid4() for _ in range(3)]
    with seeded_ids(1):
        again = [uuid.uuid4() for _ in range(3)]
    after = uuid.uuid4()

    assert first == again
    assert len({*first, after}) == 4
    assert all(each.version == 4 for each in first)
