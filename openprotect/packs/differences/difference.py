"""One difference, and how a change from one value to another is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Difference:
    """One thing that is different: in which part of the pack, in words.

    A grave one could let a call for help go unheard; whoever signs must write the reason.
    `language` is the one whose words are different; empty for what is so in all.
    """

    part: str
    words: str
    is_grave: bool = False
    language: str = ""

    def __str__(self) -> str:
        return f"{self.part}: {'! ' if self.is_grave else ''}{self.words}"


def from_to(old: object, new: object) -> str:
    return f"from {told(old)} to {told(new)}"


def told(value: object) -> str:
    """A value as a reader would say it; words stand in quotes."""
    if value is None or value == "" or value == ():
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list, frozenset)):
        return ", ".join(map(str, value))
    if isinstance(value, str) and " " in value:
        return '"' + " / ".join(value.splitlines()) + '"'
    return str(value)


def added(old: Mapping[Key, Any], new: Mapping[Key, Any]) -> list[Key]:
    return [key for key in new if key not in old]


def shared(old: Mapping[Key, Any], new: Mapping[Key, Any]) -> list[Key]:
    return [key for key in old if key in new]
