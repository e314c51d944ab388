"""Answers as they change: kept by place, and dropped with what is no longer shown."""

from collections.abc import Iterator, Mapping, Sequence

from openprotect.forms.computing import NOTHING_KNOWN, Known, settled
from openprotect.forms.form import Form, repeats_around
from openprotect.forms.places import Place, place_of
from openprotect.forms.state import State, Stored
from openprotect.forms.values import NotUnderstood, Value

Answers = dict[str, object]


def pruned(form: Form, answers: Stored, known: Known = NOTHING_KNOWN) -> Answers:
    """Only the answers to what is still shown, in the order of the form."""
    return kept_of(settled(form, answers, known), answers)


def kept_of(state: State, answers: Stored) -> Answers:
    """What of the answers belongs to something shown; the number of turns of a group with it."""
    found: Answers = {}
    for shown in state.everything():
        place = shown.place
        if shown.item.kind == "group" and shown.item.is_repeated:
            place = Place(place.link_id, place.turns[:-1])
        key = str(place)
        if answers.get(key) is not None and shown.item.kind != "display":
            found[key] = answers[key]
    return found


def put(form: Form, answers: Stored, place: Place, values: Sequence[Value]) -> Answers:
    """The answers with those to one question in place of what it held.

    What stands beneath an answer that is gone goes with it; beneath one that stays, it stays, even
    when the answer has another number now.
    """
    item = form.item(place.link_id)
    if item is None:
        return dict(answers)
    after = dict(answers)
    if repeats_around(item):
        before = _understood(form, answers, place)
        moved = {before.index(value) + 1: turn for turn, value in _numbered(values, before)}
        after = dict(_moved(form, answers, place, moved))
    if values:
        kept = [item.kept(value) for value in values]
        after[str(place)] = kept if item.is_repeated else kept[0]
    else:
        after.pop(str(place), None)
    return after


def with_turns(form: Form, answers: Stored, group: Place, number: int) -> Answers:
    """The answers with so many turns of a repeating group; those of later turns are dropped."""
    staying = {turn: turn for turn in range(1, number + 1)}
    return {**dict(_moved(form, answers, group, staying)), str(group): number}


def without_turn(form: Form, answers: Stored, group: Place, turn: int) -> Answers:
    """The answers without one turn of a repeating group; later ones move up."""
    stored = answers.get(str(group))
    number = stored if isinstance(stored, int) else 1
    staying = [each for each in range(1, number + 1) if each != turn]
    moved = {before: after for after, before in enumerate(staying, start=1)}
    return {**dict(_moved(form, answers, group, moved)), str(group): max(1, number - 1)}


def _numbered(values: Sequence[Value], before: Sequence[Value]) -> Iterator[tuple[int, Value]]:
    return ((turn, value) for turn, value in enumerate(values, start=1) if value in before)


def _understood(form: Form, answers: Stored, place: Place) -> tuple[Value, ...]:
    item = form.item(place.link_id)
    try:
        return item.all_understood(answers.get(str(place))) if item else ()
    except NotUnderstood:
        return ()


def _moved(
    form: Form, answers: Stored, place: Place, moved: Mapping[int, int]
) -> Iterator[tuple[str, object]]:
    """Every answer, those beneath a place under the number their turn has now, or not at all."""
    beneath = _beneath(form, place.link_id)
    level = len(place.turns)
    for key, value in answers.items():
        found = _place(form, key, beneath)
        if found is None or found.turns[:level] != place.turns:
            yield key, value
        elif (turn := moved.get(found.turns[level])) is not None:
            yield str(Place(found.link_id, (*place.turns, turn, *found.turns[level + 1 :]))), value


def _beneath(form: Form, link_id: str) -> frozenset[str]:
    return frozenset(each.link_id for each in form.everything if link_id in each.groups)


def _place(form: Form, key: str, beneath: frozenset[str]) -> Place | None:
    """The place of a key, if its item is one of these."""
    link_id = key if key in beneath else key.rpartition("@")[0]
    return place_of(key, depth=form.depth(link_id)) if link_id in beneath else None
