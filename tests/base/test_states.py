"""Legal moves, of every noun that has states."""

from itertools import product

import pytest
from django.apps import apps

from openprotect.base.refusals import Refused
from openprotect.base.states import IllegalMove, Moves

MOVING = sorted(
    (model for model in apps.get_models() if hasattr(model, "MOVES")),
    key=lambda each: each.__name__,
)


def states_of(model):
    """Every state that the database may hold; a row that nobody has settled has none."""
    return model.Status.values if hasattr(model, "Status") else ["", *model.Settled.values]


# Others move by one action alone, which checks the table itself: tests/records try those.
PAIRS = [
    pytest.param(model, start, end, id=f"{model.__name__}: {start} to {end}")
    for model in MOVING
    if hasattr(model, "move_to")
    for start, end in product(model.Status.values, repeat=2)
]


def test_a_move_that_is_allowed_passes():
    Moves({"DUE": {"OPEN"}}).check("DUE", "OPEN")


def test_a_move_that_is_not_allowed_is_refused_in_words():
    with pytest.raises(IllegalMove, match="already open"):
        Moves({"DUE": {"OPEN"}}).check("OPEN", "DUE")


def test_an_illegal_move_is_shown_to_the_reader_and_not_a_fault():
    assert issubclass(IllegalMove, Refused)


def test_every_move_can_be_listed_for_the_drawing():
    assert list(Moves({"A": {"C", "B"}})) == [("A", "B"), ("A", "C")]


def test_nouns_with_states_are_known():
    assert [model.__name__ for model in MOVING] == [
        "Alert", "Call", "Changeset", "ChangesetProblem", "Checkin", "Claim", "Document", "Draft",
        "Enrolment", "Loan", "Message", "Notice", "Programme", "Proposal", "Referral", "Unreached",
    ]  # fmt: skip


@pytest.mark.parametrize(("model", "start", "end"), PAIRS)
def test_a_noun_moves_only_where_its_table_says(model, start, end):
    noun = model(status=start)

    if model.MOVES.allows(start, end):
        noun.move_to(end)
    else:
        with pytest.raises(IllegalMove):
            noun.move_to(end)

    assert noun.status == (end if model.MOVES.allows(start, end) else start)


@pytest.mark.parametrize("model", MOVING, ids=lambda each: each.__name__)
def test_moves_lead_only_to_states_that_exist(model):
    named = {state for move in model.MOVES for state in move}

    assert named <= set(states_of(model))
