"""Where an answer stands: which item, and in which turn of what repeats around it."""

from typing import NamedTuple


class Place(NamedTuple):
    """A linkId with the turns, counted from 1, of the repeating groups and answers around it.

    Its text, `medicine@2.1`, is the key under which an answer is kept and the name of its page;
    where nothing repeats, it is the linkId alone.
    """

    link_id: str
    turns: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.turns:
            return self.link_id
        return f"{self.link_id}@{'.'.join(map(str, self.turns))}"

    def in_turn(self, number: int) -> "Place":
        return Place(self.link_id, (*self.turns, number))


def place_of(key: str, *, depth: int) -> Place | None:
    """The place that a key names, for an item with so many repeating things around it."""
    if depth == 0:
        return Place(key)
    link_id, _, turns = key.rpartition("@")
    numbers = turns.split(".")
    if len(numbers) != depth or not all(each.isdecimal() and len(each) < 6 for each in numbers):
        return None
    return Place(link_id, tuple(map(int, numbers)))
